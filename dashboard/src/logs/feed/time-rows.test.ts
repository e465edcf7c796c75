import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../../../../src/contracts/record.ts'
import { mergeByTime } from './time-rows.ts'

const records = (...pairs: [time: number, id: number][]): LogRecord[] =>
  pairs.map(([time, id]) => ({ time, id }) as LogRecord)

const cases: [name: string, rows: LogRecord[], added: LogRecord[], expected: string][] = [
  ['none', [], [], ''],
  ['the first', [], records([5, 2], [4, 3]), '4/3 5/2'],
  ['newer ones', records([1, 1]), records([3, 3], [2, 2]), '1/1 2/2 3/3'],
  ['a late one', records([1, 1], [5, 2], [9, 3]), records([4, 4]), '1/1 4/4 5/2 9/3'],
  ['older ones', records([5, 2], [9, 3]), records([1, 7], [2, 1]), '1/7 2/1 5/2 9/3'],
  ['of the same time by id', records([1, 1], [1, 5]), records([1, 3], [1, 7]), '1/1 1/3 1/5 1/7'],
  ['those that are there', records([1, 1], [2, 2], [3, 3]), records([2, 2], [3, 3], [4, 4]), '1/1 2/2 3/3 4/4'],
]

for (const [name, rows, added, expected] of cases)
  test(`merged by time: ${name}`, () => {
    assert.equal(mergeByTime(rows, added).map(({ time, id }) => `${time}/${id}`).join(' '), expected) // oxfmt-ignore
  })
