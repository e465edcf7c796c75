// The contract of one part of a summary: each looks at the columns that it needs, and at nothing else.
import type { RecordBatch } from '../batch.ts'

/** What is known of the matching records of some stretch without reading them, as from a block's header. */
export interface KnownCounts {
  /** Absent where they differ or are not known. */
  source?: string
  run?: number
  session?: string
  /** Every record in exactly one of them. `minute`: the event time's, Unix milliseconds. */
  cells: readonly { severity: number; count: number; minute?: number }[]
}

export interface SummaryPart {
  add(batch: RecordBatch): void
  /** Whether such counts tell all that this part asks for. */
  takes(known: KnownCounts): boolean
  addKnown(known: KnownCounts): void
}
