// Thousands of random queries against a plain reading of the tree, and what their plans say of each match. A failure prints
// its seed; `LOGBOOM_SEED=<seed> node --test src/query/random-queries.test.ts` runs it alone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../contracts/record.ts'
import { templateId } from '../text/template.ts'
import { batchOf, storedBatch } from './batch-harness.ts'
import { compileQuery, matchRows } from './match/compile-query.ts'
import { naiveMatch, naivePlain, naiveTemplate, searchable } from './naive-match-harness.ts'
import { parseQuery } from './language/parse-query.ts'
import { mayMatch } from './plan/dimensions.ts'
import type { Plan } from './plan/plan.ts'
import { planQuery } from './plan/plan-query.ts'
import { randomPattern, randomQuery, randomRecord, seededRandom } from './random-query-harness.ts'
import { linearRegExp } from './match/regular-expression.ts'
import { requiredText } from './plan/required-text.ts'

const now = new Date(2025, 9, 19, 12).getTime()
const only = process.env['LOGBOOM_SEED']
const seeds = only ? [Number(only)] : Array.from({ length: 2000 }, (_, index) => index)

/** One round; gives the number of matches. */
function tryQuery(seed: number): number {
  const random = seededRandom(seed)
  const list = Array.from({ length: 1 + random(40) }, () => randomRecord(random, now))
  const { source, run, session } = list[0]!
  const objects = list.map((record, index) => ({ ...record, source, run, session, id: index + 1, seq: index + 1 }))
  const text = randomQuery(random)
  const query = parseQuery(text, { now, serviceNames: { web: 'Front End', 'db-1': 'DB 1' } })
  const plan = planQuery(query)
  const expected = objects.flatMap((record, index) => (naiveMatch(query, record) ? [index] : []))
  const batch = batchOf(objects)
  for (const each of [batch, storedBatch(batch)]) {
    assert.deepEqual([...matchRows(each, compileQuery(query))], expected, `${text} in ${JSON.stringify(objects)}`)
  }
  for (const index of expected) assertPlanned(plan, naivePlain(objects[index]!), text)
  return expected.length
}

/** The plan lets the record through. */
function assertPlanned(plan: Plan, record: LogRecord, query: string): void {
  const { source, session, run, severity, stream, kind, time, id, message, fields = {} } = record
  const why = `${query} against ${JSON.stringify(record)}`
  const extent = {
    sources: [source], sessions: [session], runFrom: run, runTo: run, severityFrom: severity, severityTo: severity,
    streams: [stream], kinds: [kind], timeFrom: time, timeTo: time, idFrom: id, idTo: id,
    fields: Object.keys(fields), templates: [templateId(naiveTemplate(message))],
  } // oxfmt-ignore
  assert.ok(mayMatch(plan, extent), why)
  const texts = searchable(record).map((text) => text.toLowerCase())
  const occurs = (word: string): boolean => texts.some((text) => text.includes(word))
  assert.ok(plan.words?.every(occurs) ?? true, why)
  assert.ok(plan.anyWords?.every((words) => words.some(occurs)) ?? true, why)
}

test('random queries find what a plain reading of the tree finds, and plans never exclude a match', () => {
  let matches = 0
  for (const seed of seeds) {
    try {
      matches += tryQuery(seed)
    } catch (error) {
      throw new Error(`LOGBOOM_SEED=${seed}`, { cause: error })
    }
  }
  assert.ok(only || matches > 2000, `the generator makes queries that match: ${matches}`)
})

test('what a random regular expression requires is in every text that it matches', () => {
  const random = seededRandom(7)
  const pieces = ['time', 'out', 'port', 'rr', '80', 'o', 'im', 'TIME', 'st', 'k', 't', ':', ' ', 'ä', 'er', '.', '[']
  let required = 0
  for (let round = 0; round < 3000; round++) {
    const pattern = randomPattern(random)
    const lists = requiredText(pattern)
    if (lists.length === 0) continue
    const matches = linearRegExp(pattern)
    for (let i = 0; i < 20; i++) {
      const text = Array.from({ length: random(8) }, () => pieces[random(pieces.length)]).join('')
      if (!matches(text)) continue
      required++
      for (const words of lists) {
        assert.ok(words.some((word) => text.toLowerCase().includes(word)), `/${pattern}/ requires ${words.join(' or ')}: ${text}`) // oxfmt-ignore
      }
    }
  }
  assert.ok(required > 1000, `patterns match: ${required}`)
})
