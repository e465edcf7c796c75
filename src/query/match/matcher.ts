// A search request ready to be asked of batches: the query's predicate with the request's bounds around it. What every
// store uses, so that all of them decide alike.
import type { RecordBatch } from '../../contracts/batch.ts'
import { compileQuery, matchRows } from './compile-query.ts'
import { parseWithin } from '../language/parse-within.ts'
import { mayMatch } from '../plan/dimensions.ts'
import type { Extent, Plan } from '../plan/plan.ts'
import { planQuery } from '../plan/plan-query.ts'
import type { SearchRequest } from '../../contracts/request.ts'
import type { Query } from '../language/syntax-tree.ts'
import { selectRows } from './select-rows.ts'

export interface Matcher {
  query: Query
  /** Demands that all matches satisfy. */
  plan: Plan
  /** The request's own bounds, beside those of the query. */
  since: number
  until: number
  /** False when nothing within the extent can match. */
  mayMatch(extent: Extent): boolean
  /** The matching rows; the batch itself when all match, undefined when none does. */
  filter(batch: RecordBatch): RecordBatch | undefined
}

/** Throws `query-invalid`. `now`: Unix milliseconds, for relative times. */
export function openMatcher(request: SearchRequest, now: number): Matcher {
  const { serviceNames } = request
  const query = parseWithin(request.query ?? '', request.within, { now, serviceNames })
  const predicate = compileQuery(query)
  const { after = 0, before = Infinity, since = -Infinity, until = Infinity } = request
  const timed = since > -Infinity || until < Infinity
  const plan = planQuery(query)
  if (since > -Infinity) plan.timeFrom = Math.max(since, plan.timeFrom ?? since)
  if (until < Infinity) plan.timeTo = Math.min(until, plan.timeTo ?? until)

  function rowsOf(batch: RecordBatch): Uint32Array {
    const { id, time } = batch
    const rows = matchRows(batch, predicate)
    const inside = id[0]! > after && id[batch.count - 1]! < before
    if (inside && !timed) return rows
    return rows.filter((row) => id[row]! > after && id[row]! < before && time[row]! >= since && time[row]! < until)
  }

  return {
    query,
    plan,
    since,
    until,
    mayMatch: (extent) => mayMatch(plan, extent),
    filter(batch) {
      if (batch.count === 0) return undefined
      const rows = rowsOf(batch)
      return rows.length === 0 ? undefined : rows.length === batch.count ? batch : selectRows(batch, rows)
    },
  }
}
