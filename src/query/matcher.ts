// A search request ready to be asked of batches: the query's predicate with the request's bounds around it. What every
// store uses, so that all of them decide alike.
import type { RecordBatch } from '../batch.ts'
import { compileQuery, matchRows } from './compile-query.ts'
import { parseQuery } from './parse-query.ts'
import { mayMatch, type Extent } from './plan.ts'
import { planQuery } from './plan-query.ts'
import type { SearchRequest } from './request.ts'
import { selectRows } from './select-rows.ts'

export interface Matcher {
  /** False when nothing within the extent can match. */
  mayMatch(extent: Extent): boolean
  /** The matching rows of batches that lie side by side: at most `limit`, from the newer or the older end. */
  select(batches: readonly RecordBatch[], limit: number): Selection
}

export interface Selection {
  batches: RecordBatch[]
  count: number
  /** Set when the limit cut rows off: the id of the last row given. */
  cutAt?: number
}

/** Throws `query-invalid`. `now`: Unix milliseconds, for relative times. */
export function openMatcher(request: SearchRequest, now: number): Matcher {
  const query = parseQuery(request.query ?? '', { now })
  const predicate = compileQuery(query)
  const plan = planQuery(query)
  const { after = 0, before = Infinity, since = -Infinity, until = Infinity, order = 'newest' } = request
  const timed = since > -Infinity || until < Infinity

  function rowsOf(batch: RecordBatch): Uint32Array {
    const { id, time } = batch
    const rows = matchRows(batch, predicate)
    const inside = id[0]! > after && id[batch.count - 1]! < before
    if (inside && !timed) return rows
    return rows.filter((row) => id[row]! > after && id[row]! < before && time[row]! >= since && time[row]! < until)
  }

  return {
    mayMatch: (extent) =>
      (extent.timeTo === undefined || extent.timeTo >= since) &&
      (extent.timeFrom === undefined || extent.timeFrom < until) &&
      mayMatch(plan, extent),
    select(batches, limit) {
      const found: RecordBatch[] = []
      let count = 0
      for (const batch of batches) {
        if (batch.count === 0) continue
        const rows = rowsOf(batch)
        if (rows.length === 0) continue
        count += rows.length
        found.push(rows.length === batch.count ? batch : selectRows(batch, rows))
      }
      return count <= limit ? { batches: found, count } : trim(found, limit, order)
    },
  }
}

/** The `limit` rows at the newer or older end of batches that may interleave. */
function trim(batches: RecordBatch[], limit: number, order: 'newest' | 'oldest'): Selection {
  const ids = new Float64Array(batches.reduce((sum, batch) => sum + batch.count, 0))
  let at = 0
  for (const batch of batches) {
    ids.set(batch.id, at)
    at += batch.count
  }
  ids.sort()
  const [from, to] = order === 'newest' ? [ids[ids.length - limit]!, Infinity] : [0, ids[limit - 1]!]
  const kept = batches.map((batch) => {
    const rows: number[] = []
    for (let i = 0; i < batch.count; i++) if (batch.id[i]! >= from && batch.id[i]! <= to) rows.push(i)
    return rows.length === batch.count ? batch : selectRows(batch, rows)
  })
  return { batches: kept.filter((batch) => batch.count > 0), count: limit, cutAt: order === 'newest' ? from : to }
}
