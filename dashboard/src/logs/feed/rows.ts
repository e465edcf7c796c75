// The rows of the Logs page: records in order of id, holes where lines were skipped, both in one bounded list. Pure, so
// that trimming, holes and resuming are tested without a browser.
import type { LogRecord } from '../../../../src/contracts/record.ts'

/** Lines that were not sent here; the store has them. Ids lie strictly between `after` and `before`. */
export interface Hole {
  hole: true
  after: number
  before: number
  lines: number | 'unknown'
  reason: 'slow-client' | 'rate-limit' | 'overload'
  source?: string
  state: 'open' | 'loading' | 'failed'
}

export type Row = LogRecord | Hole

export function isHole(row: Row): row is Hole {
  return 'hole' in row
}

/** Id that places a row: a hole counts as its last missing record. */
export function rowId(row: Row): number {
  return isHole(row) ? row.before - 1 : row.id
}

/** `rows[0]` has this number, the next one more: stays with a row while others are added or trimmed around it. */
export interface Rows {
  rows: Row[]
  first: number
}

export function createRows(): Rows {
  return { rows: [], first: 0 }
}

/** Highest id that is accounted for, 0 when empty. */
export function lastId(list: Rows): number {
  const row = list.rows.at(-1)
  return row ? rowId(row) : 0
}

/** Lowest id that is accounted for, undefined when empty. */
export function firstId(list: Rows): number | undefined {
  const row = list.rows[0]
  return row && (isHole(row) ? row.after + 1 : row.id)
}

/** Adds at the newest end; what is not newer than the last row is already there and left out. Returns how many were added. */
export function appendRows(list: Rows, added: readonly Row[]): number {
  let last = lastId(list)
  let count = 0
  for (const row of added) {
    const id = rowId(row)
    if (id <= last) continue
    list.rows.push(row)
    last = id
    count++
  }
  return count
}

/** Adds at the oldest end; `added` is in order of id. */
export function prependRows(list: Rows, added: readonly Row[]): number {
  const first = firstId(list) ?? Infinity
  const older = added.filter((row) => rowId(row) < first)
  list.rows = older.concat(list.rows)
  list.first -= older.length
  return older.length
}

/** Drops the oldest rows over the limit. */
export function trimOldest(list: Rows, limit: number): number {
  const over = list.rows.length - limit
  if (over <= 0) return 0
  list.rows.splice(0, over)
  list.first += over
  return over
}

/** Drops the newest rows over the limit. */
export function trimNewest(list: Rows, limit: number): number {
  const over = list.rows.length - limit
  if (over <= 0) return 0
  list.rows.length = limit
  return over
}

/**
 * Puts what a search gave into a hole. When `more` is true the search stopped early, so the hole stays, smaller, behind
 * what came. Records before the hole keep their place numbers. Returns how many rows were added.
 */
export function fillHole(list: Rows, hole: Hole, records: readonly LogRecord[], more: boolean): number {
  const at = list.rows.indexOf(hole)
  if (at < 0) return 0
  const inside = records.filter((record) => record.id > hole.after && record.id < hole.before)
  const put: Row[] = [...inside]
  const last = inside.at(-1)
  if (more && last && last.id < hole.before - 1) {
    const lines = hole.lines === 'unknown' ? hole.lines : Math.max(1, hole.lines - inside.length)
    put.push({ ...hole, after: last.id, lines, state: 'open' })
  }
  list.rows = [...list.rows.slice(0, at), ...put, ...list.rows.slice(at + 1)]
  return put.length - 1
}

/** A hole in another state, as a new object so that its row redraws. */
export function replaceHole(list: Rows, hole: Hole, state: Hole['state']): Hole | undefined {
  const at = list.rows.indexOf(hole)
  if (at < 0) return undefined
  const next = { ...hole, state }
  list.rows[at] = next
  return next
}

/** Lines that a row stands for. */
export function rowLines(row: Row): number {
  return isHole(row) ? (row.lines === 'unknown' ? 0 : row.lines) : 1
}
