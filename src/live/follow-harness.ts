// What the tests of this room share: a storage in memory whose searches can be held up at any page, and a follower
// that collects its frames and can stop reading.
import { openServices } from '../text/services.ts'
import type { RecordBatch } from '../contracts/batch.ts'
import { compileQuery } from '../query/match/compile-query.ts'
import { parseWithin } from '../query/language/parse-within.ts'
import { filterBatch } from '../query/match/compile-query.ts'
import { selectRows } from '../query/match/select-rows.ts'
import { kinds, severities, type Kind, type LogRecord } from '../contracts/record.ts'
import type { CommitListener, Storage, UnkeptNews } from '../contracts/storage.ts'
import type { SearchPage } from '../contracts/store.ts'
import type { FollowFrame } from '../wire/follow-frame.ts'
import type { FollowOut } from './follower.ts'

export interface TestStorage extends Storage {
  commit(lines: TestLine[]): void
  /** Lines that cannot be committed, the first of them with this number; all with smaller numbers than `first` are gone. */
  keepBack(lines: TestLine[], number: number, first: number): void
  /** Awaited before each page of a search; a test may commit meanwhile. */
  beforePage: () => Promise<void> | void
  /** How many listen to commits now. */
  listeners(): number
  searches: number
}

export interface TestLine {
  message: string
  source?: string
  severity?: number
  observed?: number
  kind?: Kind
}

export function openTestStorage({ pageRecords = 100 }: { pageRecords?: number } = {}): TestStorage {
  const batches: RecordBatch[] = []
  const listeners = new Set<CommitListener>()
  const unkeptListeners = new Set<(news: UnkeptNews) => void>()
  let head = 0
  const unused = () => Promise.reject(new Error('not in this test'))

  function commit(lines: TestLine[]): void {
    const bySource = Map.groupBy(lines, (line) => line.source ?? 'web')
    const ids = new Map(lines.map((line) => [line, ++head]))
    const fresh = [...bySource].map(([source, own]) => batchOf(source, own, (line) => ids.get(line)!))
    batches.push(...fresh)
    for (const listener of listeners) listener(fresh, head, false)
  }

  async function* search(
    ...[{ query = '', within, after = 0, before = Infinity, order = 'newest', limit = Infinity }, signal]: Parameters<
      Storage['search']
    >
  ): AsyncGenerator<SearchPage> {
    storage.searches++
    const predicate = compileQuery(parseWithin(query, within))
    const oldest = order === 'oldest'
    const rows = batches
      .map((batch) => filterBatch(batch, predicate))
      .filter((batch) => batch !== undefined)
      .flatMap((batch) => Array.from({ length: batch.count }, (_, index) => ({ batch, index, id: batch.id[index]! })))
      .filter(({ id }) => id > after && id < before)
      .sort((a, b) => (oldest ? a.id - b.id : b.id - a.id))
      .slice(0, limit)
    for (let at = 0; at < rows.length; at += pageRecords) {
      await storage.beforePage()
      signal?.throwIfAborted()
      const page = rows.slice(at, at + pageRecords)
      yield {
        batches: [...Map.groupBy(page, ({ batch }) => batch)].map(([batch, own]) =>
          selectRows(
            batch,
            own.map(({ index }) => index).sort((a, b) => a - b),
          ),
        ),
        cursor: page.at(-1)!.id,
      }
    }
  }

  const storage: TestStorage = {
    searches: 0,
    beforePage: () => {},
    commit,
    keepBack(lines, number, first) {
      const added = lines.length === 0 ? [] : [{ number, batch: batchOf('web', lines, () => 0) }]
      for (const listener of unkeptListeners) listener({ first, added })
    },
    listeners: () => listeners.size,
    head: () => head,
    lastRuns: {},
    services: openServices(),
    setCapture: () => Promise.resolve(),
    setRetention: () => Promise.resolve(),
    search,
    follow(listener) {
      listeners.add(listener)
      return Promise.resolve({ head, close: () => void listeners.delete(listener) })
    },
    ofSource: () => {
      throw new Error('not in this test')
    },
    async *summarize(request) {
      let count = 0
      for await (const { batches: found } of search(request)) for (const batch of found) count += batch.count
      yield { count, through: 0, done: true }
    },
    ingest: unused,
    relay: unused,
    relayPlace: unused,
    spool: { read: unused, release: unused, state: unused },
    onHead: () => () => undefined,
    info: unused,
    hold: () => Promise.resolve(undefined),
    retain: unused,
    isWritable: unused,
    trouble: unused,
    onUnkept(listener) {
      unkeptListeners.add(listener)
      return () => unkeptListeners.delete(listener)
    },
    obstacles: unused,
    endWaiting: unused,
    close: () => Promise.resolve(),
  }
  return storage
}

function batchOf(source: string, lines: TestLine[], idOf: (line: TestLine) => number): RecordBatch {
  const texts = lines.map((line) => Buffer.from(line.message))
  const end = new Uint32Array(lines.length)
  const start = new Uint32Array(lines.length)
  let at = 0
  for (const [index, text] of texts.entries()) {
    start[index] = at
    end[index] = at += text.length
  }
  const id = Float64Array.from(lines, idOf)
  const observed = Float64Array.from(lines, (line) => line.observed ?? Date.now())
  return {
    source,
    run: 1,
    session: 'test-session',
    pid: 0,
    count: lines.length,
    text: Buffer.concat(texts),
    start,
    end,
    id,
    seq: id,
    time: observed,
    observed,
    stream: new Uint8Array(lines.length),
    kind: Uint8Array.from(lines, (line) => kinds.indexOf(line.kind ?? 'system')),
    severity: Uint8Array.from(lines, (line) => line.severity ?? severities.INFO),
    extras: () => undefined,
  }
}

export interface TestReader extends FollowOut {
  frames: FollowFrame[]
  records(): LogRecord[]
  ids(): number[]
  /** Stops and resumes taking bytes; the follow must be told by `drained`. */
  stalled: boolean
  failure: unknown
  /** Resolves when `test` holds; checked at every frame. */
  until(test: (reader: TestReader) => boolean): Promise<void>
}

export function openTestReader(): TestReader {
  const waiting = new Set<() => void>()
  let pending = 0
  const reader: TestReader = {
    frames: [],
    stalled: false,
    failure: undefined,
    send(frame) {
      if (reader.stalled) pending += frame.length
      reader.frames.push(JSON.parse(Buffer.from(frame).toString()) as FollowFrame)
      for (const check of waiting) check()
    },
    pendingBytes() {
      if (!reader.stalled) pending = 0
      return pending
    },
    fail(error) {
      reader.failure = error
      for (const check of waiting) check()
    },
    records: () => reader.frames.flatMap((frame) => (frame.type === 'records' ? frame.records : [])),
    ids: () => reader.records().map((record) => record.id),
    until: (test) =>
      new Promise((resolve) => {
        const check = () => {
          if (!test(reader)) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
  }
  return reader
}

export function numbered(count: number, prefix = 'line'): TestLine[] {
  return Array.from({ length: count }, (_, index) => ({ message: `${prefix} ${index}` }))
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
