// A dialect: how one kind of client listens over a WebSocket of its own. It says which lines its client gets, and how one reads as a
// message; following, replaying and counting are done for it.
import type { LogRecord, SeverityName } from './record.ts'

/** A record as clients of dialects are told of it. Gaps and repeats, which are no records, come as lines of this shape. */
export interface Line extends Omit<LogRecord, 'id' | 'seq' | 'observed' | 'stream'> {
  /** To resume from behind it; absent for what is no record. */
  cursor?: number
  /** Unique and stable. */
  entryId: string
  /** Process id of its run, 0 where there is none. */
  pid: number
  /** Display name (SPEC C2). */
  service: string
}

/** The lines that a client gets, and their form. */
export interface Wish {
  /** In the query language. */
  query: string
  /** Of these the lines that are shown; a level: those from it on. */
  shown: true | SeverityName
  /** The lines after this cursor, then live; those of a client that is slow come later. Absent: a slow client misses lines, which it is told. */
  after?: number
  /** The newest so many matching lines, then live. */
  limit?: number
  /** Of each source or type, the newest so many lines that memory holds, then live. */
  recent?: Recent
  /** Lines per second and source. */
  rateLimit?: number
  /** Repeats are told as one line with their count. */
  collapse?: boolean
  /** Several messages as one frame, a JSON array. */
  isBatched?: boolean
  /** Names the form: clients with the same form and query share bytes. */
  form: string
  /** The line as a message, JSON on one line. */
  encode(line: Line): string
}

export interface Recent {
  count: number
  /** `type`: audit, and all else. */
  of: 'source' | 'type' | 'all'
}

export interface DialectClient {
  /** Of the address. */
  parameters: URLSearchParams
  /** Gives lines, instead of those that were given before. Throws `query-invalid`. */
  follow(wish: Wish): void
  /** Gives the recent lines of the wish once more. */
  replay(wish: Wish): void
  send(message: string): void
  /** Tells the client of its error. */
  refuse(error: unknown): void
}

export interface DialectSession {
  /** A message of the client that is JSON; what it does not know it passes over. */
  hear?(message: unknown): void
  /** A message for when nothing was sent for 30 seconds. */
  beat?(): string
}

export interface Dialect {
  name: string
  /** As they are requested. */
  paths: readonly string[]
  /** For people. */
  about: string
  /** Throws `request-invalid` for parameters that mean nothing. */
  open(client: DialectClient): DialectSession
}
