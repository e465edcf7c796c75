// The contract of a stage: one step that shapes records between capture and commit, in the storage worker.
import type { z } from 'zod'
import type { RecordBatch } from './batch.ts'
import type { ServiceNames } from './record.ts'
import type { Zod } from './zod.ts'

export interface StageType<Options = unknown> {
  /** Unique; also its key under `stages` in the configuration. */
  name: string
  /** Schema of the options; parsing `{}` must give the defaults. */
  options(z: Zod): z.ZodType<Options>
  /**
   * Called once per source, run and stream, so a stage may keep state between the batches of one stream. `memory` is what
   * `Stage.memory` gave with the last batch of that stream that was committed, maybe by another hub. `serviceNames`: for stages that ask
   * by queries.
   */
  open(options: Options, memory?: string, serviceNames?: ServiceNames): Stage
}

export interface Stage {
  /**
   * Gives the batch on, changed in place or made anew. Must not throw on any input: a line it does not understand passes
   * unchanged. Rows that it leaves out are counted as left out by rule.
   */
  apply(batch: RecordBatch): RecordBatch
  /**
   * Of lines that are read from a file, before they are records: which of them are one. `mayHold`: those at the end may be
   * given back, to be read again together with what follows.
   */
  join?(lines: LinesRead, mayHold: boolean): JoinedLines
  /** How long lines that were given back wait for what follows. */
  holdMs?: number
  /** State that must survive a kill of the hub; committed together with the records. */
  memory?(): string | undefined
}

/** The part of a stage that joins lines. */
export interface LineJoining {
  join: NonNullable<Stage['join']>
  holdMs: number
}

export interface LinesRead {
  /** UTF-8, as a rule. Line `i` is `text[start[i], end[i])`, without its newline. */
  text: Uint8Array
  start: Uint32Array
  end: Uint32Array
}

export interface JoinedLines {
  /** Row `i` is `text[start[i], end[i])`. */
  start: Uint32Array
  end: Uint32Array
  /** Number of lines at the end that are in no row. */
  held: number
}
