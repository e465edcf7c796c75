// Rows of interleaving batches come out as objects in the order of the log.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchOf } from '../batch-harness.ts'
import { eachRecord, recordsOf } from './records-of.ts'

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

test('many batches that interleave at random', () => {
  const lines: Record<string, { id: number; source: string; message: string }[]> = {}
  for (let id = 1; id <= 2000; id++) {
    const source = `s${Math.floor(Math.random() * 20)}`
    ;(lines[source] ??= []).push({ id, source, message: `line ${id}` })
    // Batches of a source are several, too.
    if (Math.random() < 0.05) lines[`${source}-${id}`] = lines[source]!.splice(0)
  }
  const batches = Object.values(lines).map(batchOf)
  const ids = Array.from({ length: 2000 }, (_, index) => index + 1)
  assert.deepEqual(
    recordsOf(batches, 'oldest').map((record) => record.id),
    ids,
  )
  assert.deepEqual(
    recordsOf(batches, 'newest').map((record) => record.id),
    ids.toReversed(),
  )
  const some = eachRecord(batches, 'newest')
  assert.equal(some.next().value?.message, 'line 2000')
  assert.equal(some.next().value?.message, 'line 1999')
})
