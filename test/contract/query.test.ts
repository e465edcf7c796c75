// Stored records are found exactly where a plain reading of the query finds them: random records in every store, sealed and
// not, against random queries. A failure prints its seed; `LOGBOOM_SEED=<seed> node --test test/contract/query.test.ts` runs it alone.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { formatJson } from '../../src/json/format-json.ts'
import { parseJson } from '../../src/json/parse-json.ts'
import { batchOf } from '../../src/query/batch-harness.ts'
import { naiveMatching } from '../../src/query/naive-search-harness.ts'
import { randomQuery, randomRecord, seededRandom, type Random } from '../../src/query/random-query-harness.ts'
import { recordsOf } from '../../src/query/read/records-of.ts'
import type { SearchRequest } from '../../src/contracts/request.ts'
import type { LogRecord } from '../../src/contracts/record.ts'
import type { Store } from '../../src/contracts/store.ts'
import { storeTypes } from '../../src/stores/index.ts'

const now = new Date(2025, 9, 19, 12).getTime()
const only = process.env['LOGBOOM_SEED']
const seeds = only ? [Number(only)] : [1, 2, 3, 4]
const queriesPerRound = 50

/** Fills the store and gives what is in it, oldest first. Some of it gets sealed, some not. */
async function fill(store: Store, random: Random): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  const sequences = new Map<string, number>()
  for (let commits = 5 + random(15); commits > 0; commits--) {
    const batches = Array.from({ length: 1 + random(3) }, () => {
      const list = Array.from({ length: 1 + random(30) }, () => randomRecord(random, now))
      const { source, run, session } = list[0]!
      const seq = sequences.get(`${run} ${source}`) ?? 0
      sequences.set(`${run} ${source}`, seq + list.length)
      const numbered = list.map((record, i) => ({ ...record, source, run, session, id: records.length + i + 1, seq: seq + i + 1 })) // oxfmt-ignore
      records.push(...numbered)
      return batchOf(numbered)
    })
    await store.commit(batches, new Map())
    if (random(6) === 0) await store.seal({ all: true })
  }
  return records
}

function randomRequest(random: Random, head: number): SearchRequest {
  return {
    query: randomQuery(random),
    order: random(2) ? 'newest' : 'oldest',
    ...(random(4) ? {} : { limit: 1 + random(20) }),
    ...(random(4) ? {} : { after: random(head) }),
    ...(random(4) ? {} : { before: 1 + random(head + 1) }),
    ...(random(6) ? {} : { since: now - random(7_200_000) }),
    ...(random(6) ? {} : { until: now - random(7_200_000) }),
  }
}

function expected(request: SearchRequest, records: readonly LogRecord[]): LogRecord[] {
  const found = records.filter(naiveMatching(request, now))
  return (request.order === 'newest' ? found.reverse() : found).slice(0, request.limit)
}

async function check(store: Store, records: readonly LogRecord[], random: Random): Promise<number> {
  const request = randomRequest(random, records.length)
  const wanted = expected(request, records)
  const found: LogRecord[] = []
  for await (const { batches } of store.search(request)) found.push(...recordsOf(batches, request.order!))
  const why = JSON.stringify(request)
  assert.deepEqual(found.map(({ id }) => id), wanted.map(({ id }) => id), why) // oxfmt-ignore
  // A batch in memory may say of what is not there that it is undefined.
  assert.deepEqual(parseJson(formatJson(found)), wanted, why)
  const { order: _order, limit, ...rest } = request
  if (limit === undefined) {
    let count: number | undefined
    for await (const summary of store.summarize(rest)) count = summary.count
    assert.equal(count, wanted.length, `count of ${why}`)
  }
  return wanted.length
}

for (const type of storeTypes) {
  describe(`store ${type.name}`, () => {
    test('finds what a plain reading of the query finds', async (t) => {
      let matches = 0
      for (const seed of seeds) {
        const directory = mkdtempSync(join(tmpdir(), 'logboom-query-'))
        t.after(() => rmSync(directory, { recursive: true }))
        const options = { directory, now: () => now, warn: (message: string) => assert.fail(message) }
        const random = seededRandom(seed)
        let store = await type.open(options)
        try {
          const records = await fill(store, random)
          for (let round = 0; round < queriesPerRound; round++) matches += await check(store, records, random)
          if (type.name === 'memory') continue
          await store.close()
          store = await type.open(options)
          for (let round = 0; round < queriesPerRound; round++) matches += await check(store, records, random)
          await store.seal({ all: true })
          for (let round = 0; round < queriesPerRound; round++) matches += await check(store, records, random)
        } catch (error) {
          throw new Error(`LOGBOOM_SEED=${seed}`, { cause: error })
        } finally {
          await store.close()
        }
      }
      assert.ok(only || matches > 7000, `matches: ${matches}`)
    })
  })
}
