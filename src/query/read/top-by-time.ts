// The first so many records in the order of event time, which is not the order of the log: whatever comes is held against
// the best seen so far, so that memory stays bounded and it can be told what need not be read any more.
import type { RecordBatch } from '../../contracts/batch.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { SearchPage } from '../../contracts/store.ts'
import { inSlices } from './in-slices.ts'
import { maxByTime, type SearchRequest, type TimePlace } from '../../contracts/request.ts'
import { copyRows } from '../match/select-rows.ts'

export interface TopByTime {
  /** Event times of which records may still be wanted, both inclusive. */
  window(): { from: number; to: number }
  /** Takes what is wanted of matching records; nothing of the batch itself is kept. */
  add(batch: RecordBatch): void
  /** The best of all that came; see `recordsOf`. */
  batches(): RecordBatch[]
}

/** Throws `request-invalid` when there is no limit, or one that is too high. */
export function openTopByTime({ order, limit, maxBytes = Infinity, past }: SearchRequest): TopByTime {
  if (limit === undefined || limit > maxByTime) {
    throw new LogboomError('request-invalid', `limit: the order ${order} needs one, and ${maxByTime} at most`)
  }
  const sign = order === 'earliest' ? 1 : -1
  const start: TimePlace = past ?? { time: -sign * Infinity, id: 0 }
  /** Once there are enough, the last of them. */
  let bound: TimePlace = { time: sign * Infinity, id: 0 }
  let kept: RecordBatch[] = []
  let count = 0
  let bytes = 0
  let isTrimmed = true

  function wantedRows({ time, id, count: rows }: RecordBatch): number[] {
    const wanted: number[] = []
    for (let row = 0; row < rows; row++) {
      const isPast = sign * (time[row]! - start.time || id[row]! - start.id) > 0
      if (isPast && sign * (time[row]! - bound.time || id[row]! - bound.id) <= 0) wanted.push(row)
    }
    return wanted
  }

  /** So many of the best are wanted. */
  function mostWanted(): number {
    if (bytes <= maxBytes) return limit!
    const places = kept.flatMap((batch) =>
      Array.from({ length: batch.count }, (_, row) => ({
        time: batch.time[row]!,
        id: batch.id[row]!,
        size: batch.end[row]! - batch.start[row]!,
      })),
    )
    places.sort((a, b) => sign * (a.time - b.time || a.id - b.id))
    let sum = 0
    return Math.min(
      limit!,
      Math.max(
        1,
        places.findIndex(({ size }) => (sum += size) > maxBytes),
      ),
    )
  }

  function trim(): void {
    isTrimmed = true
    const most = mostWanted()
    if (count < most) return
    const times = new Float64Array(count)
    let at = 0
    for (const batch of kept) {
      times.set(batch.time, at)
      at += batch.count
    }
    times.sort()
    const time = sign > 0 ? times[most - 1]! : times[count - most]!
    const before = sign > 0 ? times.indexOf(time) : count - 1 - times.lastIndexOf(time)
    // Of those with the same time, ids decide.
    const ids = Float64Array.from(kept.flatMap((batch) => [...batch.id].filter((_, row) => batch.time[row] === time)))
    ids.sort()
    const more = most - before
    bound = { time, id: sign > 0 ? ids[more - 1]! : ids[ids.length - more]! }
    kept = kept.map((batch) => cut(batch, wantedRows(batch))).filter((batch) => batch.count > 0)
    count = most
    bytes = kept.reduce((sum, batch) => sum + bytesOf(batch), 0)
  }

  return {
    window() {
      if (!isTrimmed) trim()
      return sign > 0 ? { from: start.time, to: bound.time } : { from: bound.time, to: start.time }
    },
    add(batch) {
      const rows = wantedRows(batch)
      if (rows.length === 0) return
      const copied = copyRows(batch, rows)
      kept.push(copied)
      count += rows.length
      bytes += bytesOf(copied)
      isTrimmed = false
      if (count >= 2 * limit! || bytes >= 2 * maxBytes) trim()
    },
    batches() {
      if (!isTrimmed) trim()
      return kept
    },
  }
}

function bytesOf({ count, start, end }: RecordBatch): number {
  let bytes = 0
  for (let row = 0; row < count; row++) bytes += end[row]! - start[row]!
  return bytes
}

function cut(batch: RecordBatch, rows: number[]): RecordBatch {
  return rows.length === batch.count ? batch : copyRows(batch, rows)
}

/** A search in the order of time: `steps` adds what matches, and yields wherever others may be let in. */
export async function* searchByTime(
  request: SearchRequest,
  steps: (top: TopByTime) => Iterable<unknown> | AsyncIterable<unknown>,
  signal?: AbortSignal,
): AsyncGenerator<SearchPage> {
  const top = openTopByTime(request)
  if (request.limit === 0) return
  for await (const _ of inSlices(steps(top), signal));
  yield { batches: top.batches(), cursor: 0 }
}
