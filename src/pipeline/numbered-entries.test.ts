// Lines with numbers of their senders are committed once each.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CursorValue, Store } from '../contracts/store.ts'
import { formatRanges, openNumberedEntries, parseRanges, withNumber } from './numbered-entries.ts'

const cases: [before: string, number: number, after: string][] = [
  ['', 1, '1'],
  ['', 0, '0'],
  ['1-3', 4, '1-4'],
  ['1-3', 5, '1-3 5'],
  ['1-3 5', 4, '1-5'],
  ['1-3 6', 4, '1-4 6'],
  ['1-3 6', 5, '1-3 5-6'],
  ['5', 3, '3 5'],
  ['5-9', 4, '4-9'],
  ['1-3 7', 5, '1-3 5 7'],
]
for (const [before, number, after] of cases)
  test(`${number} added to "${before}" makes "${after}"`, () =>
    assert.equal(formatRanges(withNumber(parseRanges(before), number)), after))

test('a number that is there changes nothing', () => {
  const ranges = parseRanges('1-3 5 9-12')
  for (const number of [1, 2, 3, 5, 9, 12]) assert.equal(withNumber(ranges, number), ranges)
})

const entry = (number?: number) => ({ message: `${number}`, ...(number === undefined ? {} : { number }) })
const storeWith = (cursors: Map<string, CursorValue>): Store => ({ cursors: () => cursors }) as unknown as Store

test('the next hub knows what is committed, each run by itself, in whatever order it came', () => {
  const cursors = new Map<string, CursorValue | null>()
  const take = (numbered: ReturnType<typeof openNumberedEntries>, run: number, ...numbers: (number | undefined)[]) =>
    numbered.fresh('job', run, numbers.map(entry), cursors).entries.map(({ number }) => number)
  const first = openNumberedEntries(storeWith(new Map()))
  assert.deepEqual(take(first, 1, 11, 12, 12), [11, 12])
  assert.deepEqual(take(first, 1, 9, 10, undefined, 11), [9, 10, undefined])
  assert.deepEqual(take(first, 2, 11), [11])
  const next = openNumberedEntries(storeWith(new Map(cursors as Map<string, CursorValue>)))
  assert.deepEqual(take(next, 1, 8, 9, 12, 13, undefined), [8, 13, undefined])
  assert.deepEqual(take(next, 2, 11, 12), [12])
})

test('what could not be committed is taken when it comes again', () => {
  const numbered = openNumberedEntries(storeWith(new Map()))
  const take = (...numbers: number[]) => numbered.fresh('job', 1, numbers.map(entry), new Map())
  take(1)
  take(2, 3).undo()
  assert.deepEqual(
    take(1, 2, 3).entries.map(({ number }) => number),
    [2, 3],
  )
})

test('of more runs than are remembered those that were sent to first are forgotten', () => {
  const numbered = openNumberedEntries(storeWith(new Map()))
  const cursors = new Map<string, CursorValue | null>()
  for (let run = 1; run <= 2001; run++) numbered.fresh('job', run, [entry(1)], cursors)
  assert.equal(cursors.get('numbers/1 job'), null)
  assert.deepEqual(numbered.fresh('job', 2, [entry(1)], cursors).entries, [])
})
