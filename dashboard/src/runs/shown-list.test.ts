import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withNewest, withOlder, type ShownList } from './shown-list.ts'

type Row = { startedAt: number; note?: string }
const list = (past: string | undefined, ...starts: number[]): ShownList<Row> => ({
  rows: starts.map((startedAt) => ({ startedAt })),
  past,
})
const keyOf = ({ startedAt }: Row): string => String(startedAt)
const startsOf = ({ rows, past }: ShownList<Row>): unknown[] => [rows.map(({ startedAt }) => startedAt), past]

const cases: [what: string, shown: ShownList<Row>, newest: ShownList<Row>, starts: number[], past?: string][] = [
  ['one page', list('a', 3, 2), list('b', 4, 3), [4, 3, 2], 'a'],
  ['a list that has no more', list('a', 3, 2), list(undefined, 4), [4], undefined],
  ['nothing any more', list('a', 3, 2), list(undefined), [], undefined],
  ['rows of older pages stay', list('a', 6, 5, 4, 3), list('b', 7, 6, 5), [7, 6, 5, 4, 3], 'a'],
  ['one that does not match any more goes', list('a', 6, 5, 4, 3), list('b', 6, 4), [6, 4, 3], 'a'],
  ['the first page is all there is', list('a', 6, 5), list('b', 6, 5), [6, 5], 'b'],
]
for (const [what, shown, newest, starts, past] of cases)
  test(what, () => assert.deepEqual(startsOf(withNewest(shown, newest, keyOf)), [starts, past]))

test('rows are as the newest answer has them, and an older page is added without those that are there', () => {
  const newest: ShownList<Row> = { rows: [{ startedAt: 2, note: 'new' }], past: 'b' }
  assert.equal(withNewest(list('a', 2, 1), newest, keyOf).rows[0]!.note, 'new')
  assert.deepEqual(startsOf(withOlder(list('a', 3, 2), list(undefined, 2, 1), keyOf)), [[3, 2, 1], undefined])
})
