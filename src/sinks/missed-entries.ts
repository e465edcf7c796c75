// Entries that a file could not take, counted until that can be told: one gap for all, and not too often.
import { kinds } from '../contracts/record.ts'
import type { EntryLines } from './entry-lines.ts'
import type { Missing } from './file-state.ts'

export interface MissedEntries {
  /** Entries from this one on are not in the file. */
  add(lines: EntryLines, from: number): void
  /** The file can be written again: tells of them, unless it has just told of others. */
  tell(): void
  /** Not told of yet. */
  waiting(): Missing | undefined
}

export interface MissedEntriesOptions {
  /** Unix milliseconds. */
  now(): number
  lost(missing: Missing): void
}

const tellEveryMs = 10_000

/** `missing`: what the hub before has not told. */
export function openMissedEntries({ now, lost }: MissedEntriesOptions, missing: Missing | undefined): MissedEntries {
  let waiting = missing
  let toldAt = Number.NEGATIVE_INFINITY

  return {
    add(lines, from) {
      for (let i = from; i < lines.count; i++) {
        // Gap records tell of what is missing; that one of them is missing tells nobody anything.
        if (kinds[lines.kind[i]!] === 'gap') continue
        const id = lines.id[i]!
        waiting = { lines: (waiting?.lines ?? 0) + 1, from: waiting?.from ?? id, to: id }
      }
    },
    tell() {
      if (!waiting || Math.abs(now() - toldAt) < tellEveryMs) return
      toldAt = now()
      lost(waiting)
      waiting = undefined
    },
    waiting: () => waiting,
  }
}
