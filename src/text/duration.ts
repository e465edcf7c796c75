// Durations as people say them.

/** 93,000 → `1m 33s`; two units at most. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000))
  const units: [size: number, letter: string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'm'],
    [1, 's'],
  ]
  const first = units.findIndex(([size]) => seconds >= size)
  if (first < 0) return '0s'
  const [size, letter] = units[first]!
  const next = units[first + 1]
  const rest = next ? Math.floor((seconds % size) / next[0]) : 0
  return `${Math.floor(seconds / size)}${letter}${next && rest > 0 ? ` ${rest}${next[1]}` : ''}`
}
