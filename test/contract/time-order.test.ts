// Searches in the order of event time against a naive sort over all records, in every store: with records dated decades off,
// several of the same time, sealed and not, page by page to the end.
import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { formatJson } from '../../src/json/format-json.ts'
import { parseJson } from '../../src/json/parse-json.ts'
import { batchOf } from '../../src/query/batch-harness.ts'
import { naiveMatching } from '../../src/query/naive-search-harness.ts'
import { randomQuery, randomRecord, seededRandom, type Random } from '../../src/query/random-query-harness.ts'
import { recordsOf } from '../../src/query/read/records-of.ts'
import { maxByTime, type SearchRequest, type TimeOrder, type TimePlace } from '../../src/contracts/request.ts'
import type { LogRecord } from '../../src/contracts/record.ts'
import type { Store, StoreOptions, StoreReader } from '../../src/contracts/store.ts'
import { storeTypes } from '../../src/stores/index.ts'
import { openScratchStore } from './scratch-store.ts'

const now = Date.parse('2025-10-19T06:00:00Z')
const orders = ['latest', 'earliest'] as const

type Request = SearchRequest & { order: TimeOrder; limit: number }

/** Mostly of the last two hours, some of the same second, and some of 1970 and 2100. */
function randomTime(random: Random, time: number): number {
  const kinds = random(16)
  if (kinds === 0) return random(3) === 0 ? -1.5 : random(1_000_000)
  if (kinds === 1) return Date.UTC(2100, 0, 1) + random(1_000_000)
  return kinds < 6 ? Math.floor(time / 100_000) * 100_000 : time + random(4) / 4
}

/** The same that was committed, with the ids that they must have got. */
async function fill(store: Store, random: Random, commits: number): Promise<LogRecord[]> {
  const all: LogRecord[] = []
  for (let commit = 0; commit < commits; commit++) {
    const batches = Array.from({ length: 1 + random(3) }, () => {
      const { source, run, session } = randomRecord(random, now)
      return Array.from({ length: 1 + random(80) }, () => {
        const record = randomRecord(random, now)
        return { ...record, source, run, session, time: randomTime(random, record.time) }
      })
    })
    await store.commit(batches.map(batchOf), new Map())
    for (const record of batches.flat()) all.push({ ...record, id: all.length + 1 })
    if (random(12) === 0) await store.seal({ all: true })
  }
  return all
}

function randomRequest(random: Random, head: number): Request {
  return {
    query: random(2) ? '' : randomQuery(random),
    order: orders[random(2)]!,
    limit: 1 + random(random(2) ? 10 : 400),
    ...(random(4) ? {} : { after: random(head) }),
    ...(random(4) ? {} : { before: 1 + random(head + 1) }),
    ...(random(4) ? {} : { since: now - random(7_200_000) }),
    ...(random(4) ? {} : { until: now - random(7_200_000) }),
  }
}

function expected(request: Request, all: readonly LogRecord[]): LogRecord[] {
  const found = all.filter(naiveMatching(request, now))
  found.sort((a, b) => a.time - b.time || a.id - b.id)
  return request.order === 'latest' ? found.reverse() : found
}

async function find(reader: StoreReader, request: SearchRequest, signal?: AbortSignal): Promise<LogRecord[]> {
  const found: LogRecord[] = []
  for await (const { batches } of reader.search(request, signal)) found.push(...recordsOf(batches, request.order!))
  return found
}

/** Page by page to the end. */
async function findAll(reader: StoreReader, request: Request): Promise<LogRecord[]> {
  const found: LogRecord[] = []
  let past: TimePlace | undefined
  for (;;) {
    const page = await find(reader, { ...request, ...(past ? { past } : {}) })
    assert.ok(page.length <= request.limit)
    found.push(...page)
    if (page.length < request.limit) return found
    past = { time: page.at(-1)!.time, id: page.at(-1)!.id }
  }
}

const idsOf = (records: readonly LogRecord[]): number[] => records.map(({ id }) => id)

for (const type of storeTypes) {
  describe(`the order of time in store ${type.name}`, () => {
    const opened = (t: TestContext): Promise<{ store: Store; options: StoreOptions }> => openScratchStore(t, type, now)

    test('is that of a naive sort over all records, page by page', async (t) => {
      const { store, options } = await opened(t)
      const random = seededRandom(21)
      const all = await fill(store, random, 40)
      const reader = await type.openReader?.(options)
      for (let round = 0; round < 80; round++) {
        const request = randomRequest(random, store.head())
        const wanted = expected(request, all)
        const why = JSON.stringify(request)
        const first = await find(round % 2 && reader ? reader : store, request)
        assert.deepEqual(idsOf(first), idsOf(wanted.slice(0, request.limit)), why)
        assert.deepEqual(parseJson(formatJson(first)), wanted.slice(0, request.limit), why)
        if (round % 3) continue
        const paged = await findAll(store, { ...request, limit: Math.max(request.limit, wanted.length >> 3) })
        assert.deepEqual(idsOf(paged), idsOf(wanted), why)
      }
      await reader?.close()
    })

    test('begins with what is dated furthest off, and ends with it', async (t) => {
      const { store } = await opened(t)
      const all = await fill(store, seededRandom(22), 30)
      await store.seal({ all: true })
      for (const order of orders) {
        const wanted = expected({ order, limit: 1 }, all)
        const years = [wanted[0]!, wanted.at(-1)!].map(({ time }) => new Date(time).getUTCFullYear())
        assert.ok(order === 'latest' ? years[0] === 2100 : years[1] === 2100)
        assert.deepEqual(idsOf(await find(store, { order, limit: 7 })), idsOf(wanted.slice(0, 7)))
        assert.deepEqual(idsOf(await findAll(store, { order, limit: 777 })), idsOf(wanted))
      }
    })

    test('has as many records as there are up to its limit, which is needed', async (t) => {
      const { store } = await opened(t)
      const lines = Array.from({ length: 1000 }, (_, i) => ({ message: `${i}`, time: now - (i % 7) }))
      for (let i = 0; i < 12; i++) await store.commit([batchOf(lines)], new Map())
      await store.seal({ all: true })
      const most = await find(store, { order: 'latest', limit: maxByTime })
      assert.equal(most.length, maxByTime)
      assert.deepEqual([most[0]!.id, most[0]!.time, most.at(-1)!.time], [11_995, now, now - 5])
      assert.deepEqual(await find(store, { order: 'earliest', limit: 0 }), [])
      await assert.rejects(find(store, { order: 'latest' }), { code: 'request-invalid' })
      await assert.rejects(find(store, { order: 'earliest', limit: maxByTime + 1 }), { code: 'request-invalid' })
    })

    test('is given up at once, and a wrong query is refused', async (t) => {
      const { store } = await opened(t)
      await fill(store, seededRandom(23), 5)
      const abort = new AbortController()
      abort.abort()
      await assert.rejects(find(store, { order: 'latest', limit: 5 }, abort.signal), { name: 'AbortError' })
      await assert.rejects(find(store, { order: 'latest', limit: 5, query: 'level:nonsense' }), {
        code: 'query-invalid',
      })
    })
  })
}
