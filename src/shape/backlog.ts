// Lines that are read but cannot be committed because the disk is gone: kept in memory within a bound, then dropped oldest
// first, exactly counted. Also the one place that tells of it.
import { backlogGap } from '../text/gaps.ts'
import { formatElapsed } from '../time/duration.ts'
import type { Origin, RecordBatch } from '../contracts/batch.ts'
import type { LogboomError } from '../contracts/errors.ts'
import type { CursorValue } from '../contracts/store.ts'
import { decodeBatch, encodeBatch } from '../wire/batch-codec.ts'
import { framePayload } from '../wire/frame.ts'
import { shapeEntries } from './shape-entries.ts'
import { newestRows } from './newest-rows.ts'
import type { UnkeptNews } from '../contracts/storage.ts'

/** Batches and cursors that are committed as one. */
export interface Group {
  batches: RecordBatch[]
  cursors: Map<string, CursorValue | null>
  /** Called when the group is committed. */
  waiting: ((error?: unknown) => void)[]
}

export interface Backlog {
  /** True while something read is not committed; whatever is read meanwhile has to wait behind it. */
  waiting(): boolean
  keep(group: Group): void
  /** The oldest of what waits, when it is time to try again. */
  next(): Group | undefined
  /** The group that `next` gave last is committed. */
  committed(): void
  failed(error: LogboomError): void
  /** Rejects everybody who waits for a commit. */
  giveUp(error: LogboomError): void
  /** To be called now and then: tells when trouble is over. */
  look(): void
  /** Why nothing is committed; undefined when all is well. */
  error(): LogboomError | undefined
  trouble(): string[]
}

export interface BacklogOptions {
  now(): number
  /** Milliseconds that only grow, whatever becomes of the clock. */
  elapsed?(): number
  warn(message: string): void
  /** Bytes free on the disk that holds the store. */
  room?(): number
  /** Told of lines that wait, and that they do not wait any more. */
  unkept?(news: UnkeptNews): void
}

/** As frames, so that their memory is known to the byte and depends on nobody's buffers. */
interface Kept {
  /** Of its first line, counted over all that was ever kept here. */
  number: number
  batches: { origin: Origin; lines: number; fromSeq: number; toSeq: number; frame: Uint8Array }[]
  bytes: number
  cursors: Group['cursors']
  waiting: Group['waiting']
}

const memoryBytes = 16 * 1024 * 1024
const retryMs = 250
/** A full disk is not tried again with less: the last of it belongs to those who must not notice, the processes. */
const retryRoomBytes = 2 * 1024 * 1024
/** Committed at once of what has waited. */
const commitBytes = 1024 * 1024
/** Trouble that stays away for so long is over; what comes back sooner is the same. */
const calmMs = 3000
/** A group without batches still has cursors and callers. */
const emptyGroupBytes = 512

interface Outage {
  error: LogboomError
  /** Unix milliseconds. */
  since: number
  /** Of the first failure, and of the first commit after the last one; as `elapsed` has it. */
  beganAt: number
  endedAt?: number | undefined
  droppedLines: number
}

export function openBacklog({
  now,
  elapsed = () => performance.now(),
  warn,
  room = () => Infinity,
  unkept = () => undefined,
}: BacklogOptions): Backlog {
  const queue: Kept[] = []
  const dropped = new Map<string, { origin: Origin; lines: number; fromSeq: number; toSeq: number }>()
  let bytes = 0
  /** Of the line that is kept next. */
  let nextNumber = 1
  /** Length of the queue's head that `next` gave last. */
  let taken = 0
  let failure: Outage | undefined
  let failedAt = Number.NEGATIVE_INFINITY

  const isEmpty = ({ batches, cursors, waiting }: Group): boolean =>
    batches.length === 0 && cursors.size === 0 && waiting.length === 0

  /** Drops the oldest, counting; their cursors go over to the next, for what they cover is accounted for. */
  function dropOldest(): void {
    const oldest = queue.shift()!
    bytes -= oldest.bytes
    for (const batch of oldest.batches) countDropped(batch)
    const next = queue[0]!
    next.cursors = new Map([...oldest.cursors, ...next.cursors])
    next.waiting.unshift(...oldest.waiting)
  }

  function countDropped({ origin, lines, fromSeq, toSeq }: Kept['batches'][number]): void {
    const key = `${origin.run} ${origin.source}`
    const before = dropped.get(key)
    dropped.set(key, { origin, lines: (before?.lines ?? 0) + lines, fromSeq: before?.fromSeq ?? fromSeq, toSeq })
    if (failure!.droppedLines === 0) warn('Memory is full, too: the oldest lines are dropped, and counted')
    failure!.droppedLines += lines
  }

  /** Stands where the lines stood: it has the sequence of the last of them. */
  function gapBatch(lost: { origin: Origin; lines: number; fromSeq: number; toSeq: number }) {
    return shapeEntries([backlogGap(failure!.error.code, lost)], lost.origin, now(), lost.toSeq)
  }

  function mayTry(): boolean {
    if (elapsed() < failedAt + retryMs) return false
    return failure?.error.code !== 'disk-full' || room() >= retryRoomBytes
  }

  return {
    waiting: () => queue.length > 0,
    keep(group) {
      if (isEmpty(group)) return
      const batches = group.batches
        .filter(({ count }) => count > 0)
        .map((batch) => ({
          origin: { source: batch.source, run: batch.run, session: batch.session, pid: batch.pid },
          lines: batch.count,
          fromSeq: batch.seq[0]!,
          toSeq: batch.seq[batch.count - 1]!,
          frame: encodeBatch(batch),
        }))
      const kept = {
        number: nextNumber,
        batches,
        bytes: batches.reduce((sum, { frame }) => sum + frame.length, emptyGroupBytes),
        cursors: group.cursors,
        waiting: group.waiting,
      }
      queue.push(kept)
      bytes += kept.bytes
      while (bytes > memoryBytes && queue.length > 1) dropOldest()
      const added = newestRows(group.batches, nextNumber)
      for (const { lines } of batches) nextNumber += lines
      unkept({ first: queue[0]!.number, added })
    },
    next() {
      if (queue.length === 0 || (failure && !mayTry())) return undefined
      const group: Group = { batches: [...dropped.values()].map(gapBatch), cursors: new Map(), waiting: [] }
      let size = 0
      for (taken = 0; taken < queue.length && (taken === 0 || size + queue[taken]!.bytes <= commitBytes); taken++) {
        const kept = queue[taken]!
        size += kept.bytes
        for (const { frame } of kept.batches) group.batches.push(decodeBatch(framePayload(frame)))
        for (const [key, cursor] of kept.cursors) group.cursors.set(key, cursor)
        group.waiting.push(...kept.waiting)
      }
      return group
    },
    committed() {
      for (const kept of queue.splice(0, taken)) bytes -= kept.bytes
      taken = 0
      dropped.clear()
      if (failure) failure.endedAt ??= elapsed()
      unkept({ first: queue[0]?.number ?? nextNumber, added: [] })
    },
    failed(error) {
      failedAt = elapsed()
      failure ??= tell(error)
      failure.error = error
      failure.endedAt = undefined
    },
    giveUp(error) {
      for (const { waiting } of queue) for (const done of waiting.splice(0)) done(error)
    },
    look() {
      if (!failure || queue.length > 0 || elapsed() - failedAt < calmMs) return
      const { beganAt, endedAt = elapsed(), droppedLines } = failure
      failure = undefined
      const lost = droppedLines > 0 ? `; ${droppedLines} lines were lost, gap records say which` : '; nothing was lost'
      warn(`The store is written again after ${formatElapsed(endedAt - beganAt)}${lost}`)
    },
    error: () => failure?.error,
    trouble() {
      if (!failure) return []
      const { error, since, droppedLines } = failure
      const lines = queue.reduce((sum, { batches }) => batches.reduce((all, batch) => all + batch.lines, sum), 0)
      const amounts = `${lines} lines wait in memory${droppedLines > 0 ? `, ${droppedLines} were dropped` : ''}`
      return [`${error.message} (since ${new Date(since).toISOString()}): ${amounts}`]
    },
  }

  function tell(error: LogboomError): Outage {
    warn(`${error.message}. ${error.hint}`)
    return { error, since: now(), beganAt: failedAt, droppedLines: 0 }
  }
}
