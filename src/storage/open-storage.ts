// Starts the storage worker and speaks for it on the main thread; starts the search worker when somebody searches.
import type { Origin } from '../batch.ts'
import type { SearchRequest, SummaryRequest } from '../query/request.ts'
import type { RetentionHold, RetentionReport } from '../retention.ts'
import type { Entry, ForeignTail, RememberedFiles, TailHandle, TailRequest } from '../source.ts'
import { decodeBatch } from '../wire/batch-codec.ts'
import { framePayload } from '../wire/frame.ts'
import { openYoungGarbage } from '../young-garbage.ts'
import { startWorker } from '../wire/start-worker.ts'
import { openCaller, type Caller } from './caller.ts'
import type { CommittedMessage, UnkeptMessage, WarnMessage } from './messages.ts'
import { openSearcher } from './searcher.ts'
import type { CommitListener, IngestAnswer, IngestRequest, Storage, UnkeptNews } from './storage.ts'
import type { StorageWorkerData, WorkerReady } from './storage-worker.ts'

/** What viewers make of each byte of a frame: records as objects, their JSON, the bytes of that. */
const garbagePerByte = 8

export interface StorageOptions extends StorageWorkerData {
  warn(message: string): void
  /** The storage worker died: the hub cannot go on. */
  fail(error: Error): void
}

export async function openStorage({ warn, fail, ...data }: StorageOptions): Promise<Storage> {
  const underWay = new Int32Array(new SharedArrayBuffer(4))
  const worker = startWorker(import.meta.url, './storage-worker', { ...data, underWay })
  const caller: Caller = openCaller(worker)
  const listeners = new Set<CommitListener>()
  const unkeptListeners = new Set<(news: UnkeptNews) => void>()
  const spent = openYoungGarbage()
  let head = 0
  let followers = 0
  let following: Promise<number> | undefined
  let running = false

  worker.on('message', (message: unknown) => {
    if (caller.settle(message)) return
    if ('warn' in (message as WarnMessage)) return warn((message as WarnMessage).warn)
    if ('unkept' in (message as UnkeptMessage)) return takeUnkept(message as UnkeptMessage)
    const { committed, frames, missed } = message as CommittedMessage
    head = committed
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
    Atomics.sub(underWay, 0, bytes)
    if (listeners.size === 0 || (frames.length === 0 && !missed)) return
    const batches = frames.map((frame) => decodeBatch(framePayload(frame)))
    for (const listener of listeners) listener(batches, head, missed)
    spent(bytes * garbagePerByte)
  })
  worker.on('error', (error) => {
    caller.fail(error)
    if (running) fail(error as Error)
  })
  worker.on('exit', (code) => {
    caller.fail(new Error(`exit code ${code}`))
    if (running) fail(new Error(`The storage worker ended with exit code ${code}`))
  })

  function takeUnkept({ unkept: { first, added } }: UnkeptMessage): void {
    Atomics.sub(
      underWay,
      0,
      added.reduce((sum, { frame }) => sum + frame.length, 0),
    )
    const batches = added.map(({ number, frame }) => ({ number, batch: decodeBatch(framePayload(frame)) }))
    for (const listener of unkeptListeners) listener({ first, added: batches })
  }

  const ready = (await caller.ready) as WorkerReady
  head = Math.max(head, ready.head)
  running = true
  const { store, stateDirectory } = data
  const searcher = openSearcher({
    store,
    readable: ready.readable,
    stateDirectory,
    storage: caller,
    warn,
    spent: (bytes) => spent(bytes * garbagePerByte),
  })

  /** What this thread has not been told of yet does not count. */
  const committed = <Request extends { before?: number }>(request: Request): Request => ({
    ...request,
    before: Math.min(request.before ?? Infinity, head + 1),
  })

  const tailHandle = (handle: number): TailHandle => ({
    drain: () => caller.call('drain', handle),
    finish: () => caller.call('finish', handle),
    close: () => caller.call('closeTail', handle),
  })

  type Opened = number | 'moved' | 'copy' | { failed: string }
  function foreignTail<Answer extends Opened>(answer: Answer): ForeignTail | Exclude<Answer, number> {
    if (typeof answer !== 'number') return answer as Exclude<Answer, number>
    return {
      ...tailHandle(answer),
      rename: (path) => caller.call('renameTail', answer, path),
      look: () => caller.call('look', answer),
    }
  }

  return {
    head: () => head,
    lastRuns: ready.lastRuns,
    tail: async (source: string, request: TailRequest) =>
      tailHandle(await caller.call<number>('tail', source, request)),
    tailForeign: async (source, request) =>
      foreignTail(await caller.call<number | 'moved' | 'copy'>('tailForeign', source, request)),
    tailLogs: async (...words) => (await caller.call<Opened[]>('tailLogs', ...words)).map(foreignTail),
    forgetForeign: (...words) => caller.call('forgetForeign', ...words),
    foreignFiles: (source, run) => caller.call<RememberedFiles>('foreignFiles', source, run),
    sawForeignFiles: (...words) => caller.call('sawForeignFiles', ...words),
    backlogBytes: (source) => caller.call<number>('backlogBytes', source),
    push: (origin: Origin, entries: Entry[], once?: string) => caller.call('push', origin, entries, once),
    lastOnce: (source) => caller.call<string | undefined>('lastOnce', source),
    ingest(request: IngestRequest, body: Uint8Array<ArrayBuffer>) {
      spent(body.length)
      return caller.hand<IngestAnswer>([body.buffer], 'ingest', request, body)
    },
    search: (request: SearchRequest, signal?: AbortSignal) => searcher.search(committed(request), signal),
    summarize: (request: SummaryRequest, signal?: AbortSignal) => searcher.summarize(committed(request), signal),
    async follow(listener) {
      followers++
      following ??= caller.call<number>('follow')
      const from = await following
      listeners.add(listener)
      // Frames follow the answer in order, so a later listener begins at what was given to those before it.
      return {
        head: Math.max(from, head),
        close() {
          listeners.delete(listener)
          if (--followers > 0) return
          following = undefined
          void caller.call('unfollow').catch(() => undefined)
        },
      }
    },
    onUnkept(listener) {
      unkeptListeners.add(listener)
      return () => unkeptListeners.delete(listener)
    },
    info: searcher.info,
    retain: (request) => caller.call<RetentionReport>('retain', request),
    hold: () => caller.call<RetentionHold | undefined>('hold'),
    trouble: () => caller.call<string[]>('trouble'),
    obstacles: async (...words) => new Map(await caller.call<[string, string][]>('obstacles', ...words)),
    endWaiting: () => caller.call('endWaiting'),
    async close() {
      running = false
      await searcher.close()
      await caller.call('close')
      await worker.terminate()
    },
  }
}
