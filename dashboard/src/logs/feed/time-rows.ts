// Records in the order of event time, which is not that of the log: late ones come into the midst of what is there.
import type { LogRecord } from '../../../../src/contracts/record.ts'

/** Negative: the first of the two comes first. */
export const byTime = (a: LogRecord, b: LogRecord): number => a.time - b.time || a.id - b.id

/** Rows in order, and records in any → one list in order, each record once. */
export function mergeByTime(rows: readonly LogRecord[], added: readonly LogRecord[]): LogRecord[] {
  const sorted = added.toSorted(byTime).filter((record, index, all) => record.id !== all[index - 1]?.id)
  const last = rows.at(-1)
  if (!last || !sorted[0] || byTime(last, sorted[0]) < 0) return [...rows, ...sorted]
  const merged: LogRecord[] = []
  let at = 0
  for (const record of sorted) {
    while (at < rows.length && byTime(rows[at]!, record) < 0) merged.push(rows[at++]!)
    if (at < rows.length && rows[at]!.id === record.id) continue
    merged.push(record)
  }
  while (at < rows.length) merged.push(rows[at++]!)
  return merged
}

/** Those of the records that are none of the rows. */
export function withoutRows(records: readonly LogRecord[], rows: readonly LogRecord[]): LogRecord[] {
  const ids = new Set(rows.map(({ id }) => id))
  return records.filter(({ id }) => !ids.has(id))
}
