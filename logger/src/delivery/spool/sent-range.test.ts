import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOfPart } from './sent-range.ts'

const lines = Buffer.from('aaaa\nbb\ncccccccc\n')

test('a part is whole lines, as many as fit, and at least one', () => {
  const cases: [from: number, most: number, to: number][] = [
    [0, 100, 17],
    [0, 17, 17],
    [0, 16, 8],
    [0, 8, 8],
    [0, 7, 5],
    [0, 5, 5],
    [0, 4, 5],
    [0, 1, 5],
    [5, 3, 8],
    [8, 1, 17],
  ]
  for (const [from, most, to] of cases) assert.equal(endOfPart(lines, { from, most }), to, `${most} from ${from}`)
})
