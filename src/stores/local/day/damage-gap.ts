// Damage is told as a record of kind `gap`, in the place of the records that cannot be given.
import { emptyBatch, type RecordBatch } from '../../../contracts/batch.ts'
import { kinds, severities } from '../../../contracts/record.ts'

export interface LostRecords {
  /** The lost id that the record about the damage takes. */
  id: number
  /** First and last id among them. */
  first: number
  last: number
  /** How many. */
  lines: number
  /** Source of the lost records; absent when it is not known either. */
  source?: string
  /** About when they were captured, Unix milliseconds. */
  time: number
  file: string
}

/** Name of the source when nothing is known of it. */
const unknownSource = 'logboom'

/** The record about ids that no file has, for a range of ids in which at least one of them lies. */
export function holeGap(lost: LostRecords, range: Readonly<{ before: number }>): RecordBatch {
  return damageGap({ ...lost, id: Math.min(lost.last, range.before - 1) })
}

/** A batch of one record. */
export function damageGap({ id, first, last, lines, source, time, file }: LostRecords): RecordBatch {
  const whose = source === undefined ? '' : ` of ${source}`
  const message = `${lines} ${lines === 1 ? 'record' : 'records'}${whose} lost: ${file} is damaged there`
  const text = Buffer.from(message)
  return {
    ...emptyBatch,
    source: source ?? unknownSource,
    count: 1,
    text,
    start: Uint32Array.of(0),
    end: Uint32Array.of(text.length),
    id: Float64Array.of(id),
    seq: Float64Array.of(0),
    time: Float64Array.of(time),
    observed: Float64Array.of(time),
    stream: Uint8Array.of(2),
    kind: Uint8Array.of(kinds.indexOf('gap')),
    severity: Uint8Array.of(severities.ERROR),
    extras: () => ({ fields: { cause: 'damaged', from: first, to: last, lines, file } }),
  }
}
