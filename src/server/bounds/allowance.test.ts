import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAllowance } from './allowance.ts'

test('so many at once, then one for each stretch of time, and never more than so many saved up', () => {
  let now = 0
  const may = openAllowance({ burst: 3, everyMs: 100 }, () => now)
  const count = () => {
    let times = 0
    while (may()) times++
    return times
  }
  assert.equal(count(), 3)
  now = 99
  assert.equal(count(), 0)
  now = 250
  assert.equal(count(), 2)
  now = 100_000
  assert.equal(count(), 3)
})
