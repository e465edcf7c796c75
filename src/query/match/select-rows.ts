// Rows of a batch as a batch of their own. The text is shared, not copied; encoding leaves out what is unused.
import type { ExtrasColumn, RecordBatch } from '../../contracts/batch.ts'

export function selectRows(batch: RecordBatch, indexes: ArrayLike<number>): RecordBatch {
  const count = indexes.length
  const pick = <T extends Float64Array | Uint32Array | Uint8Array>(column: T): T => {
    const picked = new (column.constructor as new (length: number) => T)(count)
    for (let i = 0; i < count; i++) picked[i] = column[indexes[i]!]!
    return picked
  }
  return {
    source: batch.source,
    run: batch.run,
    session: batch.session,
    pid: batch.pid,
    count,
    text: batch.text,
    start: pick(batch.start),
    end: pick(batch.end),
    id: pick(batch.id),
    seq: pick(batch.seq),
    time: pick(batch.time),
    observed: pick(batch.observed),
    stream: pick(batch.stream),
    kind: pick(batch.kind),
    severity: pick(batch.severity),
    extras: selectExtras(batch.extras, indexes, pick),
  }
}

/** JSON stays JSON. */
function selectExtras(
  extras: ExtrasColumn,
  indexes: ArrayLike<number>,
  pick: (column: Uint32Array) => Uint32Array,
): ExtrasColumn {
  const selected: ExtrasColumn = (index) => extras(indexes[index]!)
  if (extras.json) selected.json = { ...extras.json, start: pick(extras.json.start), end: pick(extras.json.end) }
  return selected
}

/** Rows with text and extras of their own, so that the batch they come from can be forgotten. */
export function copyRows(batch: RecordBatch, indexes: ArrayLike<number>): RecordBatch {
  const rows = selectRows(batch, indexes)
  const { count, start, end } = rows
  let bytes = 0
  for (let i = 0; i < count; i++) bytes += end[i]! - start[i]!
  const text = new Uint8Array(bytes)
  let at = 0
  for (let i = 0; i < count; i++) {
    const message = batch.text.subarray(start[i], end[i])
    text.set(message, at)
    start[i] = at
    end[i] = at += message.length
  }
  const extras = Array.from(indexes, (index) => batch.extras(index))
  return { ...rows, text, extras: (index) => extras[index] }
}
