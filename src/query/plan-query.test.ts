// What plans say, and that they rather say too little: the proof that they exclude no match is in compile-query.test.ts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseQuery } from './parse-query.ts'
import { mayMatch, type Extent, type Plan } from './plan.ts'
import { planQuery } from './plan-query.ts'

const pattern = (text: string, wildcard = false) => ({ text, wildcard })

const plans: [query: string, plan: Plan][] = [
  ['', {}],
  ['Timeout', { words: ['timeout'] }],
  ['a "b C"', { words: ['a', 'b c'] }],
  ['a OR b', {}],
  ['time OR timeout', { words: ['time'] }],
  ['-a', {}],
  ['a -level:debug', { words: ['a'] }],
  ['level:error', { severityFrom: 17, severityTo: 20 }],
  ['level>=warning level<=error', { severityFrom: 13, severityTo: 20 }],
  ['level:debug OR level:error', { severityFrom: 5, severityTo: 20 }],
  ['source:a* (x OR y)', { sources: [pattern('a*', true)] }],
  ['source:a OR source:b', { sources: [pattern('a'), pattern('b')] }],
  ['source:a OR x', {}],
  ['stream:stderr kind:audit', { streams: ['stderr'], kinds: ['audit'] }],
  ['kind:audit kind:gap', { kinds: [] }],
  ['run:2 OR run:5', { runFrom: 2, runTo: 5 }],
  ['session:s1', { sessions: [pattern('s1')] }],
  ['since:2025-10-19T00:00:00Z', { timeFrom: Date.UTC(2025, 9, 19) }],
  ['user:bob', { words: ['bob'] }],
  ['user:42', {}],
  ['user:b*', {}],
  ['/abc/', {}],
]

for (const [query, plan] of plans) {
  test(`the plan of ${query || 'nothing'}`, () => assert.deepEqual(planQuery(parseQuery(query)), plan))
}

const skips: [query: string, extent: Extent, may: boolean][] = [
  ['source:web*', { sources: ['db', 'web-1'] }, true],
  ['source:web*', { sources: ['db'] }, false],
  ['source:web*', {}, true],
  ['level>=error', { severityFrom: 5, severityTo: 16 }, false],
  ['level>=error', { severityFrom: 5, severityTo: 17 }, true],
  ['level<info', { severityFrom: 9, severityTo: 24 }, false],
  ['stream:log', { streams: ['stdout', 'stderr'] }, false],
  ['kind:gap', { kinds: ['gap'] }, true],
  ['run:3', { runFrom: 4, runTo: 9 }, false],
  ['since:2025-10-19T00:00:00Z', { timeFrom: 0, timeTo: Date.UTC(2025, 9, 19) }, true],
  ['since:2025-10-19T00:00:00Z', { timeFrom: 0, timeTo: Date.UTC(2025, 9, 19) - 1 }, false],
  ['until:2025-10-19T00:00:00Z', { timeFrom: Date.UTC(2025, 9, 19), timeTo: Infinity }, false],
  ['until:2025-10-19T00:00:00Z', { timeFrom: Date.UTC(2025, 9, 19) - 1, timeTo: Infinity }, true],
]

for (const [query, extent, may] of skips) {
  test(`${query} ${may ? 'may be' : 'is not'} in ${JSON.stringify(extent)}`, () =>
    assert.equal(mayMatch(planQuery(parseQuery(query)), extent), may))
}
