import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backOffMs } from './back-off.ts'

test('from one second, doubled, to thirty, and never in step with others', () => {
  const delays = Array.from({ length: 8 }, (_, failures) => backOffMs(failures + 1, 0))
  assert.deepEqual(delays, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  assert.equal(backOffMs(1, 1), 750)
  assert.equal(backOffMs(10_000, 0.5), 26_250)
})
