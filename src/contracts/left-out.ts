// Lines that stages left out of a run and no gap record tells of yet: kept as a cursor, so that it is counted whatever becomes of the
// hub, and known to whoever closes the account.
import type { CursorValue } from './store.ts'

export interface LeftOut {
  source: string
  run: number
  lines: number
  /** Sequences of the first and the last. */
  fromSeq: number
  toSeq: number
  /** Of the first, Unix milliseconds. */
  since: number
}

const prefix = 'left-out/'

export const leftOutKey = ({ source, run }: Pick<LeftOut, 'source' | 'run'>): string => `${prefix}${run}/${source}`

export const leftOutCursor = ({ lines, fromSeq, toSeq, since }: LeftOut): CursorValue => ({
  lines,
  fromSeq,
  toSeq,
  since,
})

/** Undefined for cursors of others. */
export function leftOutFrom(key: string, cursor: CursorValue): LeftOut | undefined {
  if (!key.startsWith(prefix)) return undefined
  const slash = key.indexOf('/', prefix.length)
  const [lines, fromSeq, toSeq, since] = ['lines', 'fromSeq', 'toSeq', 'since'].map((name) => Number(cursor[name]))
  return {
    source: key.slice(slash + 1),
    run: Number(key.slice(prefix.length, slash)),
    lines: lines!,
    fromSeq: fromSeq!,
    toSeq: toSeq!,
    since: since!,
  }
}
