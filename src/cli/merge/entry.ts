// Entry of a log file: a line that says when it was, and the lines behind it that do not.
import type { LogRecord } from '../../contracts/record.ts'

/** Bytes of a file as they were read, newlines included. */
export interface RawText {
  text: Uint8Array
  from: number
  to: number
}

export interface Entry {
  /** Unix milliseconds. */
  time: number
  /** The entry as a record of the file's source. */
  record: LogRecord
  /** Bytes of the entry, in the order of the file. */
  raw: RawText[]
  /** Bytes of `raw`. */
  bytes: number
  /** Behind the first newline-less part of a long line: goes on with the line of the entry before. */
  isWithinLine?: boolean
  /** Shared by the entries that one of too many lines became: whether the first was chosen counts for all. */
  whole?: { isChosen?: boolean }
}

/** Longer lines come in parts, and entries of more bytes become several. */
export const mostEntryMebibytes: number = 16
export const mostEntryBytes: number = mostEntryMebibytes * 1024 * 1024
