import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordAt } from '../../contracts/batch.ts'
import { openMemoryStore } from '../../stores/memory/memory-store.ts'
import { batchOf } from '../batch-harness.ts'
import { readContext } from './read-context.ts'
import type { ContextRequest } from '../../contracts/request.ts'

const store = openMemoryStore(() => 0)
// Ids 1 to 60: three of one source, then three of the next, and so on; two of them differ in letter case only.
for (let i = 0; i < 20; i++) {
  const source = ['web', 'Web', 'a "quoted\\" name'][i % 3]!
  const run = i < 10 ? 1 : 2
  await store.commit([batchOf([1, 2, 3].map((n) => ({ source, run, message: `${source} ${i} ${n}` })))], new Map())
}

async function context(request: ContextRequest): Promise<unknown> {
  const found = await readContext(store.search, recordAt, request)
  return found && [found.records.map(({ id }) => id), found.more]
}

test('of its source, which is not one of another letter case', async () => {
  assert.deepEqual(await context({ id: 29, before: 3, after: 2 }), [
    [20, 21, 28, 29, 30, 37],
    { before: true, after: true },
  ])
  assert.deepEqual(await context({ id: 34, before: 1, after: 1 }), [[27, 34, 35], { before: true, after: true }])
})

test('of its run', async () => {
  assert.deepEqual(await context({ id: 29, before: 3, after: 2, scope: 'run' }), [
    [20, 21, 28, 29, 30],
    { before: true, after: false },
  ])
})

test('of all sources, at both ends', async () => {
  assert.deepEqual(await context({ id: 1, before: 5, after: 2, scope: 'all' }), [
    [1, 2, 3],
    { before: false, after: true },
  ])
  assert.deepEqual(await context({ id: 59, before: 1, after: 20, scope: 'all' }), [
    [58, 59, 60],
    { before: true, after: false },
  ])
  assert.deepEqual(await context({ id: 30, before: 0, after: 0, scope: 'all' }), [[30], { before: true, after: true }])
})

test('twenty on each side unless told; nothing when there is no such record', async () => {
  const found = await readContext(store.search, recordAt, { id: 30, scope: 'all' })
  assert.equal(found!.records.length, 41)
  assert.equal(await context({ id: 61 }), undefined)
  assert.equal(await context({ id: 0 }), undefined)
})
