// Durations as people type them (`30d`, `1h30m`) and as they are shown: in configurations, queries, tables and sentences.

export const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** What to tell people whose duration was not understood. */
export const durationExamples = '30s, 1h30m, 30d'

const whole = /^(?:\d+(?:\.\d+)?\s*(?:ms|[smhdw])\s*)+$/i
const part = /(\d+(?:\.\d+)?)\s*(ms|[smhdw])/gi

/** `30d`, `1h30m` → milliseconds; undefined when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim()
  if (!whole.test(trimmed)) return undefined
  let durationMs = 0
  for (const [, amount, unit] of trimmed.matchAll(part)) {
    durationMs += Number(amount) * unitMs[unit!.toLowerCase() as keyof typeof unitMs]
  }
  return Number.isFinite(durationMs) ? durationMs : undefined
}

const shownUnits = ['d', 'h', 'm', 's'] as const

/** 93,000 → `1m 33s`: whole seconds, two units at most. */
export function formatDuration(durationMs: number): string {
  const shownMs = Math.max(0, durationMs)
  const first = shownUnits.findIndex((unit) => shownMs >= unitMs[unit])
  if (first < 0) return '0s'
  const [unit, next] = [shownUnits[first]!, shownUnits[first + 1]]
  const rest = next ? Math.floor((shownMs % unitMs[unit]) / unitMs[next]) : 0
  return `${Math.floor(shownMs / unitMs[unit])}${unit}${rest > 0 ? ` ${rest}${next}` : ''}`
}

/** Time that has passed or is waited for, in tenths below ten seconds: `0.4s`, `12s`, `3m 20s`; never nothing. */
export function formatElapsed(elapsedMs: number): string {
  if (elapsedMs < 9950) return `${Math.max(1, Math.round(elapsedMs / 100)) / 10}s`
  return formatDuration(Math.round(elapsedMs / 1000) * 1000)
}
