// The options that all sinks with files have in common.
import path from 'node:path'
import type { z } from 'zod'
import type { Zod } from '../contracts/zod.ts'

export interface LogOptions {
  /** Absolute; the sink's own folder in the state directory when absent. */
  directory?: string | undefined
  /** Size at which a file is set aside and a new one begun. */
  rotateBytes: number
  /** Rotated files kept per name. */
  keep: number
  compress: false | 'gzip'
  /** Directory for rotated files; relative to the directory of the files. Beside them when absent. */
  archiveDirectory?: string | undefined
  /** Time stamps in UTC rather than local time. */
  utc: boolean
  ansi: 'strip' | 'keep'
  /** Structured fields follow the message as `key=value`. */
  fields: boolean
}

/** A schema for these options and those that a sink adds to them. */
export function logOptions<More extends object>(
  z: Zod,
  more: { [Key in keyof More]: z.ZodType<More[Key]> },
): z.ZodType<LogOptions & More> {
  const shape = {
    directory: z.string().min(1).optional(),
    rotateBytes: z
      .int()
      .min(1024)
      .default(10 * 1024 * 1024),
    keep: z.int().min(0).default(5),
    compress: z.union([z.literal(false), z.literal('gzip')]).default(false),
    archiveDirectory: z.string().min(1).optional(),
    utc: z.boolean().default(false),
    ansi: z.enum(['strip', 'keep']).default('strip'),
    fields: z.boolean().default(true),
  }
  return z.strictObject({ ...shape, ...more }) as unknown as z.ZodType<LogOptions & More>
}

/** Directory in which rotated files end up; undefined when they stay where they are. */
export function archiveOf(options: LogOptions, directory: string): string | undefined {
  return options.archiveDirectory === undefined ? undefined : path.resolve(directory, options.archiveDirectory)
}
