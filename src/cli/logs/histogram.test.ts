import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alignedRange, formatBars } from './histogram.ts'
import { createPaint } from '../terminal-style.ts'

const at = (text: string): number => Date.parse(`${text}Z`)

test('buckets are round, hold everything, and are few', () => {
  assert.deepEqual(alignedRange(at('2025-10-19T05:47:12.5'), at('2025-10-19T05:47:12.501'), true), {
    from: at('2025-10-19T05:47:12'),
    to: at('2025-10-19T05:47:13'),
    bucketMs: 1000,
  })
  assert.deepEqual(alignedRange(at('2025-10-19T05:47:12'), at('2025-10-19T11:01:00'), true), {
    from: at('2025-10-19T05:45:00'),
    to: at('2025-10-19T11:15:00'),
    bucketMs: 900_000,
  })
  for (let spanMs = 1; spanMs < 1e13; spanMs *= 1.7) {
    for (const utc of [true, false]) {
      const since = at('2025-03-30T00:30:00') + spanMs / 3
      const { from, to, bucketMs } = alignedRange(since, since + spanMs, utc)
      const rows = (to - from) / bucketMs
      assert.ok(from <= since && to >= since + spanMs && Number.isInteger(rows), `${spanMs}`)
      assert.ok(rows <= 31 && (bucketMs === 1000 || rows > 8), `${rows} rows of ${bucketMs} ms for ${spanMs}`)
    }
  }
})

test('a row for each bucket, as long as it has records, with its errors', () => {
  const none = [0, 0, 0]
  const counts = { TRACE: none, DEBUG: none, INFO: [1200, 0, 1], WARNING: none, ERROR: [0, 0, 1], CRITICAL: [34, 0, 0] }
  const histogram = { from: at('2025-10-19T05:00:00'), bucketMs: 60_000, counts, earlier: 7, later: 0 }
  assert.equal(
    formatBars({ count: 1243, through: 1, done: true, histogram }, createPaint(false), true),
    [
      'earlier  7',
      `05:00:00  1,234  ${'█'.repeat(40)}  34 errors`,
      '05:01:00      0',
      '05:02:00      2  ▏  1 error',
      '',
    ].join('\n'),
  )
  const days = { ...histogram, bucketMs: 86_400_000, earlier: 0 }
  assert.match(
    formatBars({ count: 1243, through: 1, done: true, histogram: days }, createPaint(false), true),
    /^2025-10-19 05:00 .*\n2025-10-20 05:00 /,
  )
})
