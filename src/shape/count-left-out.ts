// Counts the rows that stages left out, per run: with each commit what is not told yet, and about once a minute a gap record.
import type { RecordBatch } from '../contracts/batch.ts'
import { leftOutCursor, leftOutFrom, leftOutKey, type LeftOut } from '../contracts/left-out.ts'
import type { CursorValue, Store } from '../contracts/store.ts'

type Cursors = Map<string, CursorValue | null>

export interface LeftOutCount {
  /**
   * Counts what is in `before`, and not in `after`; what is counted is committed with the others of `cursors`. Gives what takes
   * that back.
   */
  add(before: Pick<RecordBatch, 'source' | 'run' | 'seq'>, after: RecordBatch, cursors: Cursors): () => void
  /** The last sequence that was given to something left out. */
  lastSeq(source: string, run: number): number
  /** Counts to be told now, once. */
  due(cursors: Cursors): LeftOut[]
  /** Tells of this run as soon as may be. */
  end(source: string, run: number): void
}

const tellMs = 60_000

export function openLeftOutCount(store: Store, now: () => number): LeftOutCount {
  const untold = new Map<string, LeftOut>()
  for (const [key, cursor] of store.cursors()) {
    const leftOut = leftOutFrom(key, cursor)
    if (leftOut) untold.set(key, leftOut)
  }

  return {
    add({ source, run, seq }, after, cursors) {
      if (after.count === seq.length) return () => undefined
      const key = leftOutKey({ source, run })
      const before = untold.get(key)
      const gone = missingFrom(seq, after.seq)
      const next: LeftOut = {
        source,
        run,
        lines: (before?.lines ?? 0) + seq.length - after.count,
        fromSeq: before?.fromSeq ?? gone.first,
        toSeq: gone.last,
        since: before?.since ?? now(),
      }
      untold.set(key, next)
      cursors.set(key, leftOutCursor(next))
      return () => void (before ? untold.set(key, before) : untold.delete(key))
    },
    lastSeq: (source, run) => untold.get(leftOutKey({ source, run }))?.toSeq ?? 0,
    due(cursors) {
      const due = [...untold].filter(([, { since }]) => Math.abs(now() - since) >= tellMs)
      for (const [key] of due) {
        untold.delete(key)
        cursors.set(key, null)
      }
      return due.map(([, leftOut]) => leftOut)
    },
    end(source, run) {
      const leftOut = untold.get(leftOutKey({ source, run }))
      if (leftOut) leftOut.since = -Infinity
    },
  }
}

/** Two ascending lists. */
function missingFrom(all: Float64Array, some: Float64Array): { first: number; last: number } {
  let first = 0
  while (all[first] === some[first]) first++
  let last = 1
  while (all.at(-last) === some.at(-last)) last++
  return { first: all[first]!, last: all.at(-last)! }
}
