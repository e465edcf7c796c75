// Has tail files sealed one after the other by a worker that comes on demand and goes when there was nothing for a while.
import type { Worker } from 'node:worker_threads'
import { startWorker } from '../../wire/start-worker.ts'
import type { SealAnswer, SealRequest } from './seal-worker.ts'

const idleMs = 10_000

export interface Sealer {
  /** Rejects when the file could not be sealed; it is still there then. One at a time. */
  seal(request: SealRequest): Promise<void>
  close(): Promise<void>
}

export function openSealer(): Sealer {
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let answered = (_answer: SealAnswer): void => undefined

  function start(): Worker {
    const started = startWorker(import.meta.url, './seal-worker', undefined)
    const gone = (reason: string): void => {
      // One that was sent away has nothing to say about the work of the next.
      if (worker !== started) return
      worker = undefined
      answered({ error: reason })
    }
    started.on('message', (answer: SealAnswer) => answered(answer))
    started.on('error', (error: unknown) => gone((error as Error).message))
    started.on('exit', (code) => gone(`the seal worker ended with exit code ${code}`))
    return started
  }

  async function close(): Promise<void> {
    clearTimeout(idle)
    const old = worker
    worker = undefined
    await old?.terminate()
  }

  return {
    async seal(request) {
      clearTimeout(idle)
      const asked = (worker ??= start())
      const answer = new Promise<SealAnswer>((resolve) => (answered = resolve))
      asked.ref()
      asked.postMessage(request)
      const { error } = await answer
      // A worker that waits for work must not keep the process.
      asked.unref()
      idle = setTimeout(() => void close(), idleMs)
      idle.unref()
      if (error !== undefined) throw new Error(error)
    },
    close,
  }
}
