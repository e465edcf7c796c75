// The newest or oldest rows of several batches that lie side by side in the log.
import type { RecordBatch } from '../../contracts/batch.ts'
import type { IdOrder } from '../../contracts/request.ts'
import { selectRows } from '../match/select-rows.ts'

export interface Limited {
  batches: RecordBatch[]
  count: number
  /** Set when the limit cut rows off: the id of the last row given. */
  cutAt?: number
}

/** At most `limit` rows, from the newer or the older end. Batches may interleave. */
export function limitRows(batches: RecordBatch[], limit: number, order: IdOrder = 'newest'): Limited {
  const count = batches.reduce((sum, batch) => sum + batch.count, 0)
  if (count <= limit) return { batches, count }
  const ids = new Float64Array(count)
  let at = 0
  for (const batch of batches) {
    ids.set(batch.id, at)
    at += batch.count
  }
  ids.sort()
  const [from, to] = order === 'newest' ? [ids[count - limit]!, Infinity] : [0, ids[limit - 1]!]
  const kept = batches.map((batch) => {
    const rows: number[] = []
    for (let i = 0; i < batch.count; i++) if (batch.id[i]! >= from && batch.id[i]! <= to) rows.push(i)
    return rows.length === batch.count ? batch : selectRows(batch, rows)
  })
  return { batches: kept.filter((batch) => batch.count > 0), count: limit, cutAt: order === 'newest' ? from : to }
}
