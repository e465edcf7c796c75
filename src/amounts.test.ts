import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatSize, parseDuration, parseSize } from './amounts.ts'

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
