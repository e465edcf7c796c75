// The rows of several batches in the order asked for, as places or as objects.
import { recordAt, type RecordBatch } from '../../contracts/batch.ts'
import type { LogRecord } from '../../contracts/record.ts'
import { isTimeOrder, type SearchOrder, type TimeOrder } from '../../contracts/request.ts'

/** A record in its batch. */
export interface RecordPlace {
  batch: RecordBatch
  row: number
}

/** Batches may interleave; the rows of each ascend by id. */
export function recordsOf(batches: readonly RecordBatch[], order: SearchOrder): LogRecord[] {
  return [...eachRecord(batches, order)]
}

/** Records one at a time, made as they are asked for: objects take many times the memory of columns. */
export function* eachRecord(batches: readonly RecordBatch[], order: SearchOrder): Generator<LogRecord, undefined> {
  for (const { batch, row } of eachPlace(batches, order)) yield recordAt(batch, row)
}

/** Places of the records; each holds until the next is asked for. */
export function* eachPlace(batches: readonly RecordBatch[], order: SearchOrder): Generator<RecordPlace, undefined> {
  if (isTimeOrder(order)) return yield* eachByTime(batches, order)
  const step = order === 'oldest' ? 1 : -1
  const rank = ({ batch, row }: RecordPlace): number => batch.id[row]! * step
  const places = batches
    .filter(({ count }) => count > 0)
    .map((batch): RecordPlace => ({ batch, row: step > 0 ? 0 : batch.count - 1 }))
    .sort((a, b) => rank(b) - rank(a))
  // The batch whose turn it is stands last; it gives rows until another one is due.
  for (let place = places.pop(); place; place = places.pop()) {
    const rival = places.at(-1)
    const due = rival ? rank(rival) : Infinity
    const { batch } = place
    do {
      yield place
      place.row += step
    } while (place.row >= 0 && place.row < batch.count && rank(place) < due)
    if (place.row < 0 || place.row >= batch.count) continue
    let at = places.length
    while (at > 0 && rank(places[at - 1]!) < rank(place)) at--
    places.splice(at, 0, place)
  }
}

function* eachByTime(batches: readonly RecordBatch[], order: TimeOrder): Generator<RecordPlace, undefined> {
  const step = order === 'earliest' ? 1 : -1
  const places = batches.flatMap((batch) =>
    Array.from({ length: batch.count }, (_, row): RecordPlace => ({ batch, row })),
  )
  places.sort((a, b) => step * (a.batch.time[a.row]! - b.batch.time[b.row]! || a.batch.id[a.row]! - b.batch.id[b.row]!))
  yield* places
}
