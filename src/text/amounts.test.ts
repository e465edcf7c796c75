import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAmount, formatCount, formatShare, formatSize, parseSize } from './amounts.ts'

test('sizes as they are typed', () => {
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
  for (const [text, bytes] of expected) assert.equal(parseSize(text), bytes, text)
})

test('sizes as they are shown', () => {
  const expected: [number, string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1234, '1.2 kB'],
    [812_400, '812 kB'],
    [999_600, '1.0 MB'],
    [84_210_000, '84.2 MB'],
    [99_960_000, '100 MB'],
    [1e10, '10.0 GB'],
    [5e15, '5000 TB'],
  ]
  for (const [bytes, text] of expected) assert.equal(formatSize(bytes), text)
})

test('counts and shares', () => {
  assert.deepEqual([0, 999, 3412, 1_234_567].map(formatCount), ['0', '999', '3,412', '1,234,567'])
  assert.deepEqual(
    [1, 3412].map((count) => formatAmount(count, 'line')),
    ['1 line', '3,412 lines'],
  )
  assert.deepEqual([0, 0.0324, 0.0996, 1.5].map(formatShare), ['0.0 %', '3.2 %', '10 %', '150 %'])
})
