import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageAt } from '../contracts/batch.ts'
import type { Recent } from '../contracts/dialect.ts'
import { severities } from '../contracts/record.ts'
import { openTestStorage, type TestLine } from './follow-harness.ts'
import { openRecentLines, type RecentLines } from './recent-lines.ts'

const lines = (source: string, count: number, more: Partial<TestLine> = {}): TestLine[] =>
  Array.from({ length: count }, (_, n) => ({ message: `${source} ${n}`, source, ...more }))

async function read(recent: RecentLines, of: Recent['of'], count = 100): Promise<string[]> {
  const { places } = await recent.read({ count, of }, () => true)
  return places.map(({ batch, row }) => messageAt(batch, row))
}

function open(t: { after(work: () => void): void }, maxEntries = 1000) {
  const storage = openTestStorage()
  const recent = openRecentLines({ storage, maxEntries, sources: () => ['quiet', 'busy'] })
  t.after(recent.close)
  return { storage, recent }
}

test('what was there before comes from the store, also of a source that others have left behind', async (t) => {
  const { storage, recent } = open(t)
  storage.commit([...lines('quiet', 3), ...lines('busy', 2000)])
  const found = await read(recent, 'source')
  assert.deepEqual(found.slice(0, 3), ['quiet 0', 'quiet 1', 'quiet 2'])
  assert.deepEqual([found.length, found[3], found.at(-1)], [103, 'busy 1900', 'busy 1999'])
})

test('what comes is held, and follows without a gap behind the cursor', async (t) => {
  const { storage, recent } = open(t)
  storage.commit(lines('busy', 2))
  await read(recent, 'all')
  storage.commit(lines('quiet', 1))
  const { places, cursor } = await recent.read({ count: 2, of: 'all' }, () => true)
  assert.deepEqual([places.map(({ batch, row }) => batch.id[row]), cursor], [[2, 3], 3])
  assert.equal(storage.listeners(), 1)
  recent.close()
  assert.equal(storage.listeners(), 0)
})

test('of groups with as many lines the oldest goes', async (t) => {
  const { storage, recent } = open(t, 2)
  await read(recent, 'all')
  for (const source of ['a', 'b', 'c']) storage.commit(lines(source, 1))
  assert.deepEqual(await read(recent, 'all'), ['b 0', 'c 0'])
  storage.commit(lines('a', 1))
  assert.deepEqual(await read(recent, 'all'), ['c 0', 'a 0'])
})

test('a busy source does not drive out a quiet one, nor details what is worth more', async (t) => {
  const { storage, recent } = open(t, 50)
  storage.commit([...lines('quiet', 5), ...lines('quiet', 2, { kind: 'audit' })])
  await read(recent, 'all')
  for (let n = 0; n < 20; n++)
    storage.commit([...lines('busy', 30), ...lines('quiet', 30, { severity: severities.DEBUG, message: 'detail' })])
  const found = await read(recent, 'all')
  assert.equal(found.length, 50)
  assert.equal(found.filter((message) => message.startsWith('quiet')).length, 7)
  assert.deepEqual((await read(recent, 'type', 1)).length, 2)
})
