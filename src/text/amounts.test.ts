import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatElapsed, formatSize, parseDuration, parseSize } from './amounts.ts'

test('durations', () => {
  const hourMs = 3_600_000
  const expected: [string, number | undefined][] = [
    ['30d', 720 * hourMs],
    ['1.5h', 1.5 * hourMs],
    [' 4W ', 4 * 168 * hourMs],
    ['90s', 90_000],
    ['30', undefined],
    ['d', undefined],
    ['-1d', undefined],
    ['1d2h', undefined],
  ]
  for (const [text, value] of expected) assert.equal(parseDuration(text), value, text)
})

test('sizes, and how they are shown', () => {
  const expected: [string, number | undefined][] = [
    ['10GB', 1e10],
    ['10g', 1e10],
    ['1.5 MiB', 1_572_864],
    ['512', 512],
    ['512B', 512],
    ['0', 0],
    ['10 G B', undefined],
    ['', undefined],
    ['i', undefined],
  ]
  for (const [text, value] of expected) assert.equal(parseSize(text), value, text)
  const shown: [number, string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1234, '1.2 kB'],
    [123_456_789, '123 MB'],
    [1e10, '10.0 GB'],
    [5e15, '5000 TB'],
  ]
  for (const [bytes, text] of shown) assert.equal(formatSize(bytes), text)
})

test('time that has passed is never told as nothing', () => {
  const told = [0, 40, 349, 9960, 10_000, 119_400, 200_000, 7_200_000, 7_500_000, 90_000_000].map(formatElapsed)
  const expected = ['0.1 s', '0.1 s', '0.3 s', '10 s', '10 s', '119 s', '3 min 20 s', '2 h', '2 h 5 min', '25 h']
  assert.deepEqual(told, expected)
})
