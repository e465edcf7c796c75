// The contract of a stage: one step that shapes records between capture and commit, in the storage worker.
import type { z } from 'zod'
import type { RecordBatch } from './batch.ts'
import type { Zod } from './zod.ts'

export interface StageType<Options = unknown> {
  /** Unique; also its key under `stages` in the configuration. */
  name: string
  /** What a user may set; parsing `{}` must give the defaults. */
  options(z: Zod): z.ZodType<Options>
  /** Called once per source, run and stream, so a stage may keep state between the batches of one stream. */
  open(options: Options): Stage
}

export interface Stage {
  /** Gives the batch on, changed in place or made anew. Must not throw on any input: a line it does not understand passes unchanged. */
  apply(batch: RecordBatch): RecordBatch
}
