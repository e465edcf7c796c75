import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as settled } from 'node:timers/promises'
import type { Client, FollowHandlers, SearchParameters } from '../../../../src/client/index.ts'
import type { NamedRecord } from '../../../../src/contracts/record.ts'
import { openLogFeed, type LogFeed } from './log-feed.ts'
import { numberedRecord, numberedRecords } from './rows-harness.ts'
import { isHole, rowId } from './rows.ts'

// One animation frame per `frame()`, so that the test decides when the page draws.
const frames = new Map<number, FrameRequestCallback>()
let lastFrame = 0
globalThis.requestAnimationFrame = (callback) => {
  frames.set(++lastFrame, callback)
  return lastFrame
}
globalThis.cancelAnimationFrame = (handle) => void frames.delete(handle)
const frame = (): void => {
  const due = [...frames.values()]
  frames.clear()
  for (const run of due) run(0)
}

/** A hub whose log has the ids 1 to `head`; what it sends live, the test says. */
function play(options: { at?: number; limit?: number; head: number }): {
  feed: LogFeed
  live: () => FollowHandlers
  follows: (number | undefined)[]
  ids: () => number[]
} {
  const follows: (number | undefined)[] = []
  let handlers: FollowHandlers | undefined
  const { head } = options
  const client = {
    follow(request: { after?: number }, given: FollowHandlers) {
      follows.push(request.after)
      handlers = given
      return { close: () => undefined }
    },
    search({ after = 0, before = Infinity, order, limit = 200 }: SearchParameters) {
      const all = numberedRecords(Math.max(1, after + 1), Math.min(head, before - 1))
      const records = order === 'oldest' ? all.slice(0, limit) : all.toReversed().slice(0, limit)
      return Promise.resolve({ records, cursor: records.at(-1)?.id ?? 0, more: all.length > limit })
    },
  } as unknown as Client
  const feed = openLogFeed({ client, query: '', ...options })
  return { feed, live: () => handlers!, follows, ids: () => feed.snapshot().rows.map(rowId) }
}

function begin(given: ReturnType<typeof play>, history: NamedRecord[]): void {
  given.live().records(history, history.at(-1)!.id)
  given.live().state?.('live')
}

test('history does not count as arrived; what comes live does, once per frame', () => {
  const page = play({ head: 100 })
  begin(page, numberedRecords(51, 100))
  let redraws = 0
  page.feed.subscribe(() => redraws++)
  for (let id = 101; id <= 150; id++) page.live().records([numberedRecord(id)], id)
  frame()
  assert.equal(redraws, 1)
  assert.equal(page.feed.snapshot().arrived, 50)
  assert.deepEqual(page.ids(), numberedRecords(51, 150).map(rowId))
  page.feed.close()
})

test('a pause holds, counts, and loses nothing', () => {
  const page = play({ head: 10 })
  begin(page, numberedRecords(1, 10))
  page.feed.setMode('paused')
  page.live().records(numberedRecords(11, 20), 20)
  page.live().gap?.({ type: 'gap', after: 20, before: 31, lines: 10, reason: 'slow-client' })
  page.live().records(numberedRecords(31, 40), 40)
  frame()
  assert.deepEqual(page.ids(), numberedRecords(1, 10).map(rowId))
  assert.equal(page.feed.snapshot().unseen, 30)
  page.feed.setMode('follow')
  assert.equal(page.feed.snapshot().unseen, 0)
  assert.deepEqual(page.ids(), [...numberedRecords(1, 20), numberedRecord(30), ...numberedRecords(31, 40)].map(rowId))
  assert.equal(page.feed.snapshot().rows.filter(isHole).length, 1)
  page.feed.close()
})

test('a hole is filled from the store', async () => {
  const page = play({ head: 40 })
  begin(page, numberedRecords(1, 20))
  page.live().gap?.({ type: 'gap', after: 20, before: 31, lines: 10, reason: 'slow-client' })
  page.live().records(numberedRecords(31, 40), 40)
  frame()
  page.feed.fill(page.feed.snapshot().rows.find(isHole)!)
  await settled()
  assert.deepEqual(page.ids(), numberedRecords(1, 40).map(rowId))
  page.feed.close()
})

test('around a record: older above, newer below until live is reached', async () => {
  const page = play({ head: 2000, at: 1000 })
  await settled()
  assert.equal(page.feed.snapshot().phase, 'detached')
  assert.deepEqual(page.ids(), numberedRecords(751, 1250).map(rowId))
  page.feed.setMode('read')
  page.feed.loadOlder()
  await settled()
  assert.equal(page.ids()[0], 251)
  page.feed.loadNewer()
  await settled()
  assert.deepEqual(page.follows, [])
  page.feed.loadNewer()
  await settled()
  assert.deepEqual(page.follows, [2000], 'follows from where the store ended')
  assert.deepEqual(page.ids(), numberedRecords(251, 2000).map(rowId))
  page.feed.close()
})

test('so much history that the newest had to go: following again begins anew', async () => {
  const page = play({ head: 2000, limit: 300 })
  begin(page, numberedRecords(1501, 2000))
  page.feed.setMode('read')
  page.feed.loadOlder()
  await settled()
  assert.equal(page.feed.snapshot().phase, 'detached')
  assert.deepEqual(page.ids(), numberedRecords(1201, 1800).map(rowId))
  page.feed.setMode('follow')
  assert.deepEqual(page.follows, [undefined, undefined])
  assert.deepEqual(page.ids(), [])
  page.feed.close()
})

test('another log under the same address: the old lines go', () => {
  const page = play({ head: 10 })
  begin(page, numberedRecords(901, 910))
  page.live().gap?.({ type: 'gap', after: 0, before: 1, lines: 'unknown', reason: 'new-log' })
  begin(page, numberedRecords(1, 5))
  assert.deepEqual(page.ids(), numberedRecords(1, 5).map(rowId))
  page.feed.close()
})
