import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLineEncoder } from './line-encoder.ts'

test('lines of any length and letters are the bytes that they are in UTF-8', () => {
  const { encode, bytes } = createLineEncoder()
  const edges = ['x', '日'].flatMap((letter) => [8191, 8192, 8193, 30_000].map((count) => letter.repeat(count)))
  for (const line of ['', 'a\n', 'é📸\n', ...edges, '\ud800 alone\n', 'after\n']) {
    const size = encode(line)
    assert.deepEqual(Buffer.from(bytes().subarray(0, size)), Buffer.from(line))
  }
})
