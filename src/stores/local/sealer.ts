// Has background tasks done one after the other by a worker that comes on demand and goes when there was nothing for a while.
import type { Worker } from 'node:worker_threads'
import { startWorker } from '../../wire/start-worker.ts'
import { LogboomError } from '../../errors.ts'
import type { RetentionReport } from '../../retention.ts'
import type { BackgroundTask } from './background-task.ts'
import type { TaskAnswer } from './seal-worker.ts'

const idleMs = 10_000

export interface Sealer {
  /**
   * One at a time. Rejects when it could not be done; files are as they were, or as it would have left them. The signal
   * ends it at once, which changes no more than a crash would.
   */
  run(task: BackgroundTask, signal?: AbortSignal): Promise<RetentionReport | undefined>
  close(): Promise<void>
}

export function openSealer(): Sealer {
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let answered = (_answer: TaskAnswer): void => undefined
  let stopped: Promise<unknown> = Promise.resolve()

  function start(): Worker {
    const started = startWorker(import.meta.url, './seal-worker', undefined)
    const gone = (reason: string): void => {
      // One that was sent away has nothing to say about the work of the next.
      if (worker !== started) return
      worker = undefined
      answered({ error: { message: reason } })
    }
    started.on('message', (answer: TaskAnswer) => answered(answer))
    started.on('error', (error: unknown) => gone((error as Error).message))
    started.on('exit', (code) => gone(`the seal worker ended with exit code ${code}`))
    return started
  }

  async function close(): Promise<void> {
    clearTimeout(idle)
    const old = worker
    worker = undefined
    if (old) stopped = old.terminate()
    await stopped
  }

  return {
    async run(task, signal) {
      clearTimeout(idle)
      signal?.throwIfAborted()
      const asked = (worker ??= start())
      const answer = new Promise<TaskAnswer>((resolve) => (answered = resolve))
      // Only when it is certain to do nothing more.
      const stop = (): void => void close().then(() => answered({ error: { message: 'it was given up' } }))
      signal?.addEventListener('abort', stop, { once: true })
      asked.ref()
      asked.postMessage(task)
      const { error, report } = await answer
      signal?.removeEventListener('abort', stop)
      // A worker that waits for work must not keep the process.
      asked.unref()
      idle = setTimeout(() => void close(), idleMs)
      idle.unref()
      if (error) throw error.code ? new LogboomError(error.code, error.message) : new Error(error.message)
      return report
    },
    close,
  }
}
