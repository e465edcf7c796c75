// Records per stretch of event time and level.
import type { RecordBatch } from '../../contracts/batch.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { severityName, severityNames } from '../../contracts/record.ts'
import { maxBuckets, type Histogram, type SummaryRequest } from '../../contracts/request.ts'
import type { SummaryPart } from './summary-part.ts'

const minuteMs = 60_000

export interface OpenHistogram extends SummaryPart {
  result(): Histogram
}

/** Throws `request-invalid` for buckets that are none, or too many. */
export function openHistogram({ from, to, bucketMs }: NonNullable<SummaryRequest['histogram']>): OpenHistogram {
  const buckets = Math.ceil((to - from) / bucketMs)
  if (!(bucketMs > 0 && to > from && buckets <= maxBuckets)) {
    throw new LogboomError('request-invalid', `A histogram of ${to - from} ms in buckets of ${bucketMs} ms`, {
      hint: `Its end must be after its beginning, and it may have at most ${maxBuckets} buckets.`,
    })
  }
  const counts = severityNames.map(() => new Float64Array(buckets))
  const countsOf = Array.from({ length: 256 }, (_, severity) => counts[severityNames.indexOf(severityName(severity))]!)
  let earlier = 0
  let later = 0

  function count(time: number, severity: number, records: number): void {
    if (time < from) earlier += records
    else if (time >= to) later += records
    else countsOf[severity]![Math.floor((time - from) / bucketMs)]! += records
  }

  /** A minute's count must not be torn by the edge of a bucket. */
  const isOnMinutes = [from, to, bucketMs].every((edge) => edge % minuteMs === 0)

  function add({ count: records, time, severity }: Pick<RecordBatch, 'count' | 'time' | 'severity'>): void {
    for (let i = 0; i < records; i++) count(time[i]!, severity[i]!, 1)
  }

  return {
    add,
    takes: ({ cells, times }) =>
      times !== undefined || (isOnMinutes && cells.every(({ minute }) => minute !== undefined)),
    addKnown({ cells, times }) {
      if (isOnMinutes && cells.every(({ minute }) => minute !== undefined)) {
        for (const { minute, severity, count: records } of cells) count(minute!, severity, records)
      } else add(times!())
    },
    result: () => ({
      from,
      bucketMs,
      counts: Object.fromEntries(severityNames.map((name, i) => [name, [...counts[i]!]])) as Histogram['counts'],
      earlier,
      later,
    }),
  }
}
