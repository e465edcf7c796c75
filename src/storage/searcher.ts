// Searches and summaries on the main thread's side: asked of a search worker where the store can be read beside its
// writer, else of the storage worker.
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import type { RecordBatch } from '../batch.ts'
import type { SearchRequest, Summary, SummaryRequest } from '../query/request.ts'
import type { SearchPage } from '../store.ts'
import type { StoreInfo } from '../store-info.ts'
import { decodeBatch } from '../wire/batch-codec.ts'
import { framePayload } from '../wire/frame.ts'
import { startWorker } from '../wire/start-worker.ts'
import { openCaller, type Caller } from './caller.ts'
import type { WarnMessage } from './messages.ts'
import type { PageMessage } from './search-service.ts'
import type { SearchWorkerData } from './search-worker.ts'

/** A worker takes a quarter of a second to start, and is slow at first; people look, think, and ask again. */
const idleMs = 300_000

export interface Searcher {
  search(request: SearchRequest, signal?: AbortSignal): AsyncIterable<SearchPage>
  summarize(request: SummaryRequest, signal?: AbortSignal): AsyncIterable<Summary>
  info(): Promise<StoreInfo>
  close(): Promise<void>
}

export interface SearcherOptions {
  store: string
  /** From another thread than its writer's. */
  readable: boolean
  stateDirectory: string
  storage: Caller
  warn(message: string): void
  /** Told how many bytes pages had, once they are done with. */
  spent(bytes: number): void
}

export function openSearcher({ store, readable, stateDirectory, storage, warn, spent }: SearcherOptions): Searcher {
  let worker: { caller: Caller; thread: Worker } | undefined
  let idle: NodeJS.Timeout | undefined
  let running = 0
  let last = 0

  function begin(): Caller {
    clearTimeout(idle)
    running++
    if (!readable) return storage
    worker ??= startSearchWorker()
    return worker.caller
  }

  function end(): void {
    if (--running > 0) return
    idle = setTimeout(() => void stop(), idleMs)
    idle.unref()
  }

  async function stop(): Promise<void> {
    const old = worker
    worker = undefined
    clearTimeout(idle)
    await old?.thread.terminate()
  }

  function startSearchWorker(): { caller: Caller; thread: Worker } {
    const workerData: SearchWorkerData = { store, directory: join(stateDirectory, 'store') }
    const thread = startWorker(import.meta.url, './search-worker', workerData)
    const caller = openCaller(thread)
    thread.on('message', (message: unknown) => {
      if (!caller.settle(message)) warn((message as WarnMessage).warn)
    })
    thread.on('error', (error) => {
      warn(`A search failed: ${(error as Error).message}`)
      caller.fail(error)
      if (worker?.thread === thread) worker = undefined
    })
    thread.on('exit', () => caller.fail(new Error('it was stopped')))
    thread.unref()
    return { caller, thread }
  }

  /** What the worker gives piece by piece; it is left when whoever reads here leaves, or says so. */
  async function* walk<Piece>(
    method: 'nextPage' | 'nextSummary',
    request: SearchRequest | SummaryRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<Piece> {
    signal?.throwIfAborted()
    const number = ++last
    const caller = begin()
    let open = true
    const leave = (): void => void caller.call('leave', number).catch(() => undefined)
    signal?.addEventListener('abort', leave, { once: true })
    try {
      for (;;) {
        const piece = await caller.call<Piece | undefined>(method, number, request)
        if (piece === undefined) {
          open = false
          return
        }
        yield piece
        signal?.throwIfAborted()
      }
    } catch (error) {
      // What the worker says of being left.
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', leave)
      if (open) leave()
      end()
    }
  }

  return {
    async *search(request, signal) {
      for await (const { frames, cursor } of walk<PageMessage>('nextPage', request, signal)) {
        const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
        yield { cursor, batches: frames.map((frame): RecordBatch => decodeBatch(framePayload(frame))) }
        spent(bytes)
      }
    },
    summarize: (request, signal) => walk<Summary>('nextSummary', request, signal),
    async info() {
      const caller = begin()
      try {
        return await caller.call<StoreInfo>('info')
      } finally {
        end()
      }
    },
    close: stop,
  }
}
