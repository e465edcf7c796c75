// Timestamps that spell the month, as syslog, Apache and Redis write them.
import { latestTime, localCalendar, type Calendar } from './calendar.ts'
import { completeTime, readClock, readZonedTime, twoDigits, type Clock, type Timestamp } from './timestamp.ts'

/** Three letters as one number, letter case left out → 1–12. */
const months = new Map(
  'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ').map((name, i) => [lettersAt(name, 0), i + 1]),
)

function lettersAt(text: string, at: number): number {
  return ((text.charCodeAt(at) | 32) << 16) | ((text.charCodeAt(at + 1) | 32) << 8) | (text.charCodeAt(at + 2) | 32)
}

/** 1–12 of `Oct`, in any case; 0 when it is none. */
function readMonth(text: string, from: number): number {
  return months.get(lettersAt(text, from)) ?? 0
}

/** A number of one or two digits, perhaps behind a space; NaN when there are none. */
function readDay(text: string, from: number): number {
  const code = text.charCodeAt(from)
  return code === 32 || code === 48 ? text.charCodeAt(from + 1) - 48 : twoDigits(text, from)
}

function readYear(text: string, from: number): number {
  return twoDigits(text, from) * 100 + twoDigits(text, from + 2)
}

/**
 * `Oct 19 05:55:47`, `Oct  9 05:55:47.606`, `Oct 9 05:55:47`, `Oct 19 2025 05:55:47`, `Oct 19 05:55:47 2025`,
 * `Oct 19 05:55:47 CET 2025`. Without year it is the latest that is not later than a day from `capturedMs`.
 */
export function readMonthDay(
  text: string,
  from: number,
  capturedMs: number,
  calendar: Calendar = localCalendar,
): Timestamp | undefined {
  const month = readMonth(text, from)
  if (month === 0 || text.charCodeAt(from + 3) !== 32) return undefined
  let to = from + 6
  let day = readDay(text, from + 4)
  if (!(day >= 1 && day <= 31) || text.charCodeAt(to) !== 32) {
    day = text.charCodeAt(from + 4) - 48
    to = from + 5
    if (!(day >= 1 && day <= 9) || text.charCodeAt(to) !== 32) return undefined
  }
  to++
  let year = NaN
  if (text.charCodeAt(to + 2) !== 58) {
    year = readYear(text, to)
    if (Number.isNaN(year) || text.charCodeAt(to + 4) !== 32) return undefined
    to += 5
  }
  const clock = readClock(text, to)
  if (!clock) return undefined
  if (
    Number.isNaN(year) &&
    isDigit(text.charCodeAt(clock.to + 1)) &&
    /^ \d{4}(?:[\] ,:]|$)/.test(text.slice(clock.to, clock.to + 6))
  ) {
    year = readYear(text, clock.to + 1)
    clock.to += 5
  }
  if (!Number.isNaN(year)) return completeTime(text, clock, year, month, day, calendar)
  const zoned = zonedYear(text, clock.to)
  if (zoned) return readZonedYear(text, clock, zoned, month, day, calendar)
  const time = latestTime(calendar, month, day, clock.ms, capturedMs)
  return Number.isNaN(time) ? undefined : { time, to: clock.to }
}

/** `19 Oct 05:55:47 CET 2025` and `19 Oct 05:55:47 2025`, as `date` writes it in some places. */
export function readDayMonthClock(text: string, from: number, calendar: Calendar): Timestamp | undefined {
  if (text.charCodeAt(from + 2) !== 32 || text.charCodeAt(from + 6) !== 32) return undefined
  const month = readMonth(text, from + 3)
  const clock = month === 0 ? undefined : readClock(text, from + 7)
  if (!clock) return undefined
  const day = readDay(text, from)
  const zoned = zonedYear(text, clock.to)
  if (zoned) return readZonedYear(text, clock, zoned, month, day, calendar)
  if (!/^ (?:19|20)\d\d(?:[\] ,:]|$)/.test(text.slice(clock.to, clock.to + 6))) return undefined
  const year = readYear(text, clock.to + 1)
  return completeTime(text, { ms: clock.ms, to: clock.to + 5 }, year, month, day, calendar)
}

/** Text between a clock and a year behind it: a zone, or nothing that is known. */
function zonedYear(text: string, from: number): RegExpExecArray | undefined {
  if (text.charCodeAt(from) !== 32) return undefined
  return (
    /^ (?:[A-Z]{3,5}|[+-]\d\d(?:\d\d)?) ((?:19|20)\d\d)(?=[\] ,:]|$)/.exec(text.slice(from, from + 13)) ?? undefined
  )
}

/** Of a zone that is not known no time is known. */
function readZonedYear(
  text: string,
  clock: Clock,
  zoned: RegExpExecArray,
  month: number,
  day: number,
  calendar: Calendar,
): Timestamp | undefined {
  const found = readZonedTime(text, clock.to + 1, clock, [Number(zoned[1]), month, day], calendar)
  return found && { time: found.time, to: clock.to + zoned[0].length }
}

/** `19/Oct/2025:05:55:47 +0200`, `19 Oct 2025 05:55:47.606` and `19-Oct-2025 05:55:47`. */
export function readDayMonth(text: string, from: number, calendar: Calendar = localCalendar): Timestamp | undefined {
  const between = text.charCodeAt(from + 2)
  if ((between !== 47 && between !== 45 && between !== 32) || text.charCodeAt(from + 6) !== between) return undefined
  const behind = text.charCodeAt(from + 11)
  if (behind !== 58 && behind !== 32) return undefined
  const month = readMonth(text, from + 3)
  const clock = month === 0 ? undefined : readClock(text, from + 12)
  return clock && completeTime(text, clock, readYear(text, from + 7), month, readDay(text, from), calendar)
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
