// Searches and summaries on the main thread's side: asked of a search worker where the store can be read beside its
// writer, else of the storage worker.
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import type { RecordBatch } from '../contracts/batch.ts'
import type { SearchRequest, Summary, SummaryRequest } from '../contracts/request.ts'
import type { SearchPage } from '../contracts/store.ts'
import type { StoreInfo } from '../contracts/store-info.ts'
import { decodeBatch } from '../wire/batch-codec.ts'
import { framePayload } from '../wire/frame.ts'
import { startWorker } from '../threads/start-worker.ts'
import type { Remote } from '../threads/calls.ts'
import { openCaller } from '../threads/open-caller.ts'
import type { SearchService } from './search-service.ts'
import type { SearchWorkerData } from './storage-calls.ts'
import type { WarnMessage } from './worker-news.ts'

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
  /** The storage worker's own searches, for stores that only their writer can read. */
  storage: Remote<SearchService>
  warn(message: string): void
  /** Told how many bytes pages had, once they are done with. */
  spent(bytes: number): void
}

export function openSearcher({ store, readable, stateDirectory, storage, warn, spent }: SearcherOptions): Searcher {
  let worker: { calls: Remote<SearchService>; thread: Worker } | undefined
  let idle: NodeJS.Timeout | undefined
  let running = 0
  let last = 0

  function begin(): Remote<SearchService> {
    clearTimeout(idle)
    running++
    if (!readable) return storage
    worker ??= startSearchWorker()
    return worker.calls
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

  function startSearchWorker(): { calls: Remote<SearchService>; thread: Worker } {
    const workerData: SearchWorkerData = { store, directory: join(stateDirectory, 'store') }
    const thread = startWorker(import.meta.url, './search-worker', workerData)
    const { calls } = openCaller<SearchService>(thread, {
      news: (message) => warn((message as WarnMessage).warn),
      ended(error) {
        if (worker?.thread !== thread) return
        warn(`Searching stopped: ${error.message}`)
        worker = undefined
      },
    })
    thread.unref()
    return { calls, thread }
  }

  /** Answers of the worker, piece by piece; the search is left when its reader leaves, or says so. */
  async function* walk<Piece>(
    next: (calls: Remote<SearchService>, number: number) => Promise<Piece | undefined>,
    signal?: AbortSignal,
  ): AsyncGenerator<Piece> {
    signal?.throwIfAborted()
    const number = ++last
    const calls = begin()
    let open = true
    const leave = (): void => void calls.leave(number).catch(() => undefined)
    signal?.addEventListener('abort', leave, { once: true })
    try {
      for (;;) {
        const piece = await next(calls, number)
        if (piece === undefined) {
          open = false
          return
        }
        yield piece
        signal?.throwIfAborted()
      }
    } catch (error) {
      // Errors of a search that was left.
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
      const pages = walk((calls, number) => calls.nextPage(number, request), signal)
      for await (const { frames, cursor } of pages) {
        const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
        yield { cursor, batches: frames.map((frame): RecordBatch => decodeBatch(framePayload(frame))) }
        spent(bytes)
      }
    },
    summarize: (request, signal) => walk((calls, number) => calls.nextSummary(number, request), signal),
    async info() {
      const calls = begin()
      try {
        return await calls.info()
      } finally {
        end()
      }
    },
    close: stop,
  }
}
