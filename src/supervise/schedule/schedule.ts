// When a process is to be started by the clock. Pure: time is a parameter, and what to do about it is another's.
import { Cron } from 'croner'
import { formatDuration } from '../../time/duration.ts'

export interface ScheduleOptions {
  /** Five fields, as for cron, or `@hourly` and its like. */
  schedule?: string | undefined
  /** Instead: at every full multiple of so many milliseconds since the beginning of 1970. */
  every?: number | undefined
  /** Time zone of the fields; the machine's when absent. */
  timeZone?: string | undefined
  /** Treatment of a firing while the run before still goes on. */
  overlap: 'skip' | 'queue' | 'kill'
  /** Missed firings are made up for by a single run. */
  catchUp: boolean
}

export interface Schedule {
  /** For people: `0 3 * * *`, `every 30 s`. */
  text: string
  /** The first firing after that, Unix milliseconds; undefined when there is none. */
  next(after: number): number | undefined
}

/** Firings that a look at the clock finds. */
export interface Due {
  /** The firing that is on time. */
  firing: number | undefined
  /** Firings that are too late, oldest first; of very many the first ones. */
  missed: number[]
  /** There are more. */
  missedMore: boolean
}

/** A firing may be late by so much and still counts: a busy machine, a hub that was started again. */
export const lateMs = 30_000
/** Most missed firings that are counted. */
const countedFirings = 1000

const fields = [
  ['minute', '0 to 59'],
  ['hour', '0 to 23'],
  ['day of the month', '1 to 31, or L for the last'],
  ['month', '1 to 12, or JAN to DEC'],
  ['day of the week', '0 to 7 (0 and 7 are Sunday), or SUN to SAT'],
] as const
const nicknames = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']

/** Undefined where there is no schedule. The options are right. */
export function scheduleOf({ schedule, every, timeZone }: ScheduleOptions): Schedule | undefined {
  if (every !== undefined) {
    const next = (after: number): number => (Math.floor(after / every) + 1) * every
    return { text: `every ${formatDuration(every)}`, next }
  }
  if (schedule === undefined) return undefined
  const cron = openCron(schedule, timeZone)
  const text = timeZone === undefined ? schedule : `${schedule} (${timeZone})`
  return { text, next: (after) => cron.nextRun(new Date(after))?.getTime() }
}

/** Fault of the fields, naming the field; undefined when they are right. */
export function faultOfCron(text: string): string | undefined {
  const parts = text.trim().split(/\s+/)
  if (text.startsWith('@')) {
    if (nicknames.includes(text.toLowerCase())) return undefined
    return `"${text}" is not known; there are ${nicknames.join(', ')}`
  }
  if (parts.length !== fields.length)
    return `has ${parts.length} ${parts.length === 1 ? 'field' : 'fields'}; right would be five (${fields.map(([name]) => name).join(', ')}), such as "*/5 * * * *"`
  const wrong = fields.findIndex((_, at) => !isCron(parts.map((part, index) => (index === at ? part : '*')).join(' ')))
  if (wrong >= 0) {
    const [name, range] = fields[wrong]!
    return `the ${name} "${parts[wrong]}" is not understood; right would be ${range}, with *, lists, ranges and steps (1,3 8-17 */5)`
  }
  return openCron(text).nextRun() ? undefined : 'there is no such day in any year'
}

function isCron(text: string): boolean {
  try {
    openCron(text)
    return true
  } catch {
    return false
  }
}

/** Only computes times: nothing is started by the library. */
function openCron(text: string, timeZone?: string): Cron {
  return new Cron(text, {
    paused: true,
    mode: '5-part',
    // As cron has it: with both a day of the month and one of the week, either will do.
    domAndDow: false,
    ...(timeZone === undefined ? {} : { timezone: timeZone }),
  })
}

/** Everything after the last look, up to now. */
export function findDue(schedule: Schedule, lastLook: number, now: number): Due {
  const late = now - lateMs
  const missed: number[] = []
  let at = schedule.next(lastLook)
  for (; at !== undefined && at < late && missed.length < countedFirings; at = schedule.next(at)) missed.push(at)
  const missedMore = at !== undefined && at < late
  const onTime: number[] = []
  if (missedMore) at = schedule.next(late - 1)
  for (; at !== undefined && at <= now; at = schedule.next(at)) onTime.push(at)
  return { firing: onTime.pop(), missed: [...missed, ...onTime], missedMore }
}
