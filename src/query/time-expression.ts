// Points in time as people type them: `15m` (ago), `1h30m`, `05:47`, `2025-10-19 05:55:47.606`, `yesterday`, Unix time.
// Its own file because command line, server and query language share it.

const unitMs: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
}
const relative = /^-?((?:\d+(?:\.\d+)?(?:ms|[smhdw]))+)$/i
const relativePart = /(\d+(?:\.\d+)?)(ms|[smhdw])/gi
const absolute = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i
const timeOfDay = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?$/

/** What to tell people whose time was not understood. */
export const timeExamples = '15m, 2h, 1d, 05:47, 2025-10-19, 2025-10-19T05:47:00, 2025-10-19T05:47:00Z'

/**
 * Unix milliseconds; undefined when it is no time. Relative forms count back from `now`; forms without zone are local
 * time; a bare number is Unix seconds, or milliseconds from 12 digits on.
 */
export function parseTimeExpression(text: string, now: number): number | undefined {
  const trimmed = text.trim()
  const lower = trimmed.toLowerCase()
  if (lower === 'now') return now
  if (lower === 'today') return startOfDay(now, 0)
  if (lower === 'yesterday') return startOfDay(now, -1)
  if (relative.test(trimmed)) {
    let ago = 0
    for (const [, amount, unit] of trimmed.matchAll(relativePart)) ago += Number(amount) * unitMs[unit!.toLowerCase()]!
    return now - ago
  }
  if (/^\d{9,16}(\.\d+)?$/.test(trimmed)) {
    const value = Number(trimmed)
    return value < 1e11 ? value * 1000 : value
  }
  const clock = timeOfDay.exec(trimmed)
  if (clock) {
    const [hour, minute, second] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)]
    if (hour > 23 || minute > 59 || second > 59) return undefined
    return new Date(now).setHours(hour, minute, second, 0) + fractionMs(clock[4])
  }
  return parseAbsolute(trimmed)
}

function parseAbsolute(text: string): number | undefined {
  const match = absolute.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as number[]
  const zone = match[8]
  const utc = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)
  const asUtc = new Date(utc)
  // Date.UTC carries 2025-02-30 into March; people should hear that there is no such day.
  if (asUtc.getUTCMonth() !== month! - 1 || asUtc.getUTCDate() !== day || hour! > 23 || minute! > 59 || second! > 59) {
    return undefined
  }
  const fraction = fractionMs(match[7])
  if (!zone) return new Date(year!, month! - 1, day!, hour!, minute!, second!).getTime() + fraction
  return utc + fraction - zoneOffsetMs(zone)
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
