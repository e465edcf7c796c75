// Neighbouring rows of a batch as a batch of its own.
import type { RecordBatch } from '../../../contracts/batch.ts'
import { jsonExtras } from '../../../json/json-extras.ts'

/** Rows `from` to before `to`; columns and text are shared, not copied. */
export function sliceBatch(batch: RecordBatch, from: number, to: number): RecordBatch {
  if (to - from === batch.count) return batch
  const cut = <Column extends Float64Array | Uint32Array | Uint8Array>(column: Column): Column =>
    column.subarray(from, to) as Column
  const { json } = batch.extras
  return {
    ...batch,
    count: to - from,
    start: cut(batch.start),
    end: cut(batch.end),
    id: cut(batch.id),
    seq: cut(batch.seq),
    time: cut(batch.time),
    observed: cut(batch.observed),
    stream: cut(batch.stream),
    kind: cut(batch.kind),
    severity: cut(batch.severity),
    extras: json
      ? jsonExtras({ ...json, start: cut(json.start), end: cut(json.end) })
      : (index) => batch.extras(from + index),
  }
}
