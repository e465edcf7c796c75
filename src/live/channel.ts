// Records that are being written and match one query, held for all followers of that query until each has taken them, as
// far as memory allows. Its own file because it is the whole of the fan-out: nothing here knows of sockets.
import type { RecordBatch } from '../contracts/batch.ts'
import type { RecordPlace } from '../query/read/records-of.ts'
import { chunksOf, type Chunk } from './chunk.ts'
import type { Codec } from './codec.ts'
import { openHeldChunks } from './held-chunks.ts'

export interface Channel {
  /** Takes what was committed; cheap, the work is done by `work`. `missed`: not all of it. */
  put(batches: RecordBatch[], head: number, missed: boolean): void
  /** Encodes what was put, until `deadline` (of `performance.now`); true when something is left to do. */
  work(deadline: number): boolean
  join(options: SeatOptions): Seat
  seats(): number
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
  /** Passes over everything but the newest `keepBytes`. */
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

/**
 * `select` gives the places of matching records by ascending id; `matchesAll`: all records do; `heldLimitBytes` is asked each time,
 * since others share the memory.
 */
export function openChannel(
  head: number,
  select: (batches: RecordBatch[]) => Iterable<RecordPlace>,
  codec: Codec,
  heldLimitBytes: () => number,
  matchesAll: boolean,
): Channel {
  const seats = new Set<SeatState>()
  let queue: { batches: RecordBatch[]; head: number }[] = []
  let queueBytes = 0
  let current: { chunks: Iterator<Chunk>; head: number; bytes: number } | undefined
  const held = openHeldChunks(heldLimitBytes)
  let cursor = head
  let overruns = 0

  const rowsWanted = (): boolean => [...seats].some(({ rows }) => rows)

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

  return {
    put(batches, headNow, missed) {
      queue.push({ batches, head: headNow })
      for (const batch of batches) queueBytes += batch.text.length
      if (queueBytes <= queueLimitBytes && !missed) return
      queue = []
      current = undefined
      queueBytes = 0
      held.breakOff(matchesAll ? headNow - cursor : 0)
      overruns++
      cursor = headNow
    },
    work(deadline) {
      for (;;) {
        if (!current) {
          if (queue.length === 0) break
          const taken = queue
          queue = []
          const upTo = taken.at(-1)!.head
          current = { chunks: chunksOf(selectAll(taken), upTo, codec, rowsWanted), head: upTo, bytes: queueBytes }
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
      for (const seat of seats) seat.wake()
      dropTaken()
      return current !== undefined || queue.length > 0
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

  function* selectAll(taken: { batches: RecordBatch[] }[]): Generator<RecordPlace> {
    for (const { batches } of taken) yield* select(batches)
  }
}
