// The one follow: history from the store, then live, with no gap and no duplicate at the seam, independent of the
// transport. What comes next is decided by `follow-rule.ts`; this drives it.
import { setTimeout as delay } from 'node:timers/promises'
import { LogboomError } from '../contracts/errors.ts'
import type { Storage } from '../contracts/storage.ts'
import { eachPlace } from '../query/read/records-of.ts'
import type { FollowRequest } from '../wire/follow-frame.ts'
import type { Seat } from './channel.ts'
import { chunksOf } from './chunk.ts'
import type { Feed } from './feed.ts'
import { readFolded } from './folded-history.ts'
import { nextStep, skipKeepsBytes } from './follow-rule.ts'
import { followUnkept, type UnkeptFollow } from './follow-unkept.ts'
import { readNewest } from './newest.ts'
import { openOutlet } from './outlet.ts'
import { openReaderRoom } from './reader-room.ts'

/** Where the frames go. */
export interface FollowOut {
  /** One frame as JSON text in UTF-8, and what to resume from once it has been read. */
  send(frame: Uint8Array, cursor: number): void
  /** Handed over but not yet taken by the other side. */
  pendingBytes(): number
  /** The follow cannot go on. */
  fail(error: unknown): void
}

export interface Follow {
  /** To be called whenever pending bytes have gone out. */
  drained(): void
  close(): void
}

const defaultFollowLimit = 200
/** How long a cursor may be ahead of the head that this thread has heard of. */
const headLagMs = 500

export function openFollow(request: FollowRequest, feed: Feed, out: FollowOut): Follow {
  const { storage, readings } = feed
  const { query = '', limit = defaultFollowLimit } = request
  const isFolded = request.collapse === 'adjacent'
  const maySkip = request.slow === 'skip'
  const aborter = new AbortController()
  const { signal } = aborter
  const room = openReaderRoom(feed, {
    pendingBytes: out.pendingBytes,
    drained,
    letGo: () => fail(new LogboomError('too-many', 'You read nothing while others needed the room.')),
  })
  const outlet = openOutlet(request, room, out.send)
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
      const joined = await feed.join(query, { wake: step, rows: outlet.needsRows })
      if (signal.aborted) return joined.leave()
      seat = joined
      unkept = followUnkept(feed.unkept, request, {
        // Lines that are not kept move no cursor.
        send: (frame) => out.send(frame, outlet.cursor),
        hasRoom: () => !room.isFull(),
      })
      const { after } = request
      const isResumed = after !== undefined && (await isKnown(storage, joined, after, signal))
      target = joined.forward(0).cursor
      if (after !== undefined && !isResumed) {
        outlet.cursor = 0
        outlet.tell({ type: 'gap', after, before: 1, lines: 'unknown', reason: 'new-log' })
      }
      if (isFolded) await inTurn(isResumed ? recallLine : giveFolded)
      else if (!isResumed) await inTurn(giveNewest)
    } catch (error) {
      return fail(error)
    }
    isReading = false
    step()
  }

  async function inTurn(read: () => Promise<void>): Promise<void> {
    const endTurn = await readings.take(signal)
    try {
      await read()
    } finally {
      endTurn()
    }
  }

  /** The line that stands last with a reader who resumes, since what comes may repeat it. */
  async function recallLine(): Promise<void> {
    outlet.begin(await readFolded(storage, { query, limit: 1, head: outlet.cursor }, signal), true)
  }

  async function giveFolded(): Promise<void> {
    const lines = await readFolded(storage, { query, limit, head: target }, signal)
    outlet.cursor = target
    outlet.begin(lines, false)
  }

  async function giveNewest(): Promise<void> {
    const newest = await readNewest(storage, { query, limit, head: target }, signal)
    outlet.cursor = newest.after
    if (!newest.batches) return
    const chunks = chunksOf(eachPlace(newest.batches, 'oldest'), target, () => outlet.needsRows)
    if (await outlet.giveAll(chunks, false)) outlet.cursor = target
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
          if (outlet.cursor >= target) target = from.forward(0).cursor
          const search = { query, after: outlet.cursor, before: target + 1, order: 'oldest' } as const
          for await (const page of storage.search(search, signal)) {
            const upTo = Math.min(page.cursor, target)
            const chunks = chunksOf(eachPlace(page.batches, 'oldest'), upTo, () => outlet.needsRows)
            if (!(await outlet.giveAll(chunks, true))) return
            outlet.cursor = Math.max(outlet.cursor, upTo)
          }
          outlet.cursor = target
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
    out.fail(error)
  }

  function close(): void {
    if (signal.aborted) return
    aborter.abort()
    outlet.close()
    seat?.leave()
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

/** Waits until the seat is at least at `after`; false when the log has not come so far. */
async function isKnown(storage: Storage, seat: Seat, after: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + headLagMs
  while (storage.head() < after && performance.now() < deadline && !signal.aborted) await delay(10)
  if (storage.head() < after) return false
  while (seat.cursor() < after && !signal.aborted) await delay(10)
  return true
}
