// Has background tasks done one after the other by a worker that comes on demand and goes when there was nothing for a while.
import type { Worker } from 'node:worker_threads'
import type { RetentionReport } from '../../../contracts/retention.ts'
import { openCaller, type Caller } from '../../../threads/open-caller.ts'
import { startWorker } from '../../../threads/start-worker.ts'
import type { HouseCalls, HouseTask } from './house-calls.ts'

const idleMs = 10_000

export interface Housekeeper {
  /**
   * Runs one task at a time. Rejects when it could not be done; files are as they were, or as it would have left them. The signal
   * ends it at once, which changes no more than a crash would.
   */
  run(task: HouseTask, signal?: AbortSignal): Promise<RetentionReport | undefined>
  close(): Promise<void>
}

interface HouseThread extends Caller<HouseCalls> {
  worker: Worker
}

export function openHousekeeper(): Housekeeper {
  let thread: HouseThread | undefined
  let idle: NodeJS.Timeout | undefined
  let stopped: Promise<unknown> = Promise.resolve()

  function start(): HouseThread {
    const worker = startWorker(import.meta.url, './house-worker', undefined)
    const caller = openCaller<HouseCalls>(worker, {
      ended: () => {
        if (thread?.worker === worker) thread = undefined
      },
    })
    return { ...caller, worker }
  }

  async function close(): Promise<void> {
    clearTimeout(idle)
    const old = thread
    thread = undefined
    if (old) stopped = old.worker.terminate()
    await stopped
  }

  return {
    async run(task, signal) {
      clearTimeout(idle)
      signal?.throwIfAborted()
      const { worker, calls } = (thread ??= start())
      // The call rejects once the worker has ended, which is when it is certain to do nothing more.
      const stop = (): void => void close()
      signal?.addEventListener('abort', stop, { once: true })
      worker.ref()
      try {
        return await calls.run(task)
      } finally {
        signal?.removeEventListener('abort', stop)
        // A worker that waits for work must not keep the process.
        worker.unref()
        idle = setTimeout(() => void close(), idleMs)
        idle.unref()
      }
    },
    close,
  }
}
