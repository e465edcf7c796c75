import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../../contracts/record.ts'
import { batchOf, storedBatch } from '../batch-harness.ts'
import { naiveSummary, randomParts } from '../naive-summary-harness.ts'
import { randomRecord, seededRandom, type Random } from '../random-query-harness.ts'
import type { Summary, SummaryRequest } from '../../contracts/request.ts'
import { growSummary } from './summarize.ts'
import type { KnownCounts } from './summary-part.ts'
import { openTally } from './summary-tally.ts'
import { openSummary } from './summary.ts'

const now = Date.parse('2025-10-19T06:00:00Z')

/** Numbered; source, run and session are the same for each stretch of ten, as in a batch. */
function randomRecords(random: Random, count: number): LogRecord[] {
  let first: LogRecord
  return Array.from({ length: count }, (_, i) => {
    const record = randomRecord(random, now)
    if (i % 10 === 0) first = record
    const { source, run, session } = first
    return { ...record, id: i + 1, source, run, session }
  })
}

const tens = (records: LogRecord[]): LogRecord[][] =>
  Array.from({ length: Math.ceil(records.length / 10) }, (_, i) => records.slice(i * 10, i * 10 + 10))

function summaryOf(request: SummaryRequest, records: LogRecord[]): Omit<Summary, 'through' | 'done'> {
  const summary = openSummary(request)
  for (const batch of tens(records).toReversed()) summary.add(storedBatch(batchOf(batch)))
  return summary.result()
}

test('a summary of random records is what a naive count says', () => {
  const random = seededRandom(20251019)
  for (let round = 0; round < 150; round++) {
    const records = randomRecords(random, random(120))
    const request = randomParts(random, now)
    assert.deepEqual(summaryOf(request, records), naiveSummary(request, records), JSON.stringify(request))
  }
})

/** What a block's header may tell. */
function knownOf(records: LogRecord[], withMinutes: boolean): KnownCounts {
  const cells = new Map<string, { severity: number; count: number; minute?: number }>()
  for (const { severity, time } of records) {
    const minute = Math.floor(time / 60_000) * 60_000
    const key = withMinutes ? `${severity} ${minute}` : String(severity)
    const cell = cells.get(key) ?? { severity, count: 0, ...(withMinutes ? { minute } : {}) }
    cells.set(key, { ...cell, count: cell.count + 1 })
  }
  const { source, run, session } = records[0]!
  return { source, run, session, cells: [...cells.values()] }
}

test('counts known beforehand are worth as much as the records, or are refused', () => {
  const random = seededRandom(7)
  let [taken, refused] = [0, 0]
  for (let round = 0; round < 200; round++) {
    const records = randomRecords(random, random(120))
    const aligned = Math.floor((now - random(9_000_000)) / 60_000) * 60_000
    const parts = randomParts(random, now)
    const request: SummaryRequest = {
      ...(random(3) ? { facets: ['source', 'level', 'run', 'session'].filter(() => random(2)) } : parts),
      ...(random(2)
        ? { histogram: { from: aligned, to: aligned + 3_600_000, bucketMs: 60_000 * (1 + random(4)) } }
        : {}),
    }
    const summary = openSummary(request)
    for (const batch of tens(records)) {
      const isKnown = random(2) === 1 && summary.addKnown(knownOf(batch, random(3) > 0))
      if (!isKnown) summary.add(batchOf(batch))
      if (isKnown) taken++
      else refused++
    }
    assert.deepEqual(summary.result(), naiveSummary(request, records), JSON.stringify(request))
  }
  assert.ok(taken > 100 && refused > 100, `${taken} taken, ${refused} refused`)
})

test('counts that do not tell enough are refused', () => {
  const known = knownOf(randomRecords(seededRandom(1), 10), true)
  const hour = { from: 0, to: 3_600_000 }
  const refuses = (request: SummaryRequest, counts: KnownCounts = known): void => {
    const summary = openSummary(request)
    assert.equal(summary.addKnown(counts), false)
    assert.equal(summary.result().count, 0)
  }
  refuses({ histogram: { ...hour, bucketMs: 30_000 } })
  refuses({ histogram: { ...hour, from: 1, bucketMs: 60_000 } })
  refuses({ histogram: { ...hour, to: 3_599_999, bucketMs: 60_000 } })
  refuses({ histogram: { ...hour, bucketMs: 60_000 } }, { cells: [{ severity: 9, count: 1 }] })
  refuses({ facets: ['source'] }, { cells: known.cells })
  refuses({ facets: ['level', 'user.id'] })
  refuses({ templates: 1 })
  refuses({ fields: true })
})

test('buckets that are none, and too many, are refused', () => {
  for (const histogram of [
    { from: 0, to: 0, bucketMs: 1 },
    { from: 0, to: 10, bucketMs: 0 },
    { from: 0, to: 10, bucketMs: Number.NaN },
    { from: 0, to: 2001, bucketMs: 1 },
  ])
    assert.throws(() => openSummary({ histogram }), { code: 'request-invalid' })
})

test('a field that is called like a word of the language has its own name', () => {
  const fields = { level: 'high', source: { ip: '::1' }, 'user.id': 1, user: { id: 1, tags: ['a', 'b'] }, empty: {} }
  const { fields: named, facets } = summaryOf({ fields: true, facets: ['fields.level', 'user.tags', 'Level'] }, [
    { ...randomRecord(seededRandom(1), now), severity: 17, logger: 'http', fields },
  ])
  assert.deepEqual(
    named!.top.map(({ name, count }) => `${name} ${count}`).sort(),
    [
      'fields.level 1',
      'fields.source.ip 1',
      'logger 1',
      'user.id 1',
      'user.tags 1',
      ...(named!.top.some(({ name }) => name === 'traceId') ? ['traceId 1'] : []),
    ].sort(),
  )
  assert.deepEqual(
    facets!.map(({ top }) => top.map(({ value }) => value)),
    [['high'], ['a', 'b'], ['ERROR']],
  )
})

test('long values and long templates stay bounded, and nothing is merged that differs', () => {
  const long = 'ä'.repeat(600)
  const messages = [`${long}x`, `${long}y`, `${long}y`, 'done in 3 ms', 'done in 4 ms']
  const records = messages.map((message, i) => ({
    ...randomRecord(seededRandom(1), now),
    id: i + 1,
    message,
    fields: { text: message },
  }))
  const { facets, templates } = summaryOf({ facets: ['text'], templates: 10 }, records)
  assert.deepEqual(facets, [
    {
      name: 'text',
      top: [
        { value: 'done in 3 ms', count: 1 },
        { value: 'done in 4 ms', count: 1 },
      ],
      other: 3,
      missing: 0,
    },
  ])
  const naive = naiveSummary({ templates: 10 }, records).templates!.top
  assert.deepEqual(
    templates!.top.map(({ id, count, newest }) => `${id} ${count} ${newest}`).sort(),
    naive.map(({ id, count, newest }) => `${id} ${count} ${newest}`).sort(),
  )
  assert.ok(templates!.top.some(({ template }) => template === `${'ä'.repeat(500)}…`))
})

test('of more values than can be remembered, it is told how far each count may be off', () => {
  const random = seededRandom(42)
  for (const skew of [1, 3, 12]) {
    const tally = openTally({ texts: 100 })
    const truth = new Map<string, number>()
    for (let id = 1; id <= 20_000; id++) {
      const text = String(Math.floor(5000 * (random(1_000_000) / 1_000_000) ** skew))
      tally.add(text, id)
      truth.set(text, (truth.get(text) ?? 0) + 1)
    }
    const { top, other, distinct, approximate = 0 } = tally.rank(20, (text) => ({ text }))
    assert.equal(distinct, undefined)
    assert.ok(approximate > 0)
    for (const { text, count, atMost = count } of top) {
      const real = truth.get(text)!
      assert.ok(count <= real && real <= atMost, `${text}: ${count} ≤ ${real} ≤ ${atMost}`)
      truth.delete(text)
    }
    const last = top.at(-1)!
    for (const [text, real] of truth) assert.ok(real <= last.count + approximate, `${text} is not listed`)
    assert.equal(
      top.reduce((sum, { count }) => sum + count, other),
      20_000,
    )
  }
})

test('summaries grow, and end early when asked to', async () => {
  const batches = tens(randomRecords(seededRandom(3), 200))
    .map(batchOf)
    .toReversed()
  const grow = (signal?: AbortSignal) =>
    growSummary(
      { after: 5 },
      async function* (summary) {
        for (const batch of batches) {
          summary.add(batch)
          yield batch.id[0]!
        }
      },
      signal,
      0,
    )
  const seen: Summary[] = []
  for await (const summary of grow()) seen.push(summary)
  assert.deepEqual(
    seen.map(({ count, through, done }) => [count, through, done]),
    [...batches.map(({ id }, i) => [i * 10 + 10, id[0], false]), [200, 6, true]],
  )
  const abort = new AbortController()
  let steps = 0
  await assert.rejects(
    async () => {
      for await (const { done } of grow(abort.signal)) {
        assert.equal(done, false)
        if (++steps === 2) abort.abort()
        // It looks up from its work every few milliseconds.
        for (const end = performance.now() + 6; performance.now() < end;);
      }
    },
    { name: 'AbortError' },
  )
  assert.ok(steps < batches.length)
})
