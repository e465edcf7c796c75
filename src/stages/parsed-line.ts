// Findings of a recogniser in a line. The parse stage writes them into the batch.
import type { Stream } from '../contracts/record.ts'

export interface ParsedLine {
  /** Unix milliseconds. */
  time?: number
  /** SeverityNumber. */
  severity?: number
  /** The message is what follows this many bytes, */
  skipBytes?: number
  /** and ends at this byte of the line, where it does not end with it. */
  endByte?: number
  /** The message, where it is not a part of the line as it stands. */
  message?: string
  /** The message is a line of its own, to be read in its turn. */
  isWrapped?: true
  stream?: Stream
  logger?: string
  fields?: Record<string, unknown>
  traceId?: string
  spanId?: string
  audit?: boolean
}
