// From wall clocks to moments, in the local zone or a named one: what completes times in lines that lack zone, year or date.

export interface Calendar {
  /** Unix milliseconds of a day's wall-clock time; NaN when there is no such day. */
  time(year: number, month: number, day: number, ms: number): number
  /** The day on the wall at a moment. */
  dayOf(timeMs: number): Day
  /** Milliseconds by which the clock on the wall is ahead of UTC at a moment. */
  offsetMs(timeMs: number): number
  /** How the zone is abbreviated at a moment, by the first letters of its names. */
  zoneNames(timeMs: number): string[]
}

export interface Day {
  year: number
  /** 1–12. */
  month: number
  day: number
}

const dayMs = 86_400_000
const minuteMs = 60_000

/**
 * `moment` asks the calendar, which is slow, so midnight is remembered; days on which the clock changes are asked about
 * each time.
 */
function calendarFrom(
  moment: (year: number, month: number, day: number, minutes: number) => number,
  { dayOf, offsetMs }: Pick<Calendar, 'dayOf' | 'offsetMs'>,
  timeZone?: string,
): Calendar {
  let lastDay = -1
  let midnight = 0
  let isPlain = false
  return {
    dayOf,
    offsetMs,
    zoneNames: (timeMs) => (Number.isNaN(timeMs) ? [] : zoneNames(timeMs, timeZone)),
    time(year, month, day, ms) {
      const key = (year * 13 + month) * 32 + day
      if (key !== lastDay) {
        if (!isDay(year, month, day)) return NaN
        lastDay = key
        midnight = moment(year, month, day, 0)
        isPlain = moment(year, month, day + 1, 0) - midnight === dayMs
      }
      if (isPlain) return midnight + ms
      const minutes = Math.floor(ms / minuteMs)
      return moment(year, month, day, minutes) + ms - minutes * minuteMs
    },
  }
}

/** The zone of this machine. */
export const localCalendar: Calendar = calendarFrom(
  (year, month, day, minutes) => new Date(year, month - 1, day, 0, minutes).getTime(),
  {
    dayOf(timeMs) {
      const date = new Date(timeMs)
      return { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() }
    },
    offsetMs: (timeMs) => new Date(timeMs).getTimezoneOffset() * -minuteMs,
  },
)

/** A zone as `Intl` knows it: `Europe/Berlin`, `UTC`, `+02:00`. Throws RangeError for others. */
export function openCalendar(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  function wall(timeMs: number): Day & { utc: number } {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(timeMs)) part[type] = Number(value)
    const { year = 0, month = 0, day = 0, hour, minute, second } = part
    return { year, month, day, utc: Date.UTC(year, month - 1, day, hour, minute, second) }
  }
  return calendarFrom(
    (year, month, day, minutes) => {
      const utc = Date.UTC(year, month - 1, day, 0, minutes)
      // Twice, as the first offset is that of a moment some hours off.
      const near = utc - (wall(utc).utc - utc)
      return near - (wall(near).utc - utc)
    },
    // Walls tell whole seconds.
    { dayOf: wall, offsetMs: (timeMs) => wall(timeMs).utc - Math.floor(timeMs / 1000) * 1000 },
    timeZone,
  )
}

/** `CST` of `China Standard Time` as of `Central Standard Time`. Slow, and seldom asked. */
function zoneNames(timeMs: number, timeZone: string | undefined): string[] {
  return ['long', 'short'].map((timeZoneName) => {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: timeZoneName as 'long' | 'short' })
    const name = format.formatToParts(timeMs).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    return name.includes(' ') ? name.replaceAll(/(\S)\S*\s*/g, '$1') : name
  })
}

/** The day after the capture, which is the same for many lines. */
let dayAfter: (Day & { calendar: Calendar; limit: number }) | undefined

/** Unix milliseconds of the latest day of this name, in any year, whose time is not later than `capturedMs` and a day. */
export function latestTime(calendar: Calendar, month: number, day: number, ms: number, capturedMs: number): number {
  const limit = capturedMs + dayMs
  if (dayAfter?.limit !== limit || dayAfter.calendar !== calendar) {
    dayAfter = { ...calendar.dayOf(limit), calendar, limit }
  }
  const isLater = month * 32 + day > dayAfter.month * 32 + dayAfter.day
  const latest = isLater ? dayAfter.year - 1 : dayAfter.year
  // The 29th of February may be eight years ago.
  for (let year = latest; year >= latest - 8; year--) {
    const time = calendar.time(year, month, day, ms)
    if (time <= limit) return time
  }
  return NaN
}

/** Unix milliseconds of the clock's time on the day that brings it nearest to `capturedMs`. */
export function nearestTime(calendar: Calendar, ms: number, capturedMs: number): number {
  let nearest = NaN
  for (const near of [capturedMs, capturedMs - dayMs, capturedMs + dayMs]) {
    const { year, month, day } = calendar.dayOf(near)
    const time = calendar.time(year, month, day, ms)
    if (!(Math.abs(time - capturedMs) >= Math.abs(nearest - capturedMs))) nearest = time
  }
  return nearest
}

/** Unix milliseconds of a day's time in UTC and an offset from it; NaN when there is no such day. */
export function timeAtOffset(year: number, month: number, day: number, ms: number, offsetMs: number): number {
  return isDay(year, month, day) ? Date.UTC(year, month - 1, day) + ms - offsetMs : NaN
}

function isDay(year: number, month: number, day: number): boolean {
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return false
  if (day <= 28) return true
  if (month !== 2) return day <= (month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31)
  return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}
