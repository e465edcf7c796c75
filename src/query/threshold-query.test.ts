import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Threshold } from '../contracts/request.ts'
import { batchOf } from './batch-harness.ts'
import { parseQuery } from './language/parse-query.ts'
import { compileQuery, matchRows } from './match/compile-query.ts'
import { thresholdQuery } from './threshold-query.ts'

const none: Threshold = { level: 'TRACE', ofSources: {}, withoutServices: [] }
const rows = [1, 5, 9, 13, 17, 21].map((severity) => ({ severity }))
const spoken = [{ logger: 'voice.in' }, { logger: 'gpt' }, {}]

const cases: [threshold: Partial<Threshold>, source: string, records: object[], matching: number[]][] = [
  [{}, 'web', rows, [0, 1, 2, 3, 4, 5]],
  [{ level: 'INFO' }, 'web', rows, [2, 3, 4, 5]],
  [{ level: 'INFO', ofSources: { web: 'DEBUG' } }, 'web', rows, [1, 2, 3, 4, 5]],
  [{ level: 'INFO', ofSources: { web: 'TRACE' } }, 'web', rows, [0, 1, 2, 3, 4, 5]],
  [{ level: 'INFO', ofSources: { web: 'ERROR', api: 'TRACE' } }, 'worker', rows, [2, 3, 4, 5]],
  [{ ofSources: { web: 'ERROR' } }, 'web', rows, [4, 5]],
  [{ ofSources: { web: 'ERROR' } }, 'api', rows, [0, 1, 2, 3, 4, 5]],
  [{ ofSources: { 'say "x\\" *': 'CRITICAL' } }, 'say "x\\" *', rows, [5]],
  [{ withoutServices: ['Voice'] }, 'web', spoken, [1, 2]],
  [{ withoutServices: ['Voice', 'web'], ofSources: { web: 'INFO' } }, 'web', spoken, [1]],
]

test('a threshold is a query that keeps what is at its level or above, but for the services that are switched off', () => {
  for (const [threshold, source, records, matching] of cases) {
    const query = thresholdQuery({ ...none, ...threshold })
    const batch = batchOf(records.map((record) => ({ source, ...record })))
    assert.deepEqual([...matchRows(batch, compileQuery(parseQuery(query)))], matching, query)
  }
  assert.equal(thresholdQuery(none), '')
})
