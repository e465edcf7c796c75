// Queries and lines made to take long: the work must grow with the line, never with its square. Times are compared with each
// other in one run, not with a clock: eight times the line may take eight times as long, the square would take 64 times.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../contracts/record.ts'
import { batchOf, storedBatch } from './batch-harness.ts'
import { compileQuery, matchRows } from './match/compile-query.ts'
import { parseQuery } from './language/parse-query.ts'

const message = (text: (length: number) => string) => (length: number) => ({ message: text(length) })
const note = (text: (length: number) => string) => (length: number) => ({ fields: { note: text(length) } })
const as = (length: number): string => `${'a'.repeat(length - 1)}!`

/** As unlike a pattern of letters as can be, and always the same. */
function noise(length: number): string {
  let state = 1
  return Array.from({ length }, () => ((state = (Math.imul(state, 1103515245) + 12345) >>> 0) >> 16) & 1 ? 'a' : 'b').join('') // oxfmt-ignore
}

const cases: [query: string, record: (length: number) => Partial<LogRecord>][] = [
  ['/(a+)+$/', message(as)],
  ['/(a|aa)+[bc]/', message(as)],
  ['/(a+)+$/ OR /(.*a){20}[xy]/', note(as)],
  ['/(x+x+)+[yz]/', message((length) => 'x'.repeat(length))],
  ['/(.*a){20}[xy]/', message(as)],
  ['/[ab]*a[ab]{12}[xy]/', message(noise)],
  ['/(a?){50}a{50}[bc]/', message(as)],
  ['/(\\w+\\s*)+:$/', message((length) => 'word '.repeat(length / 5))],
  [`note:${'*a'.repeat(2000)}b`, note(as)],
  [`note:*${'a'.repeat(2000)}b${'a'.repeat(2000)}*`, note(as)],
  [`"${'a'.repeat(4000)}b${'a'.repeat(4000)}"`, message(as)],
  [`"${'a'.repeat(100)}b${'a'.repeat(90)}"`, message(as)],
  [`"${'ä'.repeat(4000)}b${'ä'.repeat(4000)}"`, message((length) => 'ä'.repeat(length))],
  [`a:${'a'.repeat(3000)}`, message(as)],
  [`a=${'a:a='.repeat(40)}a`, message((length) => 'a=aa:'.repeat(length / 5))],
  [`${'a.'.repeat(19)}a>5`, (length) => ({ fields: { a: Array.from({ length: length / 8 }, () => ({ a: 1 })) } })],
  ['template:3fa2*', message((length) => 'a1 '.repeat(length / 3))],
  ['template:"x <*>"', message((length) => `x ${'a-'.repeat(length / 2)}1`)],
]

/** The best of three: others use the machine, too. */
function timeMs(query: string, record: Partial<LogRecord>): number {
  const predicate = compileQuery(parseQuery(query))
  const batch = storedBatch(batchOf([record]))
  const times = [1, 2, 3].map(() => {
    const start = performance.now()
    matchRows({ ...batch }, predicate)
    return performance.now() - start
  })
  return Math.min(...times)
}

for (const [query, record] of cases) {
  test(`${query.slice(0, 60)} takes time in proportion to the line`, () => {
    timeMs(query, record(65_536))
    const short = timeMs(query, record(131_072))
    const long = timeMs(query, record(1_048_576))
    assert.ok(long < 25 * short + 60, `${short.toFixed(1)} ms, eight times the line ${long.toFixed(1)} ms`)
  })
}

test('a pattern that no fast way can match sees less of a long line, and no more than that', () => {
  const query = '/[ab]*a[ab]{500}[xy]$/'
  const [part, whole] = [timeMs(query, { message: noise(32_768) }), timeMs(query, { message: noise(1_048_576) })]
  assert.ok(whole < 4 * part, `32 KiB ${part.toFixed(1)} ms, 1 MiB ${whole.toFixed(1)} ms`)
  const simple = compileQuery(parseQuery('/time(d )?out$/'))
  assert.equal(matchRows(batchOf([{ message: `${'a'.repeat(500_000)} timed out` }]), simple).length, 1)
})
