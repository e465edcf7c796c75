// Lists of all runs and sessions: those of the catalogue's file, and in their place those held in memory, which may not be written yet.
// Runs are read by their key, source by source from the newest, and no more of them than are asked for.
import type { RunRow } from '../contracts/source.ts'
import type { CatalogueFile, SessionRow } from './catalogue-file.ts'
import type { CatalogueWriter } from './catalogue-writer.ts'

/** A place in the list of all runs. */
export type RunPlace = Pick<RunRow, 'startedAt' | 'source' | 'run'>

export interface PastRunsOptions {
  /** Only what is behind this place. */
  past?: RunPlace | undefined
  /** Asked with the newest run of each source: whether its runs are wanted. Default: all. */
  wants?: (newest: RunRow) => boolean
}

/** Takes a run and its place; false ends it. */
export type TakeRun = (row: RunRow, place: RunPlace) => boolean

type RunReader = { read(work: (file: Pick<CatalogueFile, 'sources' | 'runsBelow'>) => void): void }

interface Placed {
  row: RunRow
  place: RunPlace
  rest: Iterator<RunRow>
}

const firstRows = 2
const mostRows = 200
const growth = 4

/** Newest first. Within a source the order is that of its runs, whatever the clock said. */
export function eachPastRun(
  reader: RunReader,
  held: readonly RunRow[],
  { past, wants = () => true }: PastRunsOptions,
  take: TakeRun,
): void {
  /** The newest of each source that were not given yet, the very newest last. */
  const next: Placed[] = []
  const add = (rest: Iterator<RunRow>, latest: number, isWanted: (row: RunRow) => boolean): void => {
    let before = latest
    for (let { value, done } = rest.next(); !done; { value, done } = rest.next()) {
      const row = value as RunRow
      if (!isWanted(row)) return
      const place = { startedAt: Math.min(before, row.startedAt), source: row.source, run: row.run }
      before = place.startedAt
      if (past && byStart(past, place) >= 0) continue
      next.splice(placeIn(next, place), 0, { row, place, rest })
      return
    }
  }
  for (const [source, own] of heldBySource(reader, held)) add(rowsOf(reader, source, own), Infinity, wants)
  for (let newest = next.pop(); newest; newest = next.pop()) {
    if (!take(newest.row, newest.place)) return
    add(newest.rest, newest.place.startedAt, () => true)
  }
}

/** Runs in memory of all sources that there are. */
function heldBySource(reader: RunReader, held: readonly RunRow[]): Map<string, RunRow[]> {
  const sources = new Map<string, RunRow[]>()
  reader.read((file) => file.sources().forEach((source) => sources.set(source, [])))
  for (const row of held) sources.set(row.source, [...(sources.get(row.source) ?? []), row])
  return sources
}

/** Of one source, the newest first. */
function* rowsOf(reader: RunReader, source: string, held: RunRow[]): Generator<RunRow, undefined> {
  const waiting = held.toSorted((a, b) => b.run - a.run)
  const isHeld = new Set(held.map(({ run }) => run))
  let below = Number.MAX_SAFE_INTEGER
  for (let size = firstRows; ; size = Math.min(mostRows, size * growth)) {
    let rows: RunRow[] = []
    reader.read((file) => (rows = file.runsBelow(source, below, size)))
    for (const row of rows) {
      below = row.run
      while (waiting.length > 0 && waiting[0]!.run > row.run) yield waiting.shift()!
      if (!isHeld.has(row.run)) yield row
    }
    if (rows.length === 0) break
  }
  yield* waiting
}

/** Where it stands in a list whose newest is last. */
function placeIn(list: readonly Placed[], place: RunPlace): number {
  let [from, to] = [0, list.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (byStart(list[middle]!.place, place) > 0) from = middle + 1
    else to = middle
  }
  return from
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
