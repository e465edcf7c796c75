// Processes that the hub starts and watches over: options as people write them, and the supervisor behind them.
import { constants } from 'node:os'
import type { z } from 'zod'
import { maxInstances, type SourceType } from '../contracts/source.ts'
import { durationExamples, parseDuration } from '../time/duration.ts'
import { parseQuery } from '../query/language/parse-query.ts'
import { conditions } from '../supervise/dependencies.ts'
import { asQuery } from '../supervise/run-line.ts'
import { faultOfCron } from '../supervise/schedule/schedule.ts'
import type { ProcessOptions } from '../supervise/process-options.ts'
import { openSupervisor } from '../supervise/supervisor.ts'
import type { WatchOptions } from '../supervise/watch/watch-changes.ts'
import type { Zod } from '../contracts/zod.ts'

const signals = Object.keys(constants.signals) as NodeJS.Signals[]

function options(z: Zod): z.ZodType<ProcessOptions> {
  const milliseconds = z.int().min(0).max(2_147_483_647)
  const word = z.string().min(1)
  const command = z.union([z.string().regex(/\S/, 'is empty'), z.tuple([word], z.string())])
  const condition = z.enum(conditions)
  return z
    .strictObject({
      command,
      cwd: word.optional(),
      // YAML reads `PORT: 8080` as a number; the environment knows text only.
      env: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
      envFile: z.union([word.transform((file) => [file]), z.array(word)]).default([]),
      stdin: z.union([z.literal('open'), z.literal('empty'), z.strictObject({ file: word })]).optional(),
      restart: z.enum(['always', 'on-failure', 'never']).default('on-failure'),
      stopSignal: z.enum(signals).default('SIGTERM'),
      stopTimeoutMs: milliseconds.default(10_000),
      autostart: z.boolean().default(true),
      backoff: z
        .strictObject({ initialMs: milliseconds.default(500), maxMs: milliseconds.default(30_000) })
        .prefault({}),
      crashLoop: z
        .strictObject({ exits: z.int().min(2).default(5), withinMs: milliseconds.default(60_000) })
        .prefault({}),
      unbuffered: z.boolean().default(true),
      ready: z
        .strictObject({
          log: word.refine(isRegularExpression, 'is no regular expression').optional(),
          port: z.int().min(1).max(65_535).optional(),
          http: z.url({ protocol: /^https?$/ }).optional(),
          command: command.optional(),
          intervalMs: milliseconds.min(10).default(250),
          timeoutMs: milliseconds.default(60_000),
        })
        .refine(
          ({ log, port, http, command: own }) =>
            [log, port, http, own].filter((each) => each !== undefined).length === 1,
          'must have one of log, port, http and command',
        )
        .optional(),
      dependsOn: z.union([word.transform((name) => [name]), z.array(word), z.record(word, condition)]).default([]),
      instances: z.int().min(1).max(maxInstances).optional(),
      firstPort: z.int().min(1).max(65_535).optional(),
      schedule: word
        .superRefine((text, check) => {
          const fault = faultOfCron(text)
          if (fault) check.addIssue({ code: 'custom', message: fault })
        })
        .optional(),
      every: z
        .string()
        .transform((text, check) => {
          const parsed = parseDuration(text)
          if (parsed !== undefined && parsed >= 1000) return parsed
          check.addIssue({
            code: 'custom',
            message: `is no time of a second or more; right would be ${durationExamples}`,
          })
          return z.NEVER
        })
        .optional(),
      timeZone: word.refine(isTimeZone, 'is no time zone; right would be Europe/Berlin, UTC').optional(),
      overlap: z.enum(['skip', 'queue', 'kill']).default('skip'),
      catchUp: z.boolean().default(false),
      group: word.optional(),
      watch: watchOption(z),
      title: word.optional(),
    })
    .refine(({ schedule, every }) => schedule === undefined || every === undefined, {
      path: ['every'],
      message: 'cannot be together with `schedule`; choose one of them',
    })
    .superRefine(({ schedule, every, instances, watch }, check) => {
      if ((schedule ?? every) === undefined) return
      const message = 'cannot be together with a schedule'
      if (instances !== undefined) check.addIssue({ code: 'custom', path: ['instances'], message })
      if (watch !== undefined) check.addIssue({ code: 'custom', path: ['watch'], message })
    })
    .refine(({ firstPort, instances }) => firstPort === undefined || instances !== undefined, {
      path: ['firstPort'],
      message: 'is of no use without `instances`; a port for one process stands in `env`',
    })
}

/** `true` is all that lies in the directory of the process. */
function watchOption(z: Zod): z.ZodType<WatchOptions | undefined> {
  const glob = z.string().min(1)
  const globs = z.union([glob.transform((one) => [one]), z.array(glob)])
  const complete = z.strictObject({
    files: globs.default(['**']),
    ignore: globs.default([]),
    debounceMs: z.int().min(0).max(60_000).default(300),
  })
  const alternatives = [z.literal(true), z.literal(false), glob, z.array(glob), complete] as const
  return z
    .union(alternatives)
    .transform((written) => {
      if (written === false) return undefined
      if (written === true) return complete.parse({})
      return typeof written === 'string' || Array.isArray(written) ? complete.parse({ files: written }) : written
    })
    .optional()
}

function isRegularExpression(text: string): boolean {
  try {
    parseQuery(asQuery(text))
    return true
  } catch {
    return false
  }
}

function isTimeZone(text: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: text }))
  } catch {
    return false
  }
}

export const processSource: SourceType<ProcessOptions> = {
  type: 'process',
  section: 'processes',
  noun: 'process',
  options,
  open: (processOptions, context) => openSupervisor('process', processOptions, context),
  leftover: {
    written: ({ command }) => (command === undefined ? undefined : { command }),
    quiet: (processOptions) => ({ ...processOptions, autostart: false, restart: 'never' }),
  },
}
