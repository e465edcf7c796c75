// The delivery's worker as the application's thread sees it: started when there is work, started anew when it breaks, and never a
// reason for the process to live on.
import { Worker } from 'node:worker_threads'
import { reasonOf, tell } from '../tell.ts'
import { workerWrites, type SpoolLock } from './spool-lock.ts'
import type { FromWorker, ToWorker, WorkerStart } from './worker-shapes.ts'

export interface DeliveryWorker {
  start(): void
  /** As the worker told it last. */
  state(): FromWorker
  /** Starts it, too. */
  post(message: ToWorker): void
  /** Resolves when that is so, at the latest at the deadline (`performance.now()`); keeps the process alive meanwhile. */
  until(condition: (state: FromWorker) => boolean, deadline?: number): Promise<void>
  /** Gives whether all is sent. */
  close(): Promise<boolean>
}

export interface DeliveryWorkerOptions {
  data: WorkerStart
  lock: SpoolLock
  /** The worker has told something. */
  onNews(): void
  /** A new worker in place of one that broke. */
  onRestart(): void
}

const restartMs = 1000
const mostRestarts = 20
const askMs = 20
/** In a bundle the worker lies beside it. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './delivery-worker.ts' : './delivery-worker.js',
  import.meta.url,
)
const youngGenerationMb = 2
const closeTimeoutMs = 2000

export function openWorker({ data, lock, onNews, onRestart }: DeliveryWorkerOptions): DeliveryWorker {
  let worker: Worker | undefined
  let state: FromWorker = { done: 0, isEmpty: true, isWell: true, isClosed: false }
  let isClosing = false
  let waits = 0
  let restarts = 0

  function start(): void {
    if (worker || isClosing) return
    state = { ...state, isEmpty: false }
    const { NODE_OPTIONS: _ofTheApplication, ...env } = process.env
    try {
      worker = new Worker(workerUrl, {
        workerData: data,
        // Preloads of the application are not for the worker.
        execArgv: [],
        env,
        resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
      })
    } catch (error) {
      isClosing = true
      state = { ...state, isWell: false }
      tell(
        'delivery worker',
        `No thread can be started for the way to the hub (${reasonOf(error)}); what is logged waits in the spool`,
      )
      return
    }
    const started = worker
    started.on('message', (news: FromWorker) => {
      state = news
      onNews()
    })
    started.on('error', (error) =>
      tell(
        'delivery worker',
        `The worker that sends records to the hub broke (${reasonOf(error)}) and is started again; a bundle needs ${workerUrl.pathname.split('/').at(-1)} beside it`,
      ),
    )
    started.on('exit', () => {
      if (worker !== started) return
      worker = undefined
      if (lock.holder() === workerWrites) lock.free()
      if (isClosing || restarts++ >= mostRestarts) return
      setTimeout(() => {
        start()
        onRestart()
      }, restartMs).unref()
    })
    // Last, because to listen for messages is to stay for them.
    if (waits === 0) started.unref()
  }

  async function until(condition: (state: FromWorker) => boolean, deadline = Infinity): Promise<void> {
    waits++
    worker?.ref()
    try {
      // A worker that breaks tells nothing: its state is asked for, too.
      while (!condition(state) && performance.now() < deadline && (worker || restarts < mostRestarts))
        await new Promise((resolve) => setTimeout(resolve, askMs))
    } finally {
      if (--waits === 0) worker?.unref()
    }
  }

  return {
    start,
    state: () => state,
    post(message) {
      start()
      state = { ...state, isEmpty: false }
      worker?.postMessage(message)
    },
    until,
    async close() {
      if (!worker) return true
      isClosing = true
      worker.postMessage('close' satisfies ToWorker)
      await until(({ isClosed }) => isClosed || !worker, performance.now() + closeTimeoutMs)
      await worker?.terminate()
      return state.isClosed && state.isEmpty
    },
  }
}
