import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numberedRecord, numberedRecords } from './rows-harness.ts'
import {
  appendRows,
  createRows,
  fillHole,
  firstId,
  isHole,
  lastId,
  prependRows,
  rowId,
  trimNewest,
  trimOldest,
  type Hole,
} from './rows.ts'

const hole = (after: number, before: number, lines: Hole['lines']): Hole => ({
  hole: true,
  after,
  before,
  lines,
  reason: 'slow-client',
  state: 'open',
})

test('what comes twice after a reconnect is added once', () => {
  const list = createRows()
  assert.equal(appendRows(list, numberedRecords(1, 5)), 5)
  assert.equal(appendRows(list, numberedRecords(3, 8)), 3)
  assert.deepEqual(list.rows.map(rowId), [1, 2, 3, 4, 5, 6, 7, 8])
})

test('place numbers stay with their rows through prepending and trimming', () => {
  const list = createRows()
  appendRows(list, numberedRecords(11, 20))
  const placeOf = (id: number): number => list.first + list.rows.findIndex((row) => rowId(row) === id)
  const place = placeOf(15)
  assert.equal(prependRows(list, numberedRecords(5, 12)), 6)
  assert.equal(placeOf(15), place)
  assert.equal(trimOldest(list, 12), 4)
  assert.equal(placeOf(15), place)
  assert.equal(trimNewest(list, 8), 4)
  assert.equal(placeOf(15), place)
  assert.equal(firstId(list), 9)
  assert.equal(lastId(list), 16)
})

test('a hole moves the end on, so that nothing inside it is taken for new', () => {
  const list = createRows()
  appendRows(list, [...numberedRecords(1, 3), hole(3, 10, 6)])
  assert.equal(lastId(list), 9)
  assert.equal(appendRows(list, [numberedRecord(5), numberedRecord(10)]), 1)
})

test('filling a hole whole removes it', () => {
  const list = createRows()
  const gap = hole(3, 7, 3)
  appendRows(list, [...numberedRecords(1, 3), gap, ...numberedRecords(7, 9)])
  assert.equal(fillHole(list, gap, numberedRecords(4, 6), false), 2)
  assert.deepEqual(list.rows.map(rowId), [1, 2, 3, 4, 5, 6, 7, 8, 9])
  assert.equal(list.rows.some(isHole), false)
})

test('filling a part leaves a smaller hole behind it', () => {
  const list = createRows()
  const gap = hole(3, 100, 96)
  appendRows(list, [...numberedRecords(1, 3), gap, numberedRecord(100)])
  fillHole(list, gap, numberedRecords(4, 13), true)
  const rest = list.rows.find(isHole)
  assert.deepEqual(rest && [rest.after, rest.before, rest.lines], [13, 100, 86])
  assert.equal(fillHole(list, gap, numberedRecords(4, 13), true), 0, 'a hole that is gone is not filled again')
})

test('a hole that turns out empty disappears', () => {
  const list = createRows()
  const gap = hole(3, 7, 'unknown')
  appendRows(list, [...numberedRecords(1, 3), gap, numberedRecord(7)])
  fillHole(list, gap, [], false)
  assert.deepEqual(list.rows.map(rowId), [1, 2, 3, 7])
})
