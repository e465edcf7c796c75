// Figures of a store; plain JSON, so that they cross threads and wires.
import type { RetentionHold } from './retention.ts'

export interface StoreInfo {
  /** Highest id. */
  head: number
  records: number
  /** Messages and the JSON of what else records have, before compression. */
  rawBytes: number
  /** On disk, everything included. */
  bytes: number
  /** Directory of the store; absent for one in memory. */
  directory?: string
  /** Numbers of files: of sealed days, and of records not sealed yet. */
  files: { days: number; tails: number }
  /** Why the rules remove nothing for now. */
  hold?: RetentionHold
  /** Most bytes first. */
  sources: SourceInfo[]
  /** Capture days, UTC, oldest first. */
  days: DayInfo[]
}

export interface SourceInfo {
  source: string
  records: number
  rawBytes: number
  bytes: number
  /** First and last capture day, `2026-11-22`. */
  from: string
  to: string
}

export interface DayInfo {
  day: string
  records: number
  bytes: number
  /** How well its blocks are filled. */
  groups: number
  blocks: number
}
