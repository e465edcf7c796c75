// The one follow: history from the store, then live, with no gap and no duplicate at the seam, independent of the
// transport. What comes next is decided by `follow-rule.ts`; this drives it.
import { setTimeout as delay } from 'node:timers/promises'
import { LogboomError } from '../contracts/errors.ts'
import type { Storage } from '../contracts/storage.ts'
import { compileQuery } from '../query/match/compile-query.ts'
import type { Seat } from './channel.ts'
import type { Feed } from './feed.ts'
import type { Follow, FollowForm, FollowOut, LimitedFollow } from './follower.ts'
import { nextStep, skipKeepsBytes } from './follow-rule.ts'
import { followUnkept, type UnkeptFollow } from './follow-unkept.ts'
import { giveFolded, giveNewest, giveRange, recallLine, type History } from './history.ts'
import { openOutlet } from './outlet.ts'
import { openPlace } from './shown/place.ts'
import { openReaderRoom } from './reader-room.ts'

const defaultFollowLimit = 200
/** How long a cursor may be ahead of the head that this thread has heard of. */
const headLagMs = 500

export function openFollow(request: LimitedFollow, feed: Feed, out: FollowOut, form: FollowForm = {}): Follow {
  const { storage, readings } = feed
  const { within, limit = defaultFollowLimit } = request
  const query = feed.resolve(request.query ?? '', within)
  const { codec = feed.codec, thinning, isShared = false } = form
  const isFolded = request.collapse === 'adjacent'
  const maySkip = request.slow === 'skip'
  const aborter = new AbortController()
  const { signal } = aborter
  const room = openReaderRoom(feed, {
    pendingBytes: out.pendingBytes,
    drained,
    letGo: () => fail(new LogboomError('too-many', 'You read nothing while others needed the room.')),
  })
  const outlet = openOutlet(request, room, out.send, { codec, form: thinning })
  const place = openPlace(
    feed,
    { request, query },
    {
      codec,
      seat: { wake: step, rows: outlet.needsRows && !isShared },
      shared: isShared ? { request, thinning } : undefined,
      left: () => void (seat = undefined),
      moved,
      fail,
    },
  )
  const history: History = { storage, asked: place.asked, outlet, signal }
  const since = Date.now()
  const leave = feed.followers.add(() => ({
    stream: codec.key,
    query,
    since,
    delivered: outlet.delivered,
    dropped: { ...outlet.dropped },
    queueBytes: finite(out.pendingBytes()),
    lag: Math.max(0, storage.head() - outlet.cursor),
  }))
  let seat: Seat | undefined
  let unkept: UnkeptFollow | undefined
  /** The store is to be read up to here; from there on the seat has it. */
  let target = 0
  let isReading = true
  let isLive = false
  let fullSince = 0
  void begin()

  async function begin(): Promise<void> {
    try {
      const joined = await place.take()
      if (!joined) return
      seat = joined
      showUnkept()
      const { after } = request
      const isResumed = after !== undefined && (await isKnown(storage, joined, after, signal))
      target = joined.forward(0).cursor
      if (after !== undefined && !isResumed) {
        outlet.cursor = 0
        outlet.tell({ type: 'gap', after, before: 1, lines: 'unknown', reason: 'new-log' })
      }
      const give = isFolded ? giveFolded : giveNewest
      if (!isResumed) await inTurn(() => give(history, limit, target))
      else if (isFolded) await inTurn(() => recallLine(history))
    } catch (error) {
      return fail(error)
    }
    isReading = false
    step()
  }

  /** Other lines are shown from here on: those up to the new seat come from the store. */
  function moved(joined: Seat): void {
    seat = joined
    target = Math.max(target, joined.forward(0).cursor)
    showUnkept()
    step()
  }

  function showUnkept(): void {
    if (!codec.showsUnkept) return
    unkept?.close()
    const asked = place.asked()
    unkept = followUnkept(
      feed.unkept,
      { ...request, ...asked },
      {
        predicate: compileQuery(feed.parse(asked)),
        // Lines that are not kept move no cursor.
        send: (frame) => out.send(frame, outlet.cursor),
        hasRoom: () => !room.isFull(),
      },
    )
    if (isLive) unkept.begin()
  }

  async function inTurn(read: () => Promise<unknown>): Promise<void> {
    const endTurn = await readings.take(signal)
    try {
      await read()
    } finally {
      endTurn()
    }
  }

  function step(): void {
    while (!signal.aborted && !isReading && seat) {
      const next = nextStep({
        isInChannel: outlet.cursor >= target,
        isFull: room.isFull(),
        fullForMs: fullSince > 0 ? performance.now() - fullSince : 0,
        maySkip,
        isBehind: seat.behind(),
        waitingBytes: fullSince > 0 ? seat.waitingBytes() : 0,
      })
      if (next === 'wait') return void (fullSince ||= performance.now())
      if (next === 'read-store') return void readStore(seat)
      if (next === 'skip') skip(seat)
      else {
        const chunk = seat.next()
        if (!chunk) return caughtUp(seat)
        outlet.give(chunk)
      }
    }
  }

  function caughtUp(from: Seat): void {
    fullSince = 0
    outlet.cursor = target = from.cursor()
    if (isLive) return
    isLive = true
    // First, so that whoever was live before knows by the frame `live` what is left of it.
    unkept?.begin()
    outlet.tell({ type: 'live', cursor: outlet.cursor })
  }

  function skip(from: Seat): void {
    const { cursor, lines } = from.forward(skipKeepsBytes)
    target = cursor
    fullSince = 0
    outlet.skipTo(cursor, lines)
  }

  /** Serves the reader from the store, at its own pace, until the seat has all that follows. */
  async function readStore(from: Seat): Promise<void> {
    isReading = true
    isLive = false
    try {
      await inTurn(async () => {
        while (outlet.cursor < target || (from.behind() && !maySkip)) {
          if (outlet.cursor >= target) target = Math.max(target, from.forward(0).cursor)
          if (!(await giveRange(history, target))) return
        }
      })
    } catch (error) {
      return fail(error)
    } finally {
      isReading = false
    }
    step()
  }

  function fail(error: unknown): void {
    if (signal.aborted) return
    close()
    feed.followers.failed(error)
    out.fail(error)
  }

  function close(): void {
    if (signal.aborted) return
    aborter.abort()
    outlet.close()
    leave()
    place.close()
    unkept?.close()
    room.leave()
  }

  function drained(): void {
    room.count()
    if (room.isFull()) return
    room.wake()
    step()
    unkept?.look()
  }

  return { drained, close }
}

/** A connection that is closing has no end of bytes. */
const finite = (bytes: number): number => (Number.isFinite(bytes) ? bytes : 0)

/** Waits until the seat is at least at `after`; false when the log has not come so far. */
async function isKnown(storage: Storage, seat: Seat, after: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + headLagMs
  while (storage.head() < after && performance.now() < deadline && !signal.aborted) await delay(10)
  if (storage.head() < after) return false
  while (seat.cursor() < after && !signal.aborted) await delay(10)
  return true
}
