// Times as people type them: `15m` (ago), `1h30m`, `05:47`, `2025-10-19 05:55:47.606`, `yesterday`, Unix time.
// Its own file because command line, server and query language share it.

import { parseDuration, unitMs } from './duration.ts'

/** Unix milliseconds; `to` is exclusive. */
export interface TimeSpan {
  from: number
  to: number
}

const absolute =
  /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i
const timeOfDay = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?$/

/** What to tell people whose time was not understood. */
export const timeExamples = '15m, 2h, 1d, 05:47, 2025-10-19, 2025-10-19T05:47:00, 2025-10-19T05:47:00Z'

/**
 * Unix milliseconds; undefined when it is no time. Relative forms count back from `now`; forms without zone are local
 * time; a bare number is Unix seconds, or milliseconds from 12 digits on.
 */
export function parseTimeExpression(text: string, now: number): number | undefined {
  return parseTimeSpan(text, now)?.from
}

/** `-5m`, or `+5m` → `5m`, which is what is written for a time so long ago; undefined for other text. */
export function unsignedTime(text: string): string | undefined {
  const [, unsigned] = /^[-+]\s*(.*)$/.exec(text.trim()) ?? []
  return unsigned !== undefined && parseDuration(unsigned) !== undefined ? unsigned : undefined
}

/** A time with its extent: of `2025-10-19` the day, of `05:47` the minute; of a moment (`15m`, `now`) none. */
export function parseTimeSpan(text: string, now: number): TimeSpan | undefined {
  const trimmed = text.trim()
  const lower = trimmed.toLowerCase()
  if (lower === 'now') return { from: now, to: now }
  if (lower === 'today') return { from: startOfDay(now, 0), to: startOfDay(now, 1) }
  if (lower === 'yesterday') return { from: startOfDay(now, -1), to: startOfDay(now, 0) }
  const agoMs = parseDuration(trimmed)
  if (agoMs !== undefined) return { from: now - agoMs, to: now - agoMs }
  if (/^\d{9,16}(\.\d+)?$/.test(trimmed)) {
    const value = Number(trimmed)
    const inSeconds = value < 1e11
    const from = inSeconds ? value * 1000 : value
    return { from, to: from + (inSeconds && Number.isInteger(value) ? 1000 : 1) }
  }
  const clock = timeOfDay.exec(trimmed)
  if (clock) {
    const [hour, minute, second] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)]
    if (hour > 23 || minute > 59 || second > 59) return undefined
    const from = new Date(now).setHours(hour, minute, second, 0) + fractionMs(clock[4])
    return { from, to: from + secondsExtentMs(clock[3], clock[4]) }
  }
  return parseAbsolute(trimmed)
}

function parseAbsolute(text: string): TimeSpan | undefined {
  const match = absolute.exec(text)
  if (!match) return undefined
  const [, , , dayGiven, hourGiven, minuteGiven, secondGiven, fraction, zone] = match
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(dayGiven ?? 1)]
  const [hour, minute, second] = [Number(hourGiven ?? 0), Number(minuteGiven ?? 0), Number(secondGiven ?? 0)]
  const asUtc = new Date(Date.UTC(year, month - 1, day))
  // Date.UTC carries 2025-02-30 into March; people should hear that there is no such day.
  if (asUtc.getUTCMonth() !== month - 1 || asUtc.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) {
    return undefined
  }
  const at = (months: number, days: number): number =>
    zone
      ? Date.UTC(year, month - 1 + months, day + days, hour, minute, second) - zoneOffsetMs(zone)
      : new Date(year, month - 1 + months, day + days, hour, minute, second).getTime()
  const from = at(0, 0) + fractionMs(fraction)
  if (!dayGiven) return { from, to: at(1, 0) }
  if (!hourGiven) return { from, to: at(0, 1) }
  return { from, to: from + (minuteGiven ? secondsExtentMs(secondGiven, fraction) : unitMs.h) }
}

/** From a full minute down to the last digit given. */
function secondsExtentMs(second: string | undefined, fraction: string | undefined): number {
  if (!second) return unitMs.m
  return fraction ? 1000 / 10 ** Math.min(3, fraction.length) : unitMs.s
}

function zoneOffsetMs(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone[0] === '-' ? -minutes : minutes) * 60_000
}

function fractionMs(digits: string | undefined): number {
  return digits ? Number(`0.${digits}`) * 1000 : 0
}

function startOfDay(now: number, days: number): number {
  const date = new Date(now)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime()
}
