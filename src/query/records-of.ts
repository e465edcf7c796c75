// The rows of several batches as objects in the order asked for, for those who read records rather than columns.
import { recordAt, type RecordBatch } from '../batch.ts'
import type { LogRecord } from '../record.ts'
import { isTimeOrder, type SearchOrder, type TimeOrder } from './request.ts'

/** Batches may interleave; the rows of each ascend by id. */
export function recordsOf(batches: readonly RecordBatch[], order: SearchOrder): LogRecord[] {
  return [...eachRecord(batches, order)]
}

/** The same one at a time, made as they are asked for: objects take many times the memory of columns. */
export function* eachRecord(batches: readonly RecordBatch[], order: SearchOrder): Generator<LogRecord, undefined> {
  if (isTimeOrder(order)) return yield* eachByTime(batches, order)
  const step = order === 'oldest' ? 1 : -1
  const rank = ({ batch, row }: Place): number => batch.id[row]! * step
  const places = batches
    .filter(({ count }) => count > 0)
    .map((batch): Place => ({ batch, row: step > 0 ? 0 : batch.count - 1 }))
    .sort((a, b) => rank(b) - rank(a))
  // The batch whose turn it is stands last; it gives rows until another one is due.
  for (let place = places.pop(); place; place = places.pop()) {
    const rival = places.at(-1)
    const due = rival ? rank(rival) : Infinity
    const { batch } = place
    do {
      yield recordAt(batch, place.row)
      place.row += step
    } while (place.row >= 0 && place.row < batch.count && rank(place) < due)
    if (place.row < 0 || place.row >= batch.count) continue
    let at = places.length
    while (at > 0 && rank(places[at - 1]!) < rank(place)) at--
    places.splice(at, 0, place)
  }
}

function* eachByTime(batches: readonly RecordBatch[], order: TimeOrder): Generator<LogRecord, undefined> {
  const step = order === 'earliest' ? 1 : -1
  const places = batches.flatMap((batch) => Array.from({ length: batch.count }, (_, row): Place => ({ batch, row })))
  places.sort((a, b) => step * (a.batch.time[a.row]! - b.batch.time[b.row]! || a.batch.id[a.row]! - b.batch.id[b.row]!))
  for (const { batch, row } of places) yield recordAt(batch, row)
}

/** Where a batch has got to. */
interface Place {
  batch: RecordBatch
  row: number
}
