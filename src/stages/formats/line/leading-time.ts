// The time that a line begins with, in all the forms that programs use.
import { nearestTime } from '../../../time/calendar.ts'
import { readDayMonth, readDayMonthClock, readMonthDay } from '../../../time/month-date.ts'
import { completeTime, readClock, readTimestamp, twoDigits, type Timestamp } from '../../../time/timestamp.ts'
import { isPlausible, matchAt, type Line } from './line.ts'

export interface LeadingTime extends Timestamp {
  /** So it could be any number: a level must follow before it is believed. */
  isVague?: boolean
}

const weekday = /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?=[A-Z\d ])/y
const colon = 58
const slash = 47
const space = 32
const hyphen = 45

export function readLeadingTime(line: Line, from: number): LeadingTime | undefined {
  const found = readForms(line, from)
  return found && isPlausible(found.time, line.observed) ? found : undefined
}

function readForms(line: Line, from: number): LeadingTime | undefined {
  const { head, observed, calendar } = line
  const code = (index: number): number => head.charCodeAt(from + index)
  if (code(0) > 57) {
    // `Sun Oct 19 05:55:47 2025` or `Oct 19 05:55:47`, `Sun, 19 Oct 2025 05:55:47` or `Sun 19 Oct 05:55:47 CET 2025`
    const day = from + (matchAt(weekday, head, from)?.[0].length ?? 0)
    if (head.charCodeAt(day) > 57) return readMonthDay(head, day, observed, calendar)
    return readDayMonth(head, day, calendar) ?? readDayMonthClock(head, day, calendar)
  }
  switch (code(2)) {
    // `05:55:47.606`
    case colon:
      return readClockAlone(line, from)
    case slash:
      if (code(5) !== slash) return readDayMonth(head, from, calendar)
      // `25/10/19 05:55:47`
      return code(8) === space ? readShortDate(line, from, [0, 3, 6], 9) : undefined
    case space:
    case hyphen:
      return readDayMonth(head, from, calendar)
  }
  // `251019 055547`
  if (code(6) === space) return code(13) === space ? readShortDate(line, from, [0, 2, 4], 7) : undefined
  return readTimestamp(head, from, calendar)
}

function readClockAlone({ head, observed, calendar }: Line, from: number): LeadingTime | undefined {
  const clock = readClock(head, from)
  if (!clock) return undefined
  const time = nearestTime(calendar, clock.ms, observed)
  // Of whole seconds the moment of capture knows the rest better.
  const sameSecond = clock.to === from + 8 && observed >= time && observed - time < 1000
  return { time: sameSecond ? observed : time, to: clock.to, isVague: true }
}

/** Years of two digits are of this century; the clock may be written without colons. */
function readShortDate(
  { head, calendar }: Line,
  from: number,
  [year, month, day]: [number, number, number],
  clockAt: number,
): LeadingTime | undefined {
  const at = from + clockAt
  const plain = clockAt === 7
  const clock = plain
    ? readClock(`${head.slice(at, at + 2)}:${head.slice(at + 2, at + 4)}:${head.slice(at + 4, at + 6)}`, 0)
    : readClock(head, at)
  if (!clock) return undefined
  const [yy, mm, dd] = [year, month, day].map((offset) => twoDigits(head, from + offset)) as [number, number, number]
  const stamp = completeTime('', { ms: clock.ms, to: 0 }, 2000 + yy, mm, dd, calendar)
  return stamp && { time: stamp.time, to: plain ? at + 6 : clock.to, isVague: true }
}
