import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDuration, formatElapsed, parseDuration } from './duration.ts'

const hourMs = 3_600_000

test('durations as they are typed', () => {
  const expected: [string, number | undefined][] = [
    ['30d', 720 * hourMs],
    ['1.5h', 1.5 * hourMs],
    [' 4W ', 4 * 168 * hourMs],
    ['90s', 90_000],
    ['1d2h', 26 * hourMs],
    ['1h 30m', 1.5 * hourMs],
    ['250ms', 250],
    ['30', undefined],
    ['d', undefined],
    ['-1d', undefined],
    ['1h30', undefined],
    [`${'9'.repeat(400)}d`, undefined],
  ]
  for (const [text, durationMs] of expected) assert.equal(parseDuration(text), durationMs, text)
})

test('durations as they are shown take two units at most, and can be typed again', () => {
  const expected: [number, string][] = [
    [-5, '0s'],
    [999, '0s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [93_000, '1m 33s'],
    [7_500_000, '2h 5m'],
    [90_061_000, '1d 1h'],
    [720 * hourMs, '30d'],
  ]
  for (const [durationMs, text] of expected) {
    assert.equal(formatDuration(durationMs), text)
    assert.equal(formatDuration(parseDuration(text)!), text)
  }
})

test('time that has passed is never told as nothing', () => {
  const told = [0, 40, 349, 9940, 9960, 10_000, 119_400, 200_000, 7_200_000, 7_500_000, 90_000_000].map(formatElapsed)
  const expected = ['0.1s', '0.1s', '0.3s', '9.9s', '10s', '10s', '1m 59s', '3m 20s', '2h', '2h 5m', '1d 1h']
  assert.deepEqual(told, expected)
})
