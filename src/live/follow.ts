// The one follow: history from the store, then live, with no gap and no duplicate at the seam, independent of the
// transport. A follower takes from its channel what that still holds, and reads from the store what it no longer holds;
// that one rule covers the first history, resuming by cursor and slow readers alike.
import { setTimeout as delay } from 'node:timers/promises'
import { LogboomError } from '../contracts/errors.ts'
import { eachPlace } from '../query/read/records-of.ts'
import type { FollowFrame, FollowRequest } from '../wire/follow-frame.ts'
import type { Seat } from './channel.ts'
import type { Feed } from './feed.ts'
import { followUnkept, type UnkeptFollow } from './follow-unkept.ts'
import { readNewest } from './newest.ts'
import { frameBytes, recordsFrame, stretchesOf, type Stretch } from './stretch.ts'
import { openThinning } from './thinning.ts'

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
const heartbeatMs = 15_000
const reportMs = 1000
/** More pending bytes than this, and the follower gets nothing until it has taken them. */
const pendingLimitBytes = 512 * 1024
/** A search is left, to be begun anew later, when its reader takes nothing for so long. */
const patienceMs = 2000
/** A reader with `slow: 'skip'` that is so long behind goes on with the newest so many bytes. */
const skipAfterMs = 1000
const skipKeepsBytes = 256 * 1024
/** How long a cursor may be ahead of the head that this thread has heard of. */
const headLagMs = 500

export function openFollow(request: FollowRequest, feed: Feed, out: FollowOut): Follow {
  const { storage } = feed
  const query = request.query ?? ''
  const thinning = openThinning(request)
  const aborter = new AbortController()
  let seat: Seat | undefined
  let unkept: UnkeptFollow | undefined
  /** Everything up to here has been sent, or left out on purpose. */
  let cursor = request.after ?? 0
  /** The store is to be read up to here; from there on the seat has it. */
  let target = 0
  let reading = true
  let live = false
  let closed = false
  let blockedSince = 0
  let roomed: (() => void) | undefined
  let woken: (() => void) | undefined

  const unread = feed.unread.join({
    pendingBytes: out.pendingBytes,
    wake: drained,
    letGo: () => fail(new LogboomError('too-many', 'You read nothing while others needed the room.')),
  })
  const heartbeat = setInterval(beat, heartbeatMs).unref()
  const reporting = thinning && setInterval(report, reportMs).unref()
  void begin()

  function send(frame: Uint8Array): void {
    out.send(frame, cursor)
    unread.count()
  }

  function tell(frame: Exclude<FollowFrame, { type: 'records' }>): void {
    send(frameBytes(frame))
  }

  function isFull(): boolean {
    return out.pendingBytes() >= pendingLimitBytes || !unread.hasRoom()
  }

  function beat(): void {
    if (!isFull()) tell({ type: 'heartbeat', cursor })
  }

  function report(): void {
    if (!isFull()) for (const frame of thinning!.report()) tell(frame)
  }

  function give(stretch: Stretch, limited = true): void {
    cursor = stretch.cursor
    if (!thinning) return send(stretch.bytes)
    const rows = thinning.pass(stretch.rows!, limited)
    if (rows.length > 0) send(recordsFrame(rows, cursor))
  }

  async function begin(): Promise<void> {
    try {
      const joined = await feed.join(query, { wake, rows: thinning !== undefined })
      if (closed) return joined.leave()
      seat = joined
      unkept = followUnkept(feed.unkept, request, {
        // Its cursor stays where it is.
        send: (frame) => out.send(frame, cursor),
        hasRoom: () => !isFull(),
      })
      if (request.after !== undefined && (await isKnown(request.after))) target = seat.forward(0).cursor
      else await giveNewest()
    } catch (error) {
      return fail(error)
    }
    reading = false
    step()
  }

  /** Waits until the seat is at least at `after`; false when the log has not come so far. */
  async function isKnown(after: number): Promise<boolean> {
    const deadline = performance.now() + headLagMs
    while (storage.head() < after && performance.now() < deadline && !closed) await delay(10)
    if (storage.head() < after) return false
    while (seat!.cursor() < after && !closed) await new Promise<void>((resolve) => (woken = resolve))
    return true
  }

  async function giveNewest(): Promise<void> {
    target = seat!.forward(0).cursor
    if (request.after !== undefined) {
      const gap = { type: 'gap', after: request.after, before: 1, lines: 'unknown', reason: 'new-log' } as const
      cursor = 0
      tell(gap)
    }
    const limit = request.limit ?? defaultFollowLimit
    const endTurn = await feed.readings.take(aborter.signal)
    try {
      const newest = await readNewest(storage, { query, limit, head: target }, aborter.signal)
      cursor = newest.after
      if (!newest.batches) return
      for (const stretch of stretchesOf(eachPlace(newest.batches, 'oldest'), target, () => thinning !== undefined)) {
        if (closed) return
        give(stretch, false)
        if (!(await hasRoom())) return
      }
      cursor = target
    } finally {
      endTurn()
    }
  }

  function wake(): void {
    woken?.()
    step()
  }

  function step(): void {
    if (closed || reading || !seat) return
    while (!closed) {
      if (isFull()) {
        blockedSince ||= performance.now()
        return
      }
      const late = blockedSince > 0 && performance.now() - blockedSince > skipAfterMs
      if (
        cursor >= target &&
        request.slow === 'skip' &&
        (seat.behind() || (late && seat.waitingBytes() > skipKeepsBytes))
      ) {
        skip(seat)
      }
      if (cursor < target || seat.behind()) return void read(seat)
      const stretch = seat.next()
      if (!stretch) break
      give(stretch)
    }
    blockedSince = 0
    cursor = target = seat.cursor()
    if (live) return
    live = true
    // First, so that whoever was live before knows by the frame `live` what is left of it.
    unkept?.begin()
    tell({ type: 'live', cursor })
  }

  function skip(from: Seat): void {
    const after = cursor
    const passed = from.forward(skipKeepsBytes)
    cursor = target = passed.cursor
    blockedSince = 0
    if (passed.lines === 0) return
    tell({ type: 'gap', after, before: cursor + 1, lines: passed.lines, reason: 'slow-client' })
  }

  /** Serves the reader from the store, at its own pace, until the seat has all that follows. */
  async function read(from: Seat): Promise<void> {
    reading = true
    live = false
    let endTurn: (() => void) | undefined
    try {
      endTurn = await feed.readings.take(aborter.signal)
      while (!closed && (cursor < target || (from.behind() && request.slow !== 'skip'))) {
        if (cursor >= target) target = from.forward(0).cursor
        const search = { query, after: cursor, before: target + 1, order: 'oldest' } as const
        for await (const page of storage.search(search, aborter.signal)) {
          const upTo = Math.min(page.cursor, target)
          for (const stretch of stretchesOf(eachPlace(page.batches, 'oldest'), upTo, () => thinning !== undefined)) {
            if (closed) return
            give(stretch)
            if (!(await hasRoom())) return
          }
          cursor = Math.max(cursor, upTo)
        }
        cursor = target
      }
    } catch (error) {
      return fail(error)
    } finally {
      endTurn?.()
      reading = false
    }
    step()
  }

  /** Lets others run, then waits for the reader as long as there is patience and nobody else's turn; false: leave it until it drains. */
  async function hasRoom(): Promise<boolean> {
    await new Promise(setImmediate)
    if (closed || !isFull()) return true
    if (feed.readings.waiting() > 0) return false
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      roomed = resolve
      timer = setTimeout(resolve, patienceMs)
    })
    clearTimeout(timer)
    roomed = undefined
    return closed || !isFull()
  }

  function fail(error: unknown): void {
    if (closed) return
    close()
    out.fail(error)
  }

  function close(): void {
    if (closed) return
    closed = true
    clearInterval(heartbeat)
    clearInterval(reporting)
    aborter.abort()
    seat?.leave()
    unread.leave()
    unkept?.close()
    roomed?.()
    woken?.()
  }

  function drained(): void {
    unread.count()
    if (isFull()) return
    roomed?.()
    step()
    unkept?.look()
  }

  return { drained, close }
}
