// A store on the real disk with a clock of its own, whose background tasks are done where they are asked for: for the tests
// of retention, merging and verification.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { emptyBatch, type RecordBatch } from '../../../contracts/batch.ts'
import { nodeDisk, type Disk } from '../../../system/disk.ts'
import { recordsOf } from '../../../query/read/records-of.ts'
import type { SearchRequest } from '../../../contracts/request.ts'
import { kinds, type Kind, type LogRecord } from '../../../contracts/record.ts'
import type { Retention } from '../../../contracts/retention.ts'
import type { Store, StoreReader } from '../../../contracts/store.ts'
import { runHouseTask } from './house-task.ts'
import { openLocalReader } from '../read/local-reader.ts'
import { openLocalStore } from '../open-local-store.ts'
import type { Housekeeper } from './housekeeper.ts'

export const dayMs = 86_400_000

export interface Lines {
  /** Default 1. */
  run?: number
  /** Default: the next of the run. */
  seq?: number
  /** Added to the capture time. */
  offMs?: number
  kind?: Kind
  fields?: Record<string, unknown>
  message?: (seq: number) => string
}

export interface House {
  directory: string
  clock: { now: number }
  warnings: string[]
  /** Opened anew by `reopen`. */
  readonly store: Store
  /** So many records of a source in one commit. */
  commit(source: string, count: number, lines?: Lines): Promise<void>
  /** All that is not sealed becomes a group of its own. */
  seal(): Promise<void>
  /** The clock goes on to the middle of a day, counted from 0. */
  day(number: number): void
  reopen(rules?: Retention): Promise<void>
  /** Does something while nobody has it open. */
  closed<T>(work: () => Promise<T>): Promise<T>
  /** Default: on the disk of the store. */
  reader(disk?: Disk): StoreReader
  /** Names of the files of days. */
  days(): string[]
}

/** Power does not fail in these tests. */
export const hastyDisk: Disk = {
  ...nodeDisk,
  fsync: () => undefined,
  fdatasync: () => undefined,
  syncDirectory: () => undefined,
}

/** Day 0 of the clock. */
const firstDay = Date.parse('2026-11-01T12:00:00Z')

export async function openHouse(t: TestContext, rules?: Retention, disk: Disk = hastyDisk): Promise<House> {
  const directory = join(mkdtempSync(join(tmpdir(), 'logboom-house-')), 'store')
  const clock = { now: firstDay }
  const warnings: string[] = []
  const housekeeper: Housekeeper = { run: async (task) => runHouseTask(disk, task), close: () => Promise.resolve() }
  const options = { directory, now: () => clock.now, warn: (message: string) => void warnings.push(message), disk }
  const open = (retention?: Retention): Promise<Store> =>
    openLocalStore({ ...options, ...(retention ? { retention } : {}) }, housekeeper)
  const next = new Map<string, number>()
  let store = await open(rules)
  t.after(async () => {
    await store.close()
    rmSync(join(directory, '..'), { recursive: true })
  })
  return {
    directory,
    clock,
    warnings,
    get store() {
      return store
    },
    async commit(source, count, { run = 1, seq, offMs = 0, kind = 'system', fields, message } = {}) {
      const key = `${run} ${source}`
      const first = seq ?? next.get(key) ?? 1
      next.set(key, first + count)
      const text = message ?? ((number: number) => `${source} line ${number} of run ${run}`)
      const batch = batchOf(
        Array.from({ length: count }, (_, i) => text(first + i)),
        {
          source,
          run,
          firstSeq: first,
          observed: clock.now,
          time: clock.now + offMs,
          kind,
        },
      )
      await store.commit([{ ...batch, extras: () => (fields ? { fields } : undefined) }], new Map())
    },
    seal: () => store.seal({ all: true }),
    day: (number) => void (clock.now = firstDay + number * dayMs),
    async reopen(retention = rules) {
      await store.close()
      store = await open(retention)
    },
    async closed(work) {
      await store.close()
      try {
        return await work()
      } finally {
        store = await open(rules)
      }
    },
    reader: (other = disk) => openLocalReader({ ...options, disk: other }),
    days: () => readdirSync(directory).filter((name) => name.startsWith('day-')),
  }
}

interface Columns {
  source: string
  run: number
  firstSeq: number
  observed: number
  time: number
  kind: Kind
}

function batchOf(messages: string[], { source, run, firstSeq, observed, time, kind }: Columns): RecordBatch {
  const texts = messages.map((message) => Buffer.from(message))
  const count = texts.length
  let at = 0
  const end = Uint32Array.from(texts, (text) => (at += text.length))
  return {
    ...emptyBatch,
    source,
    run,
    session: `session-${run}`,
    pid: run,
    count,
    text: Buffer.concat(texts),
    start: Uint32Array.from(texts, (text, i) => end[i]! - text.length),
    end,
    id: new Float64Array(count),
    seq: Float64Array.from(texts, (_, i) => firstSeq + i),
    time: new Float64Array(count).fill(time),
    observed: new Float64Array(count).fill(observed),
    stream: new Uint8Array(count),
    kind: new Uint8Array(count).fill(kinds.indexOf(kind)),
    severity: new Uint8Array(count).fill(9),
  }
}

/** Everything that matches, oldest first. */
export async function allRecords(reader: StoreReader, request: SearchRequest = {}): Promise<LogRecord[]> {
  const found: LogRecord[] = []
  for await (const { batches } of reader.search({ order: 'oldest', ...request }))
    found.push(...recordsOf(batches, request.order ?? 'oldest'))
  return found
}
