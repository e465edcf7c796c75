// Jobs of orchestrators: what a person may set of those with one name, and who takes them in. No job needs an entry in the
// configuration: a source opens by itself when the first job of its name is registered.
import type { z } from 'zod'
import { openJobSource, type JobOptions } from '../jobs/open-job-source.ts'
import type { SourceType } from '../contracts/source.ts'
import type { Zod } from '../contracts/zod.ts'

const dayMs = 86_400_000

export const jobSource: SourceType<JobOptions> = {
  type: 'job',
  section: 'jobs',
  options: (z: Zod): z.ZodType<JobOptions> =>
    z.strictObject({
      batchLines: z.int().min(1).max(10_000).default(500),
      flushIntervalMs: z.int().min(1).max(60_000).default(1000),
      lostAfterMs: z
        .int()
        .min(1000)
        .max(366 * dayMs)
        .default(dayMs),
      title: z.string().min(1).optional(),
    }),
  open: (options, context) => Promise.resolve(openJobSource(options, context)),
}
