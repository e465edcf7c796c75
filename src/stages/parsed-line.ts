// What a recogniser found in one line. The parse stage writes it into the batch.

export interface ParsedLine {
  /** Unix milliseconds. */
  time?: number
  /** SeverityNumber. */
  severity?: number
  /** The message is what follows this many bytes. */
  skipBytes?: number
  /** The message, where it is not a part of the line as it stands. */
  message?: string
  logger?: string
  fields?: Record<string, unknown>
  traceId?: string
  spanId?: string
  audit?: boolean
}
