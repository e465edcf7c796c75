// Durations and sizes as people type them in configurations and on the command line, and sizes as they are shown.

const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const unitBytes: Record<string, number> = {
  '': 1,
  k: 1000,
  m: 1000 ** 2,
  g: 1000 ** 3,
  t: 1000 ** 4,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
  ti: 1024 ** 4,
}

/** What to tell people whose amount was not understood. */
export const durationExamples = '12h, 30d, 4w'
export const sizeExamples = '500MB, 10GB, 2GiB'

/** `30d` → milliseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([smhdw])$/i.exec(text.trim())
  return match ? Number(match[1]) * unitMs[match[2]!.toLowerCase()]! : undefined
}

/** `10GB` → bytes; undefined when it is none. `G` and `GB` are decimal, `GiB` is binary. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?$/i.exec(text.trim())
  const unit = match && unitBytes[match[2]!.toLowerCase()]
  return unit ? Math.round(Number(match![1]) * unit) : undefined
}

/** `812 B`, `84.2 MB`, `1.3 GB`. */
export function formatSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const amount = bytes / 1000 ** power
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[power]}`
}

/** Time that has passed: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`; never nothing. */
export function formatElapsed(elapsedMs: number): string {
  const seconds = elapsedMs < 10_000 ? Math.max(1, Math.round(elapsedMs / 100)) / 10 : Math.round(elapsedMs / 1000)
  if (seconds < 120) return `${seconds} s`
  const [size, unit, part, partUnit] = seconds < 7200 ? [60, 'min', 1, 's'] : [3600, 'h', 60, 'min']
  const rest = Math.floor((seconds % size) / part)
  return `${Math.floor(seconds / size)} ${unit}${rest > 0 ? ` ${rest} ${partUnit}` : ''}`
}
