// Claims of gap records about sequences that were given out and have no record: how many lines of which run, between which
// sequences. The record itself usually stands in the place of the last of them.
import type { RecordBatch } from '../../contracts/batch.ts'
import { kinds } from '../../contracts/record.ts'

export interface SequenceClaim {
  source: string
  run: number
  fromSeq: number
  toSeq: number
  lines: number
  cause: string
  /** The sequence of the record that says so. */
  seq: number
}

export const gapKind: number = kinds.indexOf('gap')

export function claimsOf(batch: RecordBatch): SequenceClaim[] {
  const claims: SequenceClaim[] = []
  for (let row = 0; row < batch.count; row++) {
    if (batch.kind[row] !== gapKind) continue
    const { fields = {} } = batch.extras(row) ?? {}
    const { source, run } = batch
    const seq = batch.seq[row]!
    const cause = String(fields['cause'])
    // A damaged block may have had lines of several runs.
    const runs = Array.isArray(fields['runs']) ? (fields['runs'] as Record<string, unknown>[]) : [{ run, ...fields }]
    for (const each of runs) {
      const [fromSeq, toSeq, lines] = [each['fromSeq'], each['toSeq'], each['lines']].map(Number)
      if (!isFinite(fromSeq!) || !isFinite(toSeq!) || !isFinite(lines!)) continue
      const claim = { source, run: Number(each['run']), fromSeq: fromSeq!, toSeq: toSeq!, lines: lines!, cause, seq }
      claims.push(claim)
    }
  }
  return claims
}
