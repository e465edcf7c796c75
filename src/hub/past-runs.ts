// Lists of all runs and sessions: those of the catalogue's file, and in their place those held in memory, which may not be written yet.
import type { RunRow } from '../contracts/source.ts'
import type { SessionRow } from './catalogue-file.ts'
import type { CatalogueWriter } from './catalogue-writer.ts'

/** A place in the list of all runs. */
export type RunPlace = Pick<RunRow, 'startedAt' | 'source' | 'run'>

/** Gives rows behind `past`, newest first, as long as `take` gives true. `heldRow` finds one in memory. */
export function eachPastRun(
  writer: Pick<CatalogueWriter, 'read'>,
  held: readonly RunRow[],
  past: RunPlace | undefined,
  take: (row: RunRow) => boolean,
): void {
  const isPast = (row: RunRow): boolean => past === undefined || byStart(past, row) < 0
  const isHeld = new Set(held.map(keyOf))
  const waiting = held.filter(isPast).sort(byStart)
  let goesOn = true
  const give = (row: RunRow): boolean => (goesOn &&= take(row))
  writer.read((file) =>
    file.eachRun(past?.startedAt ?? Infinity, (row) => {
      if (isHeld.has(keyOf(row)) || !isPast(row)) return true
      while (goesOn && waiting.length > 0 && byStart(waiting[0]!, row) < 0) give(waiting.shift()!)
      return goesOn && give(row)
    }),
  )
  while (goesOn && waiting.length > 0) give(waiting.shift()!)
}

/** Newest first. */
export function pastSessions(
  writer: Pick<CatalogueWriter, 'read'>,
  held: ReadonlyMap<string, Omit<SessionRow, 'id'>>,
): SessionRow[] {
  const known = new Map<string, SessionRow>()
  writer.read((file) => file.sessions().forEach((row) => known.set(row.id, row)))
  for (const [id, times] of held) known.set(id, { id, ...times })
  return [...known.values()].sort((a, b) => b.startedAt - a.startedAt)
}

/** Newest first. */
function byStart(a: RunPlace, b: RunPlace): number {
  return b.startedAt - a.startedAt || (a.source < b.source ? -1 : a.source > b.source ? 1 : b.run - a.run)
}

const keyOf = ({ source, run }: RunRow): string => `${run} ${source}`
