// The contract of one part of a summary: each looks at the columns that it needs, and at nothing else; those that need the
// extras of records take them one record after the other, so that they are parsed once for all of these parts.
import type { RecordBatch } from '../../contracts/batch.ts'

/** How many records have which value of a name. */
export interface ValueCounts {
  values: readonly (readonly [value: string, count: number])[]
  /** Records without any. */
  missing: number
}

/** Records whose messages have the same template. */
export interface TemplateRows {
  template: string
  count: number
  /** The greatest of their ids. */
  newest: number
}

/** Counts of matching records that are known without reading them, as from a block's header. */
export interface KnownCounts {
  /** Absent where they differ or are not known. */
  source?: string
  run?: number
  session?: string
  /** Indexes into `streams` and `kinds`. */
  stream?: number
  kind?: number
  /** Every record in exactly one of them. `minute`: the event time's, Unix milliseconds. */
  cells: readonly { severity: number; count: number; minute?: number }[]
  /** Event time and severity of each record; to be asked only where the cells do not do. */
  times?(): Pick<RecordBatch, 'count' | 'time' | 'severity'>
  /** The templates of the messages; one may come several times. */
  templates?(): readonly TemplateRows[]
  /** The values of `logger` or a field, where they can be counted without the records. */
  values?(name: string): ValueCounts | undefined
}

export interface SummaryPart {
  /** Takes all rows of a batch, or, by `addRow`, one of them. */
  add?(batch: RecordBatch): void
  addRow?(batch: RecordBatch, index: number): void
  /** Whether such counts tell all that this part asks for. */
  takes(known: KnownCounts): boolean
  addKnown(known: KnownCounts): void
}
