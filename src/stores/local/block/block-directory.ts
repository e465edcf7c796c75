// Places of a block's columns among its sections, as JSON between its filters and its sections.
import type { TemplatedColumn } from '../column/templated-column.ts'
import type { StoredNumbers } from '../column/stored-numbers.ts'
import type { SectionSize } from './sections.ts'

/** How to find and read the columns; compressed on its own. */
export interface BlockDirectory {
  sections: SectionSize[]
  id: StoredNumbers
  seq: StoredNumbers
  time: StoredNumbers
  observed: StoredNumbers
  stream: StoredNumbers
  kind: StoredNumbers
  severity: StoredNumbers
  message: TemplatedColumn
  /** JSON, see `ExtrasJson`; empty where a record has none. */
  extras: TemplatedColumn
}
