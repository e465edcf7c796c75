import assert from 'node:assert/strict'
import { test } from 'node:test'
import { medianOf } from './median.ts'

const cases: [numbers: number[], median: number | undefined][] = [
  [[], undefined],
  [[3], 3],
  [[9, 1], 5],
  [[10, 9, 1], 9],
]
for (const [numbers, median] of cases)
  test(`of ${numbers.join() || 'nothing'}`, () => assert.equal(medianOf(numbers), median))
