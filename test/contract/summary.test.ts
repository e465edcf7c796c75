// Summaries of every store against a naive count over all of its records, whatever way the store takes to make them.
import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { batchOf } from '../../src/query/batch-harness.ts'
import { naiveMatching } from '../../src/query/naive-search-harness.ts'
import { naiveSummary, randomParts } from '../../src/query/naive-summary-harness.ts'
import { randomQuery, randomRecord, seededRandom, type Random } from '../../src/query/random-query-harness.ts'
import type { Summary, SummaryRequest } from '../../src/contracts/request.ts'
import type { LogRecord } from '../../src/contracts/record.ts'
import type { Store, StoreOptions, StoreReader } from '../../src/contracts/store.ts'
import { storeTypes } from '../../src/stores/index.ts'
import { openScratchStore } from './scratch-store.ts'

const now = Date.parse('2025-10-19T06:00:00Z')

/** The same that was committed, with the ids that they must have got. */
async function fill(store: Store, random: Random, commits: number): Promise<LogRecord[]> {
  const all: LogRecord[] = []
  for (let commit = 0; commit < commits; commit++) {
    const batches = Array.from({ length: 1 + random(3) }, () => {
      const origin = randomRecord(random, now)
      const { source, run, session } = origin
      return Array.from({ length: 1 + random(40) }, () => ({ ...randomRecord(random, now), source, run, session }))
    })
    await store.commit(batches.map(batchOf), new Map())
    for (const record of batches.flat()) all.push({ ...record, id: all.length + 1 })
    if (random(12) === 0) await store.seal({ all: true })
  }
  return all
}

/** Words and times that decide alone are what a store may have shortcuts for. */
function randomRequest(random: Random, head: number): SummaryRequest {
  const simple = [
    'level:error',
    'level>=warning',
    'source:web',
    'source:w* level:info',
    'since:1h',
    'NOT level:info',
    '',
  ]
  return {
    ...randomParts(random, now),
    query: random(2) ? simple[random(simple.length)]! : randomQuery(random),
    ...(random(3) ? {} : { after: random(head) }),
    ...(random(3) ? {} : { before: random(head + 2) }),
    ...(random(3) ? {} : { since: now - random(7_200_000) }),
    ...(random(3) ? {} : { until: now - 60_000 * random(120) }),
  }
}

async function summaries(reader: StoreReader, request: SummaryRequest, signal?: AbortSignal): Promise<Summary[]> {
  const seen: Summary[] = []
  for await (const summary of reader.summarize(request, signal)) seen.push(summary)
  return seen
}

async function assertRight(reader: StoreReader, request: SummaryRequest, all: readonly LogRecord[]): Promise<void> {
  const seen = await summaries(reader, request)
  const { through, done, ...result } = seen.at(-1)!
  assert.deepEqual(result, naiveSummary(request, all.filter(naiveMatching(request, now))), JSON.stringify(request))
  assert.deepEqual([through, done], [(request.after ?? 0) + 1, true])
}

for (const type of storeTypes) {
  describe(`summaries of store ${type.name}`, () => {
    const opened = (t: TestContext): Promise<{ store: Store; options: StoreOptions }> => openScratchStore(t, type, now)

    test('of nothing', async (t) => {
      const { store } = await opened(t)
      assert.deepEqual(await summaries(store, {}), [{ count: 0, through: 1, done: true }])
    })

    test('are what a naive count over all records says', async (t) => {
      const { store, options } = await opened(t)
      const random = seededRandom(11)
      const all = await fill(store, random, 60)
      const reader = await type.openReader?.(options)
      for (let round = 0; round < 120; round++) {
        const request = randomRequest(random, store.head())
        await assertRight(store, request, all)
        if (reader && round % 4 === 0) await assertRight(reader, request, all)
      }
      await reader?.close()
    })

    test('grow from the newest record on, each complete down to where it has looked', async (t) => {
      const { store } = await opened(t)
      const all = await fill(store, seededRandom(12), 60)
      // Enough to take longer than an interval, if not on every machine.
      const lines = Array.from({ length: 1000 }, (_, i) => ({ message: `${i} ${'of many words '.repeat(20)}` }))
      for (let i = 0; i < 60; i++) await store.commit([batchOf(lines)], new Map())
      const request = { query: 'level:info', templates: 3, fields: true }
      const head = store.head()
      const early = summaries(store, request)
      await store.commit([batchOf(lines)], new Map())
      const seen = await early
      assert.equal(seen.at(-1)!.count, 60_000 + all.filter(naiveMatching(request, now)).length)
      let before: Pick<Summary, 'count' | 'through'> = { count: 0, through: head + 1 }
      for (const [i, summary] of seen.entries()) {
        assert.equal(summary.done, summary === seen.at(-1))
        assert.ok(summary.through <= before.through && summary.count >= before.count)
        before = summary
        // On a slow machine they are many.
        if (i > 2) continue
        const again = await summaries(store, { ...request, after: summary.through - 1, before: head + 1 })
        assert.equal(summary.count, again.at(-1)!.count)
      }
    })

    test('are given up at once', async (t) => {
      const { store } = await opened(t)
      await fill(store, seededRandom(13), 10)
      const abort = new AbortController()
      abort.abort()
      await assert.rejects(summaries(store, {}, abort.signal), { name: 'AbortError' })
    })

    test('of a wrong query, or in wrong buckets, are refused', async (t) => {
      const { store } = await opened(t)
      await assert.rejects(summaries(store, { query: 'level:nonsense' }), { code: 'query-invalid' })
      const histogram = { from: 10, to: 5, bucketMs: 1 }
      await assert.rejects(summaries(store, { histogram }), { code: 'request-invalid' })
    })
  })
}
