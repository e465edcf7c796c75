// The contract of a store: commits batches together with the cursors they advance, and answers searches.
import type { RepairReport, VerifyOptions, VerifyReport } from './verify-report.ts'
import type { RecordBatch } from './batch.ts'
import type { Disk } from '../system/disk.ts'
import type { SearchRequest, Summary, SummaryRequest } from './request.ts'
import type { Retention, RetentionHold, RetentionReport, RetentionRequest } from './retention.ts'
import type { Spool, SpoolOptions } from './hosts/spool.ts'
import type { StoreInfo } from './store-info.ts'
import type { Uptime } from '../system/uptime.ts'

/** Progress of a tail: opaque to the store, plain JSON. */
export type CursorValue = Record<string, number | string>

/** Records of one stretch of the log. Pages follow each other in the order asked for and never overlap. */
export interface SearchPage {
  /** Each of one source and run, its rows by ascending id; batches may interleave: see `recordsOf`. */
  batches: RecordBatch[]
  /**
   * All matching records up to (newest first: down to) and including this id have been given. 0 in the order of time, of
   * which there is one page: to go on, ask with `past`.
   */
  cursor: number
}

export interface StoreReader {
  /** Streams pages, stops early at `limit`, and can be left at any page. Never holds up `commit`. */
  search(request: SearchRequest, signal?: AbortSignal): AsyncIterable<SearchPage>
  /**
   * Counts what matches, newest first: a summary about every 100 ms that holds more than the one before, and a last one
   * with `done`. Can be left at any time. Never holds up `commit`.
   */
  summarize(request: SummaryRequest, signal?: AbortSignal): AsyncIterable<Summary>
  info(): Promise<StoreInfo>
  close(): Promise<void>
}

export interface Store extends StoreReader {
  /** Highest committed id, 0 when empty. */
  head(): number
  /** Highest sequence committed for a source's run, 0 when none. */
  sequence(source: string, run: number): number
  /** Of each source the highest run with records, as far as runs are remembered. */
  lastRuns(): Record<string, number>
  /** The cursors committed last, by the key they were committed under. */
  cursors(): ReadonlyMap<string, CursorValue>
  /**
   * Numbers the records (fills `id`), then makes batches and cursors durable as one: after a crash all of them are there
   * or none. A cursor of `null` forgets the key. Rejects with `disk-full` and the like, having changed nothing.
   */
  commit(batches: readonly RecordBatch[], cursors: ReadonlyMap<string, CursorValue | null>): Promise<void>
  /**
   * Moves what is full, or of a day that is over, into its final, smaller form and does what else is to be done now and
   * then; resolves when done.
   */
  seal(options?: { all?: boolean }): Promise<void>
  /**
   * Removes what the rules say is too old or too much, as `seal` does, too, unless there is a `hold`; rejects where that
   * fails. Ends the hold, but for a dry run.
   */
  retain(request?: RetentionRequest): Promise<RetentionReport>
  /** Rules in place of those that it was opened with; what is too much by them goes when house is kept next. */
  setRetention(rules: Retention): void
  /** Looks at the clocks: why the rules remove nothing for now, if so. */
  hold(): RetentionHold | undefined
  /** Only a store whose records are on their way to another has it. */
  spool?: Spool
}

export interface StoreOptions {
  directory: string
  /** Unix milliseconds. */
  now(): number
  /** The machine's own count of time, which `now` is held against; absent, `now` is believed. */
  uptime?: () => Uptime
  /** Something was found damaged or had to be set aside. */
  warn(message: string): void
  /** Rules of retention. Default: everything is kept. */
  retention?: Retention
  /** Bounds of a spool. */
  spool?: SpoolOptions
  /** Default: the real one. */
  disk?: Disk
}

export interface StoreType {
  name: string
  /** Opens for writing; one at a time per directory. */
  open(options: StoreOptions): Promise<Store>
  /** Opens beside a writer, from another thread or process; absent where only the writer can read. */
  openReader?(options: StoreOptions): Promise<StoreReader>
  /** Looks at everything, beside a writer; absent where there is nothing that could be damaged. */
  verify?(options: StoreOptions, how: VerifyOptions): Promise<VerifyReport>
  /** Takes what is damaged out of the way; nobody else may have it open for writing. */
  repair?(options: StoreOptions): Promise<RepairReport>
}
