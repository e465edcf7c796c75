// A condition ready to be asked of batches. Its own file because verbs and their tools share it.
import type { RecordBatch } from '../../contracts/batch.ts'

export type RowTest = (index: number) => boolean

export interface Test {
  /** Roughly nanoseconds per record; cheap tests are asked first. */
  cost: number
  /** Looks at what is the same for the whole batch first: often that decides, and no row is looked at. */
  bind(batch: RecordBatch): boolean | RowTest
}
