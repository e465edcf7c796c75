// The list in the order of event time against a plain oracle, whatever comes between a question and its answer: every record from the
// first shown one on, in order, each once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as settled, setTimeout as sleep } from 'node:timers/promises'
import type { Client, FollowHandlers, SearchAnswer, SearchParameters } from '../../../../src/client/index.ts'
import type { NamedRecord } from '../../../../src/contracts/record.ts'
import { seededRandom, type Random } from '../../../../src/query/random-query-harness.ts'
import { numberedRecord } from './rows-harness.ts'
import { rowId } from './rows.ts'
import { openTimeFeed } from './time-feed.ts'
import { byTime } from './time-rows.ts'

const seeds = process.env.LOGBOOM_SEED
  ? [Number(process.env.LOGBOOM_SEED)]
  : Array.from({ length: 150 }, (_, n) => n + 1)

const frames = new Map<number, FrameRequestCallback>()
let lastFrame = 0
globalThis.requestAnimationFrame = (callback) => {
  frames.set(++lastFrame, callback)
  return lastFrame
}
globalThis.cancelAnimationFrame = (handle) => void frames.delete(handle)
function frame(): void {
  const due = [...frames.values()]
  frames.clear()
  for (const run of due) run(0)
}

interface Hub {
  client: Client
  log: NamedRecord[]
  commit(count: number): void
  /** Sends what the follower has not been sent yet, or tells it that some of it was skipped. */
  deliver(): void
  /** Answers one question, as things were when it was asked. */
  answer(): boolean
}

function openHub(random: Random): Hub {
  const log: NamedRecord[] = []
  const waiting: (() => void)[] = []
  let follower: { sent: number; handlers: FollowHandlers } | undefined

  function answerTo({
    after = 0,
    before = Infinity,
    since = -Infinity,
    until = Infinity,
    order,
    past,
    limit = 500,
  }: SearchParameters): SearchAnswer {
    // oxfmt-ignore
    const within = log.filter(({ id, time }) => id > after && id < before && time >= Number(since) && time < Number(until)) // oxfmt-ignore
    const [time, id] = (past ?? '').split(',').map(Number)
    const place = past === undefined ? undefined : { ...numberedRecord(id!), time: time! }
    const isEarliest = order === 'earliest'
    const inOrder = order === 'latest' || isEarliest ? within.toSorted(byTime) : within
    const sides = place ? inOrder.filter((record) => (isEarliest ? byTime(record, place) > 0 : byTime(record, place) < 0)) : inOrder // oxfmt-ignore
    const wanted = isEarliest || order === 'oldest' ? sides : sides.toReversed()
    return { records: wanted.slice(0, limit), more: wanted.length > limit, cursor: log.length }
  }

  const client = {
    search(parameters: SearchParameters) {
      const { promise, resolve } = Promise.withResolvers<SearchAnswer>()
      const answer = answerTo(parameters)
      waiting.push(() => resolve(answer))
      return promise
    },
    follow({ after }: { after: number }, handlers: FollowHandlers) {
      const mine = { sent: after, handlers }
      follower = mine
      return { close: () => (follower = follower === mine ? undefined : follower) }
    },
  } as unknown as Client

  return {
    client,
    log,
    commit(count) {
      for (let n = 0; n < count; n++) {
        const id = log.length + 1
        // Of few moments, so that some are the same; some late by much.
        const late = random(3) === 0 ? random(random(2) ? 200 : 3000) : 0
        log.push({ ...numberedRecord(id), time: Math.floor((id - late) / 3) })
      }
    },
    deliver() {
      if (!follower || follower.sent === log.length) return
      const { sent: from, handlers } = follower
      const to = from + 1 + random(log.length - from)
      follower.sent = to
      if (random(5) > 0) handlers.records(log.slice(from, to), to)
      else handlers.gap?.({ type: 'gap', after: from, before: to + 1, lines: to - from, reason: 'slow-client' })
    },
    answer() {
      const [due] = waiting.splice(random(waiting.length), 1)
      due?.()
      return due !== undefined
    },
  }
}

for (const seed of seeds)
  test(`the list shows what a plain sort would, seed ${seed}`, async (t) => {
    const random = seededRandom(seed)
    const hub = openHub(random)
    hub.commit(random(3000))
    const at = random(2) && hub.log.length > 0 ? 1 + random(hub.log.length) : undefined
    const limit = random(2) ? 700 : 50_000
    const feed = openTimeFeed({ client: hub.client, query: '', limit, ...(at === undefined ? {} : { at }) })
    t.after(() => feed.close())
    const steps = {
      commit: () => hub.commit(random(random(4) ? 20 : 400)),
      deliver: hub.deliver,
      answer: () => void hub.answer(),
      older: feed.loadOlder,
      newer: feed.loadNewer,
      frame,
      read: () => feed.setMode('read'),
      pause: () => feed.setMode('paused'),
      follow: () => feed.setMode('follow'),
    }
    const done: string[] = []
    const names = Object.keys(steps) as (keyof typeof steps)[]
    for (let step = 0; step < 60; step++) {
      const name = names[random(names.length)]!
      done.push(name)
      steps[name]()
      await settled()
      inOrder()
    }
    const missing = (): number[] => {
      const shown = new Set(feed.snapshot().rows.map(rowId))
      const [first] = inOrder()
      const wanted = hub.log.toSorted(byTime).filter((record) => !first || byTime(record, first) >= 0)
      return wanted.map(rowId).filter((id) => !shown.has(id))
    }
    async function settle(): Promise<void> {
      while (hub.answer()) await settled()
      hub.deliver()
      frame()
      await settled()
    }
    while (feed.snapshot().phase !== 'live') {
      feed.loadNewer()
      await settle()
    }
    feed.setMode('follow')
    // The queue of frames rests for as long as redraws take.
    for (let round = 0; round < 1000 && (round < 50 || missing().length > 0); round++) {
      await settle()
      if (round > 50) await sleep(1)
    }
    assert.deepEqual(missing(), [], `LOGBOOM_SEED=${seed} at ${at} limit ${limit}: ${done.join(' ')}`)

    function inOrder(): readonly NamedRecord[] {
      const shown = feed.snapshot().rows as readonly NamedRecord[]
      for (let n = 1; n < shown.length; n++) {
        const isInOrder = byTime(shown[n - 1]!, shown[n]!) < 0
        assert.ok(
          isInOrder,
          `LOGBOOM_SEED=${seed} at ${at}: ${shown[n - 1]!.id} before ${shown[n]!.id}: ${done.join(' ')}`,
        )
      }
      return shown
    }
  })
