// The last thing that happens to records before they are kept: those below the capture level, and of services that are not captured,
// go, and are counted by whoever asked. The threshold changes while lines come.
import type { RecordBatch } from '../contracts/batch.ts'
import { kinds, type ServiceNames } from '../contracts/record.ts'
import type { Threshold } from '../contracts/request.ts'
import { parseQuery } from '../query/language/parse-query.ts'
import { compileQuery, type Predicate } from '../query/match/compile-query.ts'
import { selectRows } from '../query/match/select-rows.ts'
import { thresholdQuery } from '../query/threshold-query.ts'

export interface CaptureFilter {
  apply(batch: RecordBatch): RecordBatch
  set(threshold: Threshold): void
}

const system = kinds.indexOf('system')

export function openCaptureFilter(serviceNames: ServiceNames, threshold?: Threshold): CaptureFilter {
  /** Undefined: all is kept. */
  let wanted: Predicate | undefined

  function set(next: Threshold): void {
    const query = thresholdQuery(next)
    wanted = query === '' ? undefined : compileQuery(parseQuery(query, { serviceNames }))
  }

  if (threshold) set(threshold)
  return {
    set,
    apply(batch) {
      const test = wanted?.bind(batch) ?? true
      if (test === true) return batch
      const kept: number[] = []
      // Events, gaps and what is audited are no lines of a level.
      for (let row = 0; row < batch.count; row++) if (batch.kind[row] !== system || (test && test(row))) kept.push(row)
      return kept.length === batch.count ? batch : selectRows(batch, kept)
    },
  }
}
