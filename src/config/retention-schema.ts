// The section `retention`: durations and sizes as people write them → rules. Its own file because durations and sizes are
// parsed nowhere else in the configuration.
import { z } from 'zod'
import { parseSize, sizeExamples } from '../text/amounts.ts'
import { durationExamples, parseDuration } from '../time/duration.ts'
import { keepEverything, type Retention } from '../contracts/retention.ts'

const duration = amount(parseDuration, `must be a time like ${durationExamples}, or false for no limit`)
const size = amount(parseSize, `must be a size like ${sizeExamples}, or false for no limit`)

const defaultAge = '30d'
const defaultSize = '10GB'

/** `false`: everything is kept. */
export const retentionSchema: z.ZodType<Retention> = z
  .union([
    z.literal(false),
    z.strictObject({
      age: duration.prefault(defaultAge),
      size: size.prefault(defaultSize),
      sources: z.record(z.string(), z.strictObject({ age: duration.optional(), size: size.optional() })).prefault({}),
    }),
  ])
  .transform((given): Retention => {
    if (given === false) return keepEverything
    const sources = Object.entries(given.sources).map(([pattern, limit]) => ({
      pattern,
      ...(limit.age === undefined ? {} : { ageMs: limit.age }),
      ...(limit.size === undefined ? {} : { bytes: limit.size }),
    }))
    return { ageMs: given.age, bytes: given.size, sources }
  }) as unknown as z.ZodType<Retention>

function amount(parse: (text: string) => number | undefined, complaint: string) {
  return z.union([
    z.literal(false),
    z
      .string()
      .refine((text) => parse(text) !== undefined, {
        error: ({ input }) => `${complaint}, not ${JSON.stringify(input)}`,
      })
      .transform((text) => parse(text)!),
  ])
}
