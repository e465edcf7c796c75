// Lines that are read but cannot be committed because the disk is gone: kept in memory within a bound, then dropped oldest
// first, exactly counted. Also the one place that tells of it.
import { backlogGap } from '../text/gaps.ts'
import type { Origin, RecordBatch } from '../contracts/batch.ts'
import type { LogboomError } from '../contracts/errors.ts'
import type { CursorValue } from '../contracts/store.ts'
import { decodeBatch, encodeBatch } from '../wire/batch-codec.ts'
import { framePayload } from '../wire/frame.ts'
import { shapeEntries } from './shape-entries.ts'
import { newestRows } from './newest-rows.ts'
import { openOutage, type OutageOptions } from './outage.ts'
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

export interface BacklogOptions extends OutageOptions {
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
/** Committed at once of what has waited. */
const commitBytes = 1024 * 1024
/** A group without batches still has cursors and callers. */
const emptyGroupBytes = 512

export function openBacklog({ unkept = () => undefined, ...options }: BacklogOptions): Backlog {
  const queue: Kept[] = []
  const dropped = new Map<string, { origin: Origin; lines: number; fromSeq: number; toSeq: number }>()
  const outage = openOutage(options)
  let bytes = 0
  /** Of the line that is kept next. */
  let nextNumber = 1
  /** Length of the queue's head that `next` gave last. */
  let taken = 0

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
    outage.dropped(lines)
  }

  /** Stands where the lines stood: it has the sequence of the last of them. */
  function gapBatch(lost: { origin: Origin; lines: number; fromSeq: number; toSeq: number }) {
    return shapeEntries([backlogGap(outage.error()!.code, lost)], lost.origin, options.now(), lost.toSeq)
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
      if (queue.length === 0 || !outage.mayTry()) return undefined
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
      outage.committed()
      unkept({ first: queue[0]?.number ?? nextNumber, added: [] })
    },
    failed: outage.failed,
    giveUp(error) {
      for (const { waiting } of queue) for (const done of waiting.splice(0)) done(error)
    },
    look() {
      if (queue.length === 0) outage.look()
    },
    error: outage.error,
    trouble() {
      const lines = queue.reduce((sum, { batches }) => batches.reduce((all, batch) => all + batch.lines, sum), 0)
      return outage.trouble(lines)
    },
  }
}
