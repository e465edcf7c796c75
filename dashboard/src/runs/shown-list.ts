// Rows of a list that is read page by page and asked for anew at its beginning; newest first.
export interface ShownList<Row> {
  rows: readonly Row[]
  /** Where older ones follow; absent: there are none. */
  past?: string | undefined
}

interface Placed {
  /** Unix milliseconds. */
  startedAt: number
}

type KeyOf<Row> = (row: Row) => string

/** The newest page anew. What it does not have any more is gone, but for rows that are older than all of it. */
export function withNewest<Row extends Placed>(
  shown: ShownList<Row>,
  newest: ShownList<Row>,
  keyOf: KeyOf<Row>,
): ShownList<Row> {
  const last = newest.rows.at(-1)
  if (newest.past === undefined || !last) return newest
  const there = new Set(newest.rows.map(keyOf))
  const older = shown.rows.filter((row) => row.startedAt <= last.startedAt && !there.has(keyOf(row)))
  return older.length === 0 ? newest : { rows: [...newest.rows, ...older], past: shown.past }
}

export function withOlder<Row extends Placed>(
  shown: ShownList<Row>,
  older: ShownList<Row>,
  keyOf: KeyOf<Row>,
): ShownList<Row> {
  const there = new Set(shown.rows.map(keyOf))
  return { rows: [...shown.rows, ...older.rows.filter((row) => !there.has(keyOf(row)))], past: older.past }
}
