// Starts the storage worker and speaks for it on the main thread; starts the search worker when somebody searches.
import type { SearchRequest, SummaryRequest } from '../contracts/request.ts'
import type { SearchPage } from '../contracts/store.ts'
import { openServices } from '../text/services.ts'
import { openYoungGarbage } from '../system/young-garbage.ts'
import { startWorker } from '../threads/start-worker.ts'
import { openCaller } from '../threads/open-caller.ts'
import { openSearcher } from './searcher.ts'
import { openSourceStorage } from './source-storage.ts'
import { openNews } from './hear-news.ts'
import type { IngestRequest, Storage } from '../contracts/storage.ts'
import type { StorageCalls, StorageWorkerData, WorkerReady } from './storage-calls.ts'

/** Garbage that viewers make of each byte of a frame: records as objects, their JSON, the bytes of that. */
const garbagePerByte = 8

export interface StorageOptions extends StorageWorkerData {
  warn(message: string): void
  /** The storage worker died: the hub cannot go on. */
  fail(error: Error): void
}

export async function openStorage({ warn, fail, ...data }: StorageOptions): Promise<Storage> {
  const underWay = new Int32Array(new SharedArrayBuffer(4))
  const worker = startWorker(import.meta.url, './storage-worker', { ...data, underWay })
  const news = openNews({ underWay, warn })
  const spent = openYoungGarbage()
  let followers = 0
  let following: Promise<number> | undefined
  let running = false

  const caller = openCaller<StorageCalls, WorkerReady>(worker, {
    news: (message) => spent(news.hear(message) * garbagePerByte),
    ended(error) {
      if (running) fail(new Error(`The storage worker ended: ${error.message}`, { cause: error }))
    },
  })
  const { calls } = caller
  const ready = await caller.ready
  news.ready(ready.head)
  running = true
  const { store, stateDirectory } = data
  const searcher = openSearcher({
    store,
    readable: ready.readable,
    stateDirectory,
    storage: calls,
    warn,
    spent: (bytes) => spent(bytes * garbagePerByte),
  })

  const services = openServices(data.serviceNames)

  /** Records that this thread has not been told of yet do not count. */
  const committed = <Request extends { before?: number }>(request: Request): Request => ({
    ...request,
    before: Math.min(request.before ?? Infinity, news.head() + 1),
    serviceNames: services.names,
  })

  const search = (request: SearchRequest, signal?: AbortSignal): AsyncIterable<SearchPage> =>
    searcher.search(committed(request), signal)

  return {
    head: news.head,
    lastRuns: ready.lastRuns,
    services,
    ofSource: (source) => openSourceStorage({ calls, search, source, session: data.session }),
    ingest(request: IngestRequest, body: Uint8Array<ArrayBuffer>) {
      spent(body.length)
      return caller.handing([body.buffer]).ingest(request, body)
    },
    search,
    summarize: (request: SummaryRequest, signal?: AbortSignal) => searcher.summarize(committed(request), signal),
    async follow(listener) {
      followers++
      following ??= calls.follow()
      const from = await following
      const end = news.onCommit(listener)
      // Frames follow the answer in order, so a later listener begins at what was given to those before it.
      return {
        head: Math.max(from, news.head()),
        close() {
          end()
          if (--followers > 0) return
          following = undefined
          void calls.unfollow().catch(() => undefined)
        },
      }
    },
    onUnkept: news.onUnkept,
    onHead: news.onHead,
    relay: (request, frames) => caller.handing([frames.buffer]).relay(request, frames),
    relayPlace: calls.relayPlace,
    spool: { read: calls.readSpool, release: calls.releaseSpool, state: calls.spoolState },
    info: searcher.info,
    setCapture: calls.setCapture,
    setRetention: calls.setRetention,
    retain: calls.retain,
    hold: calls.hold,
    isWritable: calls.isWritable,
    trouble: calls.trouble,
    obstacles: async (...words) => new Map(await calls.obstacles(...words)),
    endWaiting: calls.endWaiting,
    async close() {
      running = false
      await searcher.close()
      await calls.close()
      await worker.terminate()
    },
  }
}
