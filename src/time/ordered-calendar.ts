// Wall clocks of lines that follow one another: when summer time ends, an hour comes twice, and which of the two a line means is
// told by the lines before it.
import type { Calendar } from './calendar.ts'

export interface OrderedCalendar extends Calendar {
  /** Time of the line that was read last, wherever it said that time. */
  passed(timeMs: number): void
  /** The clock changes within hours of this moment. */
  isNearChange(timeMs: number): boolean
}

/** Lines of several threads, and those that say when something began, are out of order by less. */
const disorderMs = 5 * 60_000
/** Clocks change by less, and not twice within twice as much. */
const changeMs = 3 * 3_600_000

/** A time of the hour that comes twice is the first that is not before the lines that were passed. */
export function openOrderedCalendar(calendar: Calendar): OrderedCalendar {
  let latestMs = -Infinity
  /** Moments of which it is known that the clock does not change near them. */
  let plain = { from: NaN, to: NaN }
  return {
    ...calendar,
    time(year, month, day, ms) {
      const usual = calendar.time(year, month, day, ms)
      const [first = usual, second] = momentsOf(usual, calendar)
      return second !== undefined && first < latestMs - disorderMs ? second : first
    },
    isNearChange(timeMs) {
      if (timeMs >= plain.from && timeMs < plain.to) return false
      const isPlain = calendar.offsetMs(timeMs - 2 * changeMs) === calendar.offsetMs(timeMs + 2 * changeMs)
      if (isPlain) plain = { from: timeMs - changeMs, to: timeMs + changeMs }
      return !isPlain
    },
    passed(timeMs) {
      if (timeMs > latestMs) latestMs = timeMs
    },
  }
}

/** Both moments at which the clock shows what it shows at this one, in order; one alone as a rule. */
function momentsOf(timeMs: number, { offsetMs }: Calendar): number[] {
  if (Number.isNaN(timeMs)) return []
  const [before, after] = [offsetMs(timeMs - changeMs), offsetMs(timeMs + changeMs)]
  if (!(before > after)) return [timeMs]
  const wall = timeMs + offsetMs(timeMs)
  return [wall - before, wall - after].filter((moment) => moment + offsetMs(moment) === wall)
}
