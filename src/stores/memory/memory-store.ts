// A store that forgets when the hub ends: for tests and `--no-store`. Keeps the newest records within a bound.
import type { RecordBatch } from '../../contracts/batch.ts'
import { limitRows } from '../../query/read/limit-rows.ts'
import { openMatcher } from '../../query/match/matcher.ts'
import { summarizePages } from '../../query/summary/summarize.ts'
import { isTimeOrder, type SearchRequest } from '../../contracts/request.ts'
import { searchByTime, type TopByTime } from '../../query/read/top-by-time.ts'
import type { StoreInfo } from '../../contracts/store-info.ts'
import type { CursorValue, SearchPage, Store, StoreType } from '../../contracts/store.ts'
import { decodeBatch, encodeBatch } from '../../wire/batch-codec.ts'
import { framePayload } from '../../wire/frame.ts'

const maxTextBytes = 64 * 1024 * 1024
const pageBatches = 64

export const memoryStore: StoreType = {
  name: 'memory',
  open: (options) => Promise.resolve(openMemoryStore(options.now)),
}

export function openMemoryStore(now: () => number, limitBytes: number = maxTextBytes): Store {
  const batches: RecordBatch[] = []
  const cursors = new Map<string, CursorValue>()
  const sequences = new Map<string, number>()
  let head = 0
  let textBytes = 0
  const firstOf = (batch: RecordBatch): number => batch.id[0]!
  const lastOf = (batch: RecordBatch): number => batch.id[batch.count - 1]!

  async function* search(request: SearchRequest, signal?: AbortSignal): AsyncGenerator<SearchPage> {
    const { order } = request
    if (isTimeOrder(order)) return yield* searchByTime(request, (top) => addAll(top, request, signal), signal)
    const matcher = openMatcher(request, now())
    const newestFirst = order !== 'oldest'
    const after = request.after ?? 0
    const before = request.before ?? Infinity
    const wanted = batches.filter((batch) => lastOf(batch) > after && firstOf(batch) < before)
    let remaining = request.limit ?? Infinity
    while (wanted.length > 0 && remaining > 0) {
      signal?.throwIfAborted()
      const page = newestFirst ? wanted.splice(-pageBatches) : wanted.splice(0, pageBatches)
      const cursor = newestFirst ? firstOf(page[0]!) : lastOf(page.at(-1)!)
      const matching = page.map(matcher.filter).filter((batch) => batch !== undefined)
      const limited = limitRows(matching, remaining, order)
      remaining -= limited.count
      yield { batches: limited.batches, cursor: limited.cutAt ?? cursor }
    }
  }

  async function* addAll(top: TopByTime, request: SearchRequest, signal?: AbortSignal): AsyncGenerator<void> {
    for await (const page of search({ ...request, order: 'newest', limit: Infinity }, signal)) {
      page.batches.forEach(top.add)
      yield
    }
  }

  return {
    head: () => head,
    sequence: (source, run) => sequences.get(`${run} ${source}`) ?? 0,
    lastRuns: () => ({}),
    cursors: () => cursors,
    commit(added, moved) {
      for (const batch of added) {
        if (batch.count === 0) continue
        for (let i = 0; i < batch.count; i++) batch.id[i] = ++head
        // The memory of a batch may be used again once it is committed.
        const kept = decodeBatch(framePayload(encodeBatch(batch)))
        batches.push(kept)
        textBytes += kept.text.length
        sequences.set(`${batch.run} ${batch.source}`, batch.seq[batch.count - 1]!)
      }
      while (textBytes > limitBytes && batches.length > 1) textBytes -= batches.shift()!.text.length
      for (const [key, cursor] of moved) {
        if (cursor) cursors.set(key, cursor)
        else cursors.delete(key)
      }
      return Promise.resolve()
    },
    search,
    summarize: summarizePages(search),
    seal: () => Promise.resolve(),
    // The store's bound is its only rule.
    retain: () => Promise.resolve({ records: 0, bytes: 0, sources: [], days: [] }),
    setRetention: () => undefined,
    hold: () => undefined,
    info: () => Promise.resolve(infoOf(batches, head)),
    close: () => Promise.resolve(),
  }
}

function infoOf(batches: readonly RecordBatch[], head: number): StoreInfo {
  const dayOf = (unixMs: number): string => new Date(unixMs).toISOString().slice(0, 10)
  const sources = [...Map.groupBy(batches, ({ source }) => source)].map(([source, own]) => {
    const bytes = own.reduce((sum, { text }) => sum + text.length, 0)
    const records = own.reduce((sum, { count }) => sum + count, 0)
    const days = own.map(({ observed }) => dayOf(observed[0]!)).sort()
    return { source, records, rawBytes: bytes, bytes, from: days[0]!, to: days.at(-1)! }
  })
  const records = sources.reduce((sum, each) => sum + each.records, 0)
  const bytes = sources.reduce((sum, each) => sum + each.bytes, 0)
  sources.sort((a, b) => b.bytes - a.bytes)
  return { head, records, rawBytes: bytes, bytes, files: { days: 0, tails: 0 }, sources, days: [] }
}
