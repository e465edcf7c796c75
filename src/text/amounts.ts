// Sizes, counts and shares: sizes as people type them, and all three as they are shown.

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

/** What to tell people whose size was not understood. */
export const sizeExamples = '500MB, 10GB, 2GiB'

/** `10GB` → bytes; undefined when it is none. `G` and `GB` are decimal, `GiB` is binary. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?$/i.exec(text.trim())
  const unit = match && unitBytes[match[2]!.toLowerCase()]
  return unit ? Math.round(Number(match![1]) * unit) : undefined
}

const shownUnits = ['B', 'kB', 'MB', 'GB', 'TB']

/** `812 B`, `84.2 MB`, `1.3 GB`; three digits at most up to terabytes, also when they are rounded up. */
export function formatSize(bytes: number): string {
  let amount = bytes
  let unit = 0
  for (; amount >= 999.5 && unit < shownUnits.length - 1; unit++) amount /= 1000
  return `${unit === 0 || amount >= 99.95 ? Math.round(amount) : amount.toFixed(1)} ${shownUnits[unit]}`
}

/** 1234567 → `1,234,567`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en')
}

/** `1 file`, `1,234 files`. */
export function formatAmount(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`
}

/** 0.0324 → `3.2 %`. */
export function formatShare(share: number): string {
  const percent = share * 100
  return `${percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %`
}
