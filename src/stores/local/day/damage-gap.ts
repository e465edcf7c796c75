// Damage is told as a record of kind `gap`, in the place of the records that cannot be given.
import { emptyBatch, type RecordBatch } from '../../../contracts/batch.ts'
import { kinds } from '../../../contracts/record.ts'
import { storeGap } from '../../../text/gaps.ts'

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
export function damageGap(lost: LostRecords): RecordBatch {
  const { id, source = unknownSource, time } = lost
  const { message, severity, extras } = storeGap(lost)
  const text = Buffer.from(message)
  return {
    ...emptyBatch,
    source,
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
    severity: Uint8Array.of(severity),
    extras: () => extras,
  }
}
