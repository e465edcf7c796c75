// Entry of a log file: a line that says when it was, and the lines behind it that do not.
import type { LogRecord } from '../../contracts/record.ts'

export interface Entry {
  /** Unix milliseconds. */
  time: number
  /** The entry as a record of the file's source. */
  record: LogRecord
  /** The lines as they stand in the file. */
  text: string
}
