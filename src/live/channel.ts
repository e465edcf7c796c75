// Records that are being written and match one query, held for all followers of that query until each has taken them, as
// far as memory allows. Its own file because it is the whole of the fan-out: nothing here knows of sockets.
import type { RecordBatch } from '../contracts/batch.ts'
import type { RecordPlace } from '../query/read/records-of.ts'
import { chunksOf, type Chunk } from './chunk.ts'
import { missingIn, type Codec } from './codec.ts'
import { openHeldChunks } from './held-chunks.ts'
import type { SheddingStream, Sieve, StreamingLoad } from './shed/shared-stream.ts'

export interface Channel {
  /** Takes what was committed; cheap, the work is done by `work`. `missed`: not all of it. */
  put(batches: RecordBatch[], head: number, missed: boolean): void
  /** Encodes what was put, until `deadline` (of `performance.now`); true when something is left to do. */
  work(deadline: number): boolean
  join(options: SeatOptions): Seat
  seats(): number
  /** To be called when the last has left. */
  close(): void
}

export interface SeatOptions {
  /** There may be something to take. */
  wake(): void
  /** Wants `rows` in its chunks. */
  rows: boolean
}

/** A follower's place in the channel; it begins at the end. */
export interface Seat {
  /** Everything up to here has been offered to this seat, once `next` gives nothing. */
  cursor(): number
  next(): Chunk | undefined
  /** True when what should come next is no longer held here, only in the store. */
  behind(): boolean
  /** Bytes ready to be taken. */
  waitingBytes(): number
  /** Passes over everything but the newest `keepBytes`; with 0 everything, so that what was missing before is told to others alone. */
  forward(keepBytes: number): Passed
  leave(): void
}

export interface Passed {
  /** Everything up to here has been passed over or taken. */
  cursor: number
  /** How many lines were passed over. */
  lines: number | 'unknown'
}

/** Commits that wait to be encoded: more means that this thread cannot keep up, and readers are better served by the store. */
const queueLimitBytes = 8 * 1024 * 1024

interface SeatState extends SeatOptions {
  /** Number of the chunk to take next. */
  at: number
  /** Lines up to there. */
  lines: number
  /** How many overruns it knows of. */
  overruns: number
}

export interface ChannelOptions {
  /** The places of matching records by ascending id. */
  select(batches: RecordBatch[]): Iterable<RecordPlace>
  /** All records match. */
  matchesAll: boolean
  codec: Codec
  /** Asked each time, since others share the memory. */
  heldLimitBytes(): number
  /** Absent: everything goes out. */
  sieve?: Sieve
  /** Looks after the load, and has it told what is missing; gives what ends that. */
  watch?(stream: SheddingStream): () => void
}

export function openChannel(head: number, options: ChannelOptions): Channel {
  const { select, matchesAll, codec, heldLimitBytes, sieve } = options
  const seats = new Set<SeatState>()
  /** `putAt`: of `performance.now`. */
  let queue: { batches: RecordBatch[]; head: number; putAt: number }[] = []
  let queueBytes = 0
  let current: { chunks: Iterator<Chunk>; head: number; bytes: number; putAt: number } | undefined
  const held = openHeldChunks(heldLimitBytes)
  let cursor = head
  let overruns = 0
  let isOverrun = false
  let passedUpTo = 0

  const rowsWanted = (): boolean => {
    for (const { rows } of seats) if (rows) return true
    return false
  }

  function dropTaken(): void {
    let at = held.end()
    for (const seat of seats) at = Math.min(at, Math.max(seat.at, held.first()))
    held.dropBefore(at)
  }

  function moveTo(seat: SeatState, at: number): void {
    seat.at = at
    seat.lines = held.linesBefore(at)
    seat.overruns = overruns
  }

  /** True when something is left to do. */
  function encode(deadline: number): boolean {
    for (;;) {
      if (!current) {
        if (queue.length === 0) break
        const taken = queue
        queue = []
        const { head: upTo } = taken.at(-1)!
        const chunks = chunksOf(passing(taken), upTo, codec, rowsWanted)
        current = { chunks, head: upTo, bytes: queueBytes, putAt: taken[0]!.putAt }
      }
      const { value, done } = current.chunks.next()
      if (done) {
        cursor = current.head
        queueBytes -= current.bytes
        current = undefined
      } else {
        cursor = value.cursor
        if (seats.size > 0) held.add(value)
      }
      if (performance.now() > deadline) break
    }
    return current !== undefined || queue.length > 0
  }

  /** Passes over all that waits, up to this head; it is counted when there is time. */
  function pass(headNow: number): void {
    sieve!.missed(Math.max(passedUpTo, current?.head ?? cursor), headNow + 1)
    passedUpTo = headNow
    queue = [{ batches: [], head: headNow, putAt: performance.now() }]
    queueBytes = current?.bytes ?? 0
  }

  function tell(): void {
    let isTold = false
    for (const news of sieve?.report() ?? []) {
      const bytes = codec.tell(news)
      const missing = missingIn(news)
      if (!bytes || !missing) continue
      held.add({ bytes, count: 0, missing, cursor, firstId: cursor + 1 })
      isTold = true
    }
    if (isTold) wakeAll()
  }

  function wakeAll(): void {
    for (const seat of seats) seat.wake()
    dropTaken()
  }

  function load(): StreamingLoad {
    const now = performance.now()
    const found = { behindMs: now - (current ?? queue[0] ?? { putAt: now }).putAt, isOverrun }
    isOverrun = false
    return found
  }

  const unwatch = options.watch?.({ load, tell })

  return {
    close: () => unwatch?.(),
    put(batches, headNow, missed) {
      if (sieve?.isShut()) return pass(headNow)
      queue.push({ batches, head: headNow, putAt: performance.now() })
      for (const batch of batches) queueBytes += batch.text.length
      if (queueBytes <= queueLimitBytes && !missed) return
      isOverrun = true
      if (sieve) return pass(headNow)
      queue = []
      current = undefined
      queueBytes = 0
      held.breakOff(matchesAll ? headNow - cursor : 0)
      overruns++
      cursor = headNow
    },
    work(deadline) {
      const isLeft = encode(deadline)
      wakeAll()
      return isLeft
    },
    seats: () => seats.size,
    join(options) {
      const seat: SeatState = { ...options, at: held.end(), lines: held.linesBefore(held.end()), overruns }
      seats.add(seat)
      return {
        cursor: () => cursor,
        behind: () => seat.at < held.first() || seat.overruns < overruns,
        next() {
          const chunk = held.at(seat.at)
          if (chunk) moveTo(seat, seat.at + 1)
          return chunk
        },
        waitingBytes: () => held.bytesFrom(seat.at),
        forward(keepBytes) {
          if (keepBytes === 0) tell()
          const isUnknown = seat.overruns < overruns && !matchesAll
          const before = seat.lines
          moveTo(seat, held.newest(keepBytes, seat.at))
          const next = held.at(seat.at)
          return {
            cursor: next ? next.firstId - 1 : cursor,
            lines: isUnknown ? 'unknown' : seat.lines - before,
          }
        },
        leave() {
          seats.delete(seat)
          dropTaken()
        },
      }
    },
  }

  function* passing(taken: { batches: RecordBatch[] }[]): Generator<RecordPlace> {
    for (const { batches } of taken) {
      if (!sieve) yield* select(batches)
      else for (const place of select(batches)) if (sieve.passes(place)) yield place
    }
  }
}
