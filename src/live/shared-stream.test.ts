// Followers who share a stream: what they are spared is decided once, and told to each who missed it.
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import type { FollowRequest } from '../wire/follow-frame.ts'
import { openFeed, type Feed } from './feed.ts'
import { numbered, openTestReader, openTestStorage, type TestReader } from './follow-harness.ts'
import { openFollow } from './follow.ts'
import type { Follow } from './follower.ts'

const follows: Follow[] = []
afterEach(() => {
  for (const follow of follows.splice(0)) follow.close()
})

async function share(feed: Feed, request: FollowRequest): Promise<TestReader & { sent: Uint8Array[] }> {
  const sent: Uint8Array[] = []
  const reader = Object.assign(openTestReader(), { sent })
  const { send } = reader
  reader.send = (frame, cursor) => {
    sent.push(frame)
    send(frame, cursor)
  }
  follows.push(openFollow({ limit: 0, slow: 'skip', ...request }, feed, reader, { isShared: true }))
  await reader.until(({ frames }) => frames.some(({ type }) => type === 'live'))
  return reader
}

const gapsOf = ({ frames }: TestReader) => frames.filter((frame) => frame.type === 'gap')
const hasGap = (reader: TestReader): boolean => gapsOf(reader).length > 0
const missing = (reader: TestReader): number => gapsOf(reader).reduce((sum, { lines }) => sum + Number(lines), 0)

test('lines are limited once for all, in the same bytes, and each is told and counted', async () => {
  const storage = openTestStorage()
  const feed = openFeed(storage)
  const readers = [await share(feed, { rateLimit: 10 }), await share(feed, { rateLimit: 10 })]
  const observed = Date.now()
  storage.commit(numbered(30).map((line) => ({ ...line, observed })))
  for (const reader of readers) {
    await reader.until(hasGap)
    assert.deepEqual([reader.records().length, missing(reader)], [10, 20])
  }
  const [one, other] = readers.map(({ sent }) => sent.slice(-2))
  assert.deepEqual(
    one!.map((bytes, index) => bytes === other![index]),
    [true, true],
  )
  for (const { delivered, dropped } of feed.followers.view().clients)
    assert.deepEqual([delivered, dropped], [10, { 'rate-limit': 20 }])
})

test('whoever comes later is not told what was missing before', async () => {
  const storage = openTestStorage()
  const feed = openFeed(storage)
  const early = await share(feed, { rateLimit: 10 })
  const observed = Date.now()
  storage.commit(numbered(30).map((line) => ({ ...line, observed })))
  await early.until((reader) => reader.records().length === 10)
  const late = await share(feed, { rateLimit: 10 })
  storage.commit(numbered(14).map((line) => ({ ...line, observed: observed + 1000 })))
  await early.until((reader) => missing(reader) === 24)
  await late.until(hasGap)
  assert.deepEqual([late.records().length, missing(late)], [10, 4])
})

test('lines that come faster than they can be encoded are counted to the last one', async () => {
  const storage = openTestStorage()
  const reader = await share(openFeed(storage), { query: 'level:info' })
  const total = 60_000
  // Within one turn of the event loop, so that nothing can be sent between.
  for (let n = 0; n < total; n += 1000) storage.commit(numbered(1000, 'x'.repeat(400)))
  await reader.until(hasGap)
  assert.deepEqual(
    gapsOf(reader).map(({ reason }) => reason),
    ['overload'],
  )
  await reader.until(() => reader.records().length + missing(reader) === total)
  assert.ok(reader.records().length > 0)
})
