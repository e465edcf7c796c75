import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NamedRecord } from '../contracts/record.ts'
import type { UnkeptRecord } from '../wire/follow-frame.ts'
import { openUnkeptLines } from './unkept-lines.ts'

const line = (unkept: number): UnkeptRecord => ({ ...record(unkept), unkept })
const record = (seq: number) => ({ source: 'web', run: 1, seq, message: `${seq}` }) as NamedRecord
const frame = (first: number, ...numbers: number[]) => ({ type: 'unkept' as const, first, records: numbers.map(line) })

test('lines come, go when they are committed or lost, and go at once when they come as records', () => {
  const unkept = openUnkeptLines()
  const numbers = (): number[] => unkept.lines().map((each) => each.unkept)
  unkept.take(frame(1, 1, 2, 3))
  unkept.take(frame(2, 4, 5))
  assert.deepEqual(numbers(), [2, 3, 4, 5])
  unkept.kept([record(3)])
  assert.deepEqual(numbers(), [2, 4, 5])
  unkept.take(frame(6))
  assert.deepEqual(numbers(), [])
})

test('a new connection gives anew what waits; what it does not name until it is live is gone', () => {
  const unkept = openUnkeptLines()
  const numbers = (): number[] => unkept.lines().map((each) => each.unkept)
  unkept.take(frame(1, 5, 6))
  unkept.renew()
  assert.deepEqual(numbers(), [5, 6], 'shown until it is known')
  unkept.take(frame(1, 1, 2))
  unkept.settle()
  assert.deepEqual(numbers(), [1, 2])
  unkept.renew()
  unkept.settle()
  assert.deepEqual(numbers(), [])
})

test('no more are held than a hub has', () => {
  const unkept = openUnkeptLines()
  for (let from = 1; from < 5000; from += 100) unkept.take(frame(1, ...Array.from({ length: 100 }, (_, i) => from + i)))
  assert.equal(unkept.lines().length, 1000)
})
