import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, test } from 'node:test'
import type { FollowRequest } from '../wire/follow-frame.ts'
import { openFeed, type Feed } from './feed.ts'
import {
  numbered,
  openTestReader,
  openTestStorage,
  range,
  type TestReader,
  type TestStorage,
} from './follow-harness.ts'
import { openFollow } from './follow.ts'
import type { Follow } from './follower.ts'

const follows: Follow[] = []
afterEach(() => {
  for (const follow of follows.splice(0)) follow.close()
})

function start(feed: Feed, request: FollowRequest, reader: TestReader = openTestReader()): TestReader & Follow {
  const follow = openFollow(request, feed, reader)
  follows.push(follow)
  return Object.assign(reader, follow)
}

const isLive = (reader: TestReader) => reader.frames.some((frame) => frame.type === 'live')
const has = (id: number) => (reader: TestReader) => (reader.ids().at(-1) ?? 0) >= id

function open(options?: { pageRecords?: number }): { storage: TestStorage; feed: Feed } {
  const storage = openTestStorage(options)
  return { storage, feed: openFeed(storage) }
}

test('without a cursor: the newest matching records in order, then live', async () => {
  const { storage, feed } = open()
  storage.commit(numbered(500))
  const reader = start(feed, { limit: 50 })
  await reader.until(isLive)
  assert.deepEqual(reader.ids(), range(451, 500))
  storage.commit(numbered(3))
  await reader.until(has(503))
  assert.deepEqual(reader.ids(), range(451, 503))
  assert.deepEqual(
    reader.frames.map((frame) => frame.type),
    ['records', 'live', 'records'],
  )
})

test('records committed while history is read come once and in order', async () => {
  const { storage, feed } = open({ pageRecords: 10 })
  storage.commit(numbered(200))
  storage.beforePage = () => {
    if (storage.head() < 400) storage.commit(numbered(7))
  }
  const reader = start(feed, { after: 20 })
  await reader.until(isLive)
  storage.commit(numbered(5))
  const head = storage.head()
  await reader.until(has(head))
  assert.deepEqual(reader.ids(), range(21, head))
  assert.ok(head > 300, 'the search was interleaved with commits')
})

test('a query chooses alike from history and live, and the cursor passes what does not match', async () => {
  const { storage, feed } = open()
  storage.commit([{ message: 'apple' }, { message: 'pear' }, { message: 'apple pie' }, { message: 'plum' }])
  const reader = start(feed, { after: 0, query: 'apple' })
  await reader.until(isLive)
  assert.deepEqual(reader.frames.at(-1), { type: 'live', cursor: 4 })
  storage.commit([{ message: 'pear' }, { message: 'Apple' }, { message: 'plum' }])
  await reader.until(has(6))
  assert.deepEqual(reader.ids(), [1, 3, 6])
  const last = reader.frames.at(-1)
  assert.ok(last?.type === 'records')
  assert.equal(last.cursor, 7)
})

test('a wrong query is refused with its place', async () => {
  const { feed } = open()
  const reader = start(feed, { query: '(' })
  await reader.until(({ failure }) => failure !== undefined)
  assert.equal((reader.failure as { code?: string }).code, 'query-invalid')
})

test('listens to the storage only while somebody follows', async () => {
  const { storage, feed } = open()
  const one = start(feed, {})
  const two = start(feed, { query: 'x' })
  await Promise.all([one.until(isLive), two.until(isLive)])
  assert.equal(storage.listeners(), 1)
  one.close()
  two.close()
  await delay(0)
  assert.equal(storage.listeners(), 0)
  const three = start(feed, {})
  await three.until(isLive)
  storage.commit(numbered(1))
  await three.until(has(1))
})

test('a cursor from a log that is gone: says so and begins with the newest', async () => {
  const { storage, feed } = open()
  storage.commit(numbered(5))
  const reader = start(feed, { after: 900, limit: 2 })
  await reader.until(isLive)
  assert.deepEqual(reader.frames[0], { type: 'gap', after: 900, before: 1, lines: 'unknown', reason: 'new-log' })
  assert.deepEqual(reader.ids(), [4, 5])
})

test('a reader that stops taking is served from the store when it goes on, and misses nothing', async () => {
  const { storage, feed } = open({ pageRecords: 1000 })
  const reader = start(feed, { after: 0 })
  await reader.until(isLive)
  reader.stalled = true
  for (let i = 0; i < 60; i++) {
    storage.commit(numbered(500, 'x'.repeat(400)))
    await delay(1)
  }
  await delay(50)
  const given = reader.frames.length
  assert.ok(reader.ids().at(-1)! < 5000, 'what waits for the reader is bounded')
  reader.stalled = false
  reader.drained()
  await reader.until(has(30_000))
  assert.deepEqual(reader.ids(), range(1, 30_000))
  assert.ok(reader.frames.length > given)
  await reader.until(({ frames }) => frames.filter(({ type }) => type === 'live').length === 2)
  assert.ok(storage.searches > 0)
})

test('with slow: skip, what a stalled reader missed is one exact gap, and it goes on with the newest', async () => {
  const { storage, feed } = open()
  const reader = start(feed, { after: 0, slow: 'skip' })
  await reader.until(isLive)
  reader.stalled = true
  for (let i = 0; i < 60; i++) {
    storage.commit(numbered(500, 'x'.repeat(400)))
    await delay(1)
  }
  await delay(50)
  const last = reader.ids().at(-1)!
  reader.stalled = false
  reader.drained()
  await reader.until(has(30_000))
  const gaps = reader.frames.filter((frame) => frame.type === 'gap')
  assert.equal(gaps.length, 1)
  const [gap] = gaps
  const ids = reader.ids()
  const next = ids[ids.indexOf(last) + 1]!
  assert.deepEqual(gap, { type: 'gap', after: last, before: next, lines: next - last - 1, reason: 'slow-client' })
  assert.deepEqual(ids, [...range(1, last), ...range(next, 30_000)])
  assert.equal(storage.searches, 0)
})

test('followers of the same query are given the same bytes, encoded once', async () => {
  const { storage, feed } = open()
  const sent: Uint8Array[][] = []
  const readers = ['level:info', ' level:INFO '].map((query, index) => {
    const reader = openTestReader()
    const { send } = reader
    sent[index] = []
    reader.send = (frame, cursor) => {
      sent[index]!.push(frame)
      send(frame, cursor)
    }
    return start(feed, { query, limit: 0 }, reader)
  })
  await Promise.all(readers.map((reader) => reader.until(isLive)))
  storage.commit(numbered(3))
  await Promise.all(readers.map((reader) => reader.until(has(3))))
  assert.equal(sent[0]!.at(-1), sent[1]!.at(-1))
})

test('the rate limit holds back per source and second, and reports exactly how much', async () => {
  const { storage, feed } = open()
  const reader = start(feed, { after: 0, rateLimit: 10 })
  await reader.until(isLive)
  const second = 1_760_000_000_000
  storage.commit(
    range(1, 90).map((n) => ({ message: `${n}`, source: n % 3 === 0 ? 'calm' : 'busy', observed: second + n })),
  )
  storage.commit([{ message: 'next second', source: 'busy', observed: second + 1000 }])
  await reader.until(({ frames }) => frames.filter(({ type }) => type === 'gap').length === 2)
  const shown = Map.groupBy(reader.records(), (record) => record.source)
  assert.equal(shown.get('calm')!.length, 10)
  assert.equal(shown.get('busy')!.length, 11)
  const gaps = reader.frames.filter((frame) => frame.type === 'gap')
  assert.deepEqual(
    gaps.map(({ source, lines, reason }) => ({ source, lines, reason })),
    [
      { source: 'busy', lines: 50, reason: 'rate-limit' },
      { source: 'calm', lines: 20, reason: 'rate-limit' },
    ],
  )
  assert.equal(gaps[1]!.after + 1, 33)
  assert.equal(gaps[1]!.before - 1, 90)
})

test('collapsing shows a repeated line once in 30 seconds and counts the others', async () => {
  const { storage, feed } = open()
  const reader = start(feed, { after: 0, collapse: true })
  await reader.until(isLive)
  const at = 1_760_000_000_000
  const same = (observed: number) => ({ message: 'again', observed: at + observed })
  storage.commit([same(0), same(1), { message: 'other', observed: at }, same(29_999), same(30_000), same(30_001)])
  const counts = () => reader.frames.filter((frame) => frame.type === 'repeats')
  await reader.until(() => counts().length === 2)
  assert.deepEqual(reader.ids(), [1, 3, 5])
  assert.deepEqual(counts(), [
    { type: 'repeats', of: 1, count: 2 },
    { type: 'repeats', of: 5, count: 1 },
  ])
  const exit = () => ({ message: 'exited with code 1', kind: 'event' as const, observed: at })
  storage.commit([exit(), exit()])
  await reader.until(() => reader.ids().at(-1) === 8)
  assert.deepEqual(reader.ids(), [1, 3, 5, 7, 8])
})

test('adjacent repeats are folded, in history, live, and by somebody who resumes', async () => {
  const { storage, feed } = open({ pageRecords: 3 })
  const say = (...messages: string[]) => storage.commit(messages.map((message) => ({ message })))
  const told = (reader: TestReader) =>
    reader.frames.flatMap((frame) =>
      frame.type === 'repeats' && 'newest' in frame ? [[frame.of, frame.count, frame.newest.id]] : [],
    )
  const request = { collapse: 'adjacent', limit: 2 } as const
  say('a', 'a', 'b', 'b', 'b', 'a', 'a')
  const reader = start(feed, request)
  await reader.until(isLive)
  assert.deepEqual(reader.ids(), [5, 7])
  assert.deepEqual(told(reader), [
    [3, 2, 5],
    [6, 1, 7],
  ])
  say('a', 'a', 'c', 'a')
  await reader.until(() => told(reader).length === 3)
  assert.deepEqual(reader.ids(), [5, 7, 10, 11])
  assert.deepEqual(told(reader)[2], [6, 3, 9])

  for (const after of [7, 9]) {
    const resumed = start(feed, { ...request, after })
    await resumed.until(isLive)
    await resumed.until(() => told(resumed).length === 1)
    assert.deepEqual(resumed.ids(), [10, 11])
    assert.deepEqual(told(resumed), [[6, 3, 9]])
  }
})

test('a line that comes more often than anybody looks back has come at least so often', async () => {
  const { storage, feed } = open({ pageRecords: 5000 })
  storage.commit(Array.from({ length: 20_000 }, () => ({ message: 'tick' })))
  const reader = start(feed, { collapse: 'adjacent', limit: 100 })
  await reader.until(isLive)
  const [frame] = reader.frames.filter(({ type }) => type === 'repeats')
  assert.ok(frame?.type === 'repeats' && 'newest' in frame && frame.atLeast)
  assert.ok(frame.count === 9999 && frame.newest.id === 20_000)
})

test('events are never folded, and what was held back stands between', async () => {
  const { storage, feed } = open()
  const reader = start(feed, { collapse: 'adjacent', rateLimit: 2, after: 0 })
  await reader.until(isLive)
  const at = { observed: 1_760_000_000_000 }
  const exit = () => ({ message: 'exited', kind: 'event' as const, observed: 0 })
  storage.commit([exit(), exit(), { message: 'a', ...at }, { message: 'b', ...at }, { message: 'c', ...at }])
  storage.commit([{ message: 'b', observed: at.observed + 1000 }])
  await reader.until(has(6))
  assert.deepEqual(reader.ids(), [1, 2, 3, 4, 6])
})

test('says every 15 seconds that it is alive, with the cursor', async (context) => {
  const { storage, feed } = open()
  context.mock.timers.enable({ apis: ['setInterval'] })
  const reader = start(feed, { query: 'nothing' })
  await reader.until(isLive)
  storage.commit(numbered(3))
  context.mock.timers.tick(15_000)
  assert.deepEqual(reader.frames.at(-1), { type: 'heartbeat', cursor: 3 })
})

test('a search that fails ends the follow with the error', async () => {
  const { storage, feed } = open()
  storage.commit(numbered(1))
  storage.beforePage = () => {
    throw new Error('disk on fire')
  }
  const reader = start(feed, { after: 0 })
  await reader.until(({ failure }) => failure !== undefined)
  assert.match(String(reader.failure), /disk on fire/)
})

test('lines that are not kept come without a cursor, as far as they match, and are taken back', async () => {
  const { storage, feed } = open()
  storage.commit(numbered(3))
  const reader = start(feed, { query: 'line' })
  await reader.until(isLive)
  const frames = () => reader.frames.filter((frame) => frame.type === 'unkept')
  storage.keepBack([{ message: 'line a' }, { message: 'other' }, { message: 'line b' }], 1, 1)
  await reader.until(() => frames().length === 1)
  assert.deepEqual(
    frames()[0]!.records.map(({ unkept, message }) => [unkept, message]),
    [
      [1, 'line a'],
      [3, 'line b'],
    ],
  )
  assert.ok(frames().every((frame) => !('cursor' in frame) && frame.records.every((record) => !('id' in record))))

  const late = start(feed, { query: 'line b', after: 3 })
  await late.until(isLive)
  assert.deepEqual(
    late.frames.map((frame) => frame.type),
    ['unkept', 'live'],
  )
  const stranger = start(feed, { query: 'nothing' })
  await stranger.until(isLive)
  storage.keepBack([], 0, 4)
  await reader.until(() => frames().length === 2)
  assert.deepEqual(frames()[1], { type: 'unkept', first: 4, records: [] })
  assert.ok(stranger.frames.every((frame) => frame.type !== 'unkept'))
})

test('of lines that are not kept there are as many as memory is meant for, however many come', async () => {
  const { storage, feed } = open()
  for (let from = 1; from < 20_000; from += 500) storage.keepBack(numbered(500), from, 1)
  const reader = start(feed, {})
  await reader.until(isLive)
  const shown = () => reader.frames.flatMap((frame) => (frame.type === 'unkept' ? frame.records : []))
  assert.equal(shown().length, 200)
  assert.equal(shown().at(-1)!.unkept, 20_000)
  // A reader that takes nothing is spared, and told in the end that all are gone.
  reader.stalled = true
  storage.keepBack(numbered(1, 'x'.repeat(600_000)), 20_001, 1)
  await reader.until(() => shown().length === 201)
  storage.keepBack(numbered(10), 20_002, 1)
  storage.keepBack([], 0, 20_012)
  reader.stalled = false
  reader.drained()
  await reader.until(({ frames }) => frames.some((frame) => frame.type === 'unkept' && frame.first === 20_012))
})
