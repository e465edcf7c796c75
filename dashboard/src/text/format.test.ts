import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatBytes, formatClock, formatCount, formatCpu, formatDuration, formatLines, formatTime } from './format.ts'

test('clock and milliseconds', () => {
  const time = new Date(2025, 9, 8, 7, 5, 3, 45).getTime()
  assert.equal(formatClock(time), '07:05:03')
  assert.equal(formatTime(time + 0.7), '07:05:03.045')
})

test('durations take the two units that matter', () => {
  assert.equal(formatDuration(-5), '0s')
  assert.equal(formatDuration(59_999), '59s')
  assert.equal(formatDuration(192_000), '3m 12s')
  assert.equal(formatDuration(7_500_000), '2h 05m')
  assert.equal(formatDuration(273_600_000), '3d 4h')
})

test('bytes, shares, counts', () => {
  assert.equal(formatBytes(812_400), '812 kB')
  assert.equal(formatBytes(84_210_000), '84.2 MB')
  assert.equal(formatBytes(1_300_000_000), '1.3 GB')
  assert.equal(formatBytes(999_600), '1.0 MB')
  assert.equal(formatBytes(99_960_000), '100 MB')
  assert.equal(formatBytes(999_600_000), '1.0 GB')
  assert.equal(formatCpu(0.0324), '3.2 %')
  assert.equal(formatCpu(1.5), '150 %')
  assert.equal(formatCount(3412), '3,412')
  assert.equal(formatLines(1), '1 line')
})
