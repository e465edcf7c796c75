// Rows of interleaving batches come out as objects in the order of the log.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchOf } from './batch-harness.ts'
import { recordsOf } from './records-of.ts'

const web = batchOf([1, 4, 5].map((id) => ({ id, source: 'web', message: `web ${id}` })))
const db = batchOf([2, 3, 6].map((id) => ({ id, source: 'db', message: `db ${id}` })))

test('oldest first and newest first', () => {
  assert.deepEqual(
    recordsOf([web, db], 'oldest').map((record) => record.message),
    ['web 1', 'db 2', 'db 3', 'web 4', 'web 5', 'db 6'],
  )
  assert.deepEqual(
    recordsOf([web, db], 'newest').map((record) => record.id),
    [6, 5, 4, 3, 2, 1],
  )
  assert.deepEqual(
    recordsOf([db], 'newest').map((record) => record.id),
    [6, 3, 2],
  )
  assert.deepEqual(recordsOf([], 'newest'), [])
})
