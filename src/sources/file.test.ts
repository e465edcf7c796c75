import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detailOf } from './file.ts'

test('what a source of files says of itself', () => {
  assert.equal(detailOf(0, 0), 'waits for a file of this name')
  assert.equal(detailOf(1, 1000), 'reads 1 file')
  assert.equal(detailOf(2, 3_000_000_000), 'reads 2 files, 3.0 GB not read yet')
})
