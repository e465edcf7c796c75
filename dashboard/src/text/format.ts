// Numbers and times as people read them in the dashboard; pure, apart from the time zone.

const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0')

/** Unix ms → local `HH:MM:SS`. */
export function formatClock(time: number): string {
  const date = new Date(time)
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
}

/** Unix ms → local `HH:MM:SS.mmm`. */
export function formatTime(time: number): string {
  return `${formatClock(time)}.${pad(Math.floor(time) % 1000, 3)}`
}

/** Unix ms → local `YYYY-MM-DD HH:MM:SS.mmm`. */
export function formatDateTime(time: number): string {
  const date = new Date(time)
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${formatTime(time)}`
}

/** Milliseconds → `4s`, `3m 12s`, `2h 05m`, `3d 4h`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000))
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m ${pad(seconds % 60)}s`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours}h ${pad(minutes % 60)}m`
  return `${Math.floor(hours / 24)}d ${hours % 24}h`
}

/** Bytes → `812 kB`, `84.2 MB`, `1.3 GB` (decimal units); never more than three digits, also when they are rounded up. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`
  if (bytes < 999.5e3) return `${Math.round(bytes / 1e3)} kB`
  if (bytes < 999.5e6) return `${(bytes / 1e6).toFixed(bytes < 99.95e6 ? 1 : 0)} MB`
  return `${(bytes / 1e9).toFixed(1)} GB`
}

/** Share of one core → `3.2 %`. */
export function formatCpu(share: number): string {
  const percent = share * 100
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`
}

const counts = new Intl.NumberFormat('en-US')

/** `3412` → `3,412`. */
export function formatCount(count: number): string {
  return counts.format(count)
}

/** `1 line`, `3,412 lines`. */
export function formatLines(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'line' : 'lines'}`
}
