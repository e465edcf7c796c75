// Timestamps as logs print them. By hand rather than by pattern, as every line that starts with a digit comes here.
import { localCalendar, timeAtOffset, type Calendar } from './calendar.ts'

export interface Timestamp {
  /** Unix milliseconds. */
  time: number
  /** Place where the text goes on. */
  to: number
}

const at = (text: string, index: number): number => text.charCodeAt(index)

/** Two digits as a number, NaN when they are none. */
export function twoDigits(text: string, index: number): number {
  const tens = at(text, index) - 48
  const ones = at(text, index + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
}

/** `2025-10-19 05:55:47`, also with `/`, `T`, a fraction after `.` or `,`, and a zone; without zone it is the calendar's. */
export function readTimestamp(text: string, from: number, calendar: Calendar = localCalendar): Timestamp | undefined {
  const dash = at(text, from + 4)
  if ((dash !== 45 && dash !== 47) || at(text, from + 7) !== dash) return undefined
  const between = at(text, from + 10)
  if (between !== 32 && between !== 84 && between !== 116) return undefined
  const year = twoDigits(text, from) * 100 + twoDigits(text, from + 2)
  const clock = readClock(text, from + 11)
  if (!clock || !(year >= 1970)) return undefined
  return completeTime(text, clock, year, twoDigits(text, from + 5), twoDigits(text, from + 8), calendar)
}

/** The time of a clock on a day, in the zone that stands behind the clock, or else the calendar's; undefined when there is no such day. */
export function completeTime(
  text: string,
  clock: Clock,
  year: number,
  month: number,
  day: number,
  calendar: Calendar,
): Timestamp | undefined {
  const zone = readZone(text, clock.to)
  const time =
    zone?.offsetMs === undefined
      ? calendar.time(year, month, day, clock.ms)
      : timeAtOffset(year, month, day, clock.ms, zone.offsetMs)
  if (zone?.ambiguous !== undefined && !calendar.zoneNames(time).includes(zone.ambiguous)) return undefined
  return Number.isNaN(time) ? undefined : { time, to: zone ? zone.to : clock.to }
}

/** A time with the name of a zone, which must stand at `from`, for a year that stands elsewhere. */
export function readZonedTime(
  text: string,
  from: number,
  { ms }: Clock,
  [year, month, day]: [year: number, month: number, day: number],
  calendar: Calendar,
): Timestamp | undefined {
  return readZone(text, from) && completeTime(text, { ms, to: from }, year, month, day, calendar)
}

export interface Clock {
  /** Milliseconds since midnight. */
  ms: number
  /** Place where the text goes on. */
  to: number
}

/** `05:55:47` with an optional fraction after `.` or `,`, and ` AM` or ` PM` behind. */
export function readClock(text: string, from: number): Clock | undefined {
  if (at(text, from + 2) !== 58 || at(text, from + 5) !== 58) return undefined
  const [hours, minutes, seconds] = [twoDigits(text, from), twoDigits(text, from + 3), twoDigits(text, from + 6)]
  if (!(hours < 24 && minutes < 60 && seconds <= 60)) return undefined
  let to = from + 8
  let ms = (hours * 3600 + minutes * 60 + seconds) * 1000
  const point = at(text, to)
  if ((point === 46 || point === 44) && isDigit(at(text, to + 1))) {
    let unit = 100
    for (to++; isDigit(at(text, to)); to++) {
      ms += (at(text, to) - 48) * unit
      unit /= 10
    }
  }
  if (at(text, to) === 32 && at(text, to + 2) === 77 && !isLetter(at(text, to + 3))) {
    const half = at(text, to + 1)
    if (half === 65 || half === 80) {
      if (hours < 1 || hours > 12) return undefined
      ms += ((half === 80 ? 12 : 0) - (hours === 12 ? 12 : 0)) * 3_600_000
      to += 3
    }
  }
  // Fractions beyond microseconds are lost in a double anyway; rounding keeps sums of tenths tidy.
  return { ms: Math.round(ms * 1000) / 1000, to }
}

/** Abbreviations that mean one zone the world over. */
const hoursOf: Record<string, number> = {
  UTC: 0, GMT: 0, WET: 0, WEST: 1, CET: 1, CEST: 2, EET: 2, EEST: 3, MSK: 3, SAST: 2, PKT: 5, HKT: 8, SGT: 8, AWST: 8,
  JST: 9, KST: 9, AEST: 10, AEDT: 11, NZST: 12, NZDT: 13,
  EST: -5, EDT: -4, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7, AKST: -9, AKDT: -8, HST: -10,
} // oxfmt-ignore
/** Names of several zones: only the calendar's own can be believed. */
const ambiguous = new Set(['ADT', 'AMT', 'AST', 'BST', 'CST', 'ECT', 'GST', 'IST', 'SST', 'WST'])

interface Zone {
  /** Absent where the calendar must know. */
  offsetMs?: number
  ambiguous?: string
  to: number
}

/** `Z`, `+0200`, `+02:00`, `+02` or `UTC`, also behind a space. Numbers that no place on earth has as its offset are none. */
function readZone(text: string, from: number): Zone | undefined {
  const start = at(text, from) === 32 ? from + 1 : from
  const sign = at(text, start)
  if (sign === 90 || sign === 122) return isLetter(at(text, start + 1)) ? undefined : { offsetMs: 0, to: start + 1 }
  if (sign >= 65 && sign <= 90) return readZoneName(text, start)
  if (sign !== 43 && sign !== 45) return undefined
  const hours = twoDigits(text, start + 1)
  const colon = at(text, start + 3) === 58 ? 1 : 0
  const hasMinutes = colon === 1 || isDigit(at(text, start + 3))
  const minutes = hasMinutes ? twoDigits(text, start + 3 + colon) : 0
  const to = start + (hasMinutes ? 5 + colon : 3)
  const isOffset = minutes % 15 === 0 && minutes < 60 && hours * 60 + minutes <= (sign === 43 ? 840 : 720)
  if (!isOffset || isDigit(at(text, to)) || isLetter(at(text, to))) return undefined
  // ` -12` behind a time may be any number.
  if (!hasMinutes && start !== from) return undefined
  const offsetMs = (hours * 60 + minutes) * 60_000
  return { offsetMs: sign === 45 ? -offsetMs : offsetMs, to }
}

function readZoneName(text: string, from: number): Zone | undefined {
  let to = from
  while (to < from + 5 && isLetter(at(text, to))) to++
  if (to - from < 3 || to - from > 4) return undefined
  const name = text.slice(from, to)
  const hours = hoursOf[name]
  if (hours !== undefined) return { offsetMs: hours * 3_600_000, to }
  return ambiguous.has(name) ? { ambiguous: name, to } : undefined
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}
