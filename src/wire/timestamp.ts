// Timestamps as logs print them. By hand rather than by pattern, as every line that starts with a digit comes here.

export interface Timestamp {
  /** Unix milliseconds. */
  time: number
  /** Where the text goes on. */
  to: number
}

const at = (text: string, index: number): number => text.charCodeAt(index)

/** Two digits as a number, NaN when they are none. */
function two(text: string, index: number): number {
  const tens = at(text, index) - 48
  const ones = at(text, index + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
}

/** `2025-10-19 05:55:47`, also with `/`, `T`, a fraction after `.` or `,`, and a zone; without zone it is local time. */
export function readTimestamp(text: string, from: number): Timestamp | undefined {
  const dash = at(text, from + 4)
  if ((dash !== 45 && dash !== 47) || at(text, from + 7) !== dash) return undefined
  const between = at(text, from + 10)
  if (between !== 32 && between !== 84 && between !== 116) return undefined
  const year = two(text, from) * 100 + two(text, from + 2)
  const month = two(text, from + 5)
  const day = two(text, from + 8)
  const clock = readClock(text, from + 11)
  if (!clock || !(year >= 1970) || !(month >= 1 && month <= 12) || !(day >= 1 && day <= 31)) return undefined
  const zone = readZone(text, clock.to)
  if (!zone) return { time: localTime(year, month, day, clock.ms), to: clock.to }
  return { time: Date.UTC(year, month - 1, day) + clock.ms - zone.offsetMs, to: zone.to }
}

/** `05:55:47` with an optional fraction, as the day's milliseconds. */
export function readClock(text: string, from: number): { ms: number; to: number } | undefined {
  if (at(text, from + 2) !== 58 || at(text, from + 5) !== 58) return undefined
  const seconds = two(text, from) * 3600 + two(text, from + 3) * 60 + two(text, from + 6)
  if (!(seconds < 90_000)) return undefined
  let to = from + 8
  let ms = seconds * 1000
  const point = at(text, to)
  if ((point === 46 || point === 44) && isDigit(at(text, to + 1))) {
    let unit = 100
    for (to++; isDigit(at(text, to)); to++) {
      ms += (at(text, to) - 48) * unit
      unit /= 10
    }
  }
  // Fractions beyond microseconds are lost in a double anyway; rounding keeps sums of tenths tidy.
  return { ms: Math.round(ms * 1000) / 1000, to }
}

function readZone(text: string, from: number): { offsetMs: number; to: number } | undefined {
  const start = at(text, from) === 32 ? from + 1 : from
  const sign = at(text, start)
  if (sign === 90 || sign === 122) {
    return isLetter(at(text, start + 1)) ? undefined : { offsetMs: 0, to: start + 1 }
  }
  if (sign !== 43 && sign !== 45) return undefined
  const hours = two(text, start + 1)
  const colon = at(text, start + 3) === 58 ? 1 : 0
  const minutes = two(text, start + 3 + colon)
  if (!(hours <= 15 && minutes <= 59)) return undefined
  const offsetMs = (hours * 60 + minutes) * 60_000
  return { offsetMs: sign === 45 ? -offsetMs : offsetMs, to: start + 5 + colon }
}

let lastDay = -1
let lastMidnight = 0
let lastDayIsPlain = false

/** Asking the calendar is slow, so midnight is remembered; days on which the clock changes are asked about each time. */
function localTime(year: number, month: number, day: number, ms: number): number {
  const key = (year * 13 + month) * 32 + day
  if (key !== lastDay) {
    lastDay = key
    lastMidnight = new Date(year, month - 1, day).getTime()
    lastDayIsPlain = new Date(year, month - 1, day + 1).getTime() - lastMidnight === 86_400_000
  }
  if (lastDayIsPlain) return lastMidnight + ms
  const minutes = Math.floor(ms / 60_000)
  return new Date(year, month - 1, day, 0, minutes).getTime() + ms - minutes * 60_000
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}
