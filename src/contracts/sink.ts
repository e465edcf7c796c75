// The contract of a sink: something that is fed behind the commit, in the storage worker, and may be fed the same
// records again after a crash.
import type { z } from 'zod'
import type { RecordBatch } from './batch.ts'
import type { Entry } from './source-storage.ts'
import type { Zod } from './zod.ts'

export interface SinkContext {
  /** Directory where this sink may write, created on demand by the sink. */
  directory: string
  session: string
  /** First part of a logger or source name → name of its service for people. */
  serviceNames: Readonly<Record<string, string>>
  /** Unix milliseconds. */
  now(): number
  /** Tells people of trouble, once per trouble: goes to the hub's own log. */
  warn(message: string): void
  /** Reports that this sink dropped something; becomes a gap record of the source. */
  gap(source: string, gap: Entry): void
  /** The position saved last for this sink, as it was given to `save`; undefined at first. */
  saved: unknown
}

export interface SinkType<Options = unknown> {
  /** Unique; also its key under `sinks` in the configuration. */
  name: string
  /** Schema of the options; parsing `{}` must give the defaults. */
  options(z: Zod): z.ZodType<Options>
  open(options: Options, context: SinkContext): Sink
}

export interface Sink {
  /** All records up to this id are in the sink for good; the pipeline feeds everything after it again when it starts. */
  position(): number
  /** Takes committed batches, ids ascending per source. Never throws: its trouble is its own (A9). */
  write(batches: readonly RecordBatch[]): void
  /** Makes what was written durable and returns what `saved` shall be next time. Called about every second and at close. */
  save(): unknown
  /** Trouble that lasts, for people; may be asked at any time, and is asked every two seconds. */
  trouble?(): string[]
  /** Why the records of a source do not get there now; undefined when they do. */
  obstacle?(source: string): string | undefined
  close(): void
}
