// Records that tell of what a spool gave up: one for each run.
import { emptyBatch, type Origin, type RecordBatch } from '../../contracts/batch.ts'
import { kinds, streams } from '../../contracts/record.ts'
import { spoolGap } from '../../text/gaps.ts'

export interface LostOfRun extends Origin {
  lines: number
  fromSeq: number
  toSeq: number
}

export function shapeLost(lost: readonly LostOfRun[], at: number): RecordBatch[] {
  return lost.map(({ source, run, session, pid, ...range }) => {
    const { message, severity, extras } = spoolGap(range)
    const text = Buffer.from(message)
    return {
      ...emptyBatch,
      source,
      run,
      session,
      pid,
      count: 1,
      text,
      start: Uint32Array.of(0),
      end: Uint32Array.of(text.length),
      id: new Float64Array(1),
      // Later than the lines behind those that are missing, so that it cannot have the place of one.
      seq: new Float64Array(1),
      time: Float64Array.of(at),
      observed: Float64Array.of(at),
      stream: Uint8Array.of(streams.indexOf('log')),
      kind: Uint8Array.of(kinds.indexOf('gap')),
      severity: Uint8Array.of(severity),
      extras: () => extras,
    }
  })
}
