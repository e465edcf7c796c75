// Records that are being written and match one query, held for all followers of that query until each has taken them, as
// far as memory allows. Its own file because it is the whole of the fan-out: nothing here knows of sockets.
import type { RecordBatch } from '../contracts/batch.ts'
import type { RecordPlace } from '../query/read/records-of.ts'
import { chunksOf, type Chunk } from './chunk.ts'

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
  /** Id of the first record that will come, where one waits. */
  nextId?: number
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

/** `select` gives the places of matching records by ascending id; `matchesAll`: all records do; `heldBytes` is asked each time, since others share the memory. */
export function openChannel(
  head: number,
  select: (batches: RecordBatch[]) => Iterable<RecordPlace>,
  heldLimitBytes: () => number,
  matchesAll: boolean,
): Channel {
  const seats = new Set<SeatState>()
  let queue: { batches: RecordBatch[]; head: number }[] = []
  let queueBytes = 0
  let current: { chunks: Iterator<Chunk>; head: number; bytes: number } | undefined
  /** Stretches not yet taken by every seat. `first` is the number of the first one, `dropped` the lines before it. */
  let held: { chunk: Chunk; lines: number }[] = []
  let heldBytes = 0
  let first = 0
  let dropped = 0
  let lines = 0
  let cursor = head
  let overruns = 0

  function hold(chunk: Chunk): void {
    cursor = chunk.cursor
    if (seats.size === 0) return
    lines += chunk.count
    held.push({ chunk, lines })
    heldBytes += chunk.bytes.length
    while (heldBytes > heldLimitBytes() && held.length > 1) drop()
  }

  function drop(): void {
    const { chunk, lines: upTo } = held.shift()!
    heldBytes -= chunk.bytes.length
    dropped = upTo
    first++
  }

  function dropTaken(): void {
    let at = first + held.length
    for (const seat of seats) if (seat.at < at) at = Math.max(seat.at, first)
    while (first < at) drop()
  }

  function moveTo(seat: SeatState, at: number): void {
    seat.at = at
    seat.lines = at === first ? dropped : held[at - first - 1]!.lines
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
      first += held.length + 1
      if (matchesAll) lines += headNow - cursor
      dropped = lines
      held = []
      heldBytes = 0
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
          current = { chunks: chunksOf(selectAll(taken), upTo, rowsWanted), head: upTo, bytes: queueBytes }
        }
        const { value, done } = current.chunks.next()
        if (done) {
          cursor = current.head
          queueBytes -= current.bytes
          current = undefined
        } else hold(value)
        if (performance.now() > deadline) break
      }
      for (const seat of seats) seat.wake()
      dropTaken()
      return current !== undefined || queue.length > 0
    },
    seats: () => seats.size,
    join(options) {
      const seat: SeatState = { ...options, at: first + held.length, lines, overruns }
      seats.add(seat)
      return {
        cursor: () => cursor,
        behind: () => seat.at < first || seat.overruns < overruns,
        next() {
          const entry = held[seat.at - first]
          if (!entry) return undefined
          moveTo(seat, seat.at + 1)
          return entry.chunk
        },
        waitingBytes() {
          let bytes = 0
          for (let at = Math.max(seat.at, first); at < first + held.length; at++)
            bytes += held[at - first]!.chunk.bytes.length
          return bytes
        },
        forward(keepBytes) {
          const unknown = seat.overruns < overruns && !matchesAll
          const before = seat.lines
          let at = first + held.length
          let kept = 0
          while (at > Math.max(seat.at, first)) {
            kept += held[at - first - 1]!.chunk.bytes.length
            if (kept > keepBytes) break
            at--
          }
          moveTo(seat, at)
          const next = held[at - first]
          return {
            cursor: next ? next.chunk.firstId - 1 : cursor,
            ...(next ? { nextId: next.chunk.firstId } : {}),
            lines: unknown ? 'unknown' : seat.lines - before,
          }
        },
        leave() {
          seats.delete(seat)
          dropTaken()
        },
      }
    },
  }

  function rowsWanted(): boolean {
    for (const seat of seats) if (seat.rows) return true
    return false
  }

  function* selectAll(taken: { batches: RecordBatch[] }[]): Generator<RecordPlace> {
    for (const { batches } of taken) yield* select(batches)
  }
}
