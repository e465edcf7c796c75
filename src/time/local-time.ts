// Local time with its offset, which stays right wherever it is read.
import { formatFileTime } from './clock.ts'

/** Unix ms → `2025-06-08T14:25:30.123+02:00`. */
export function formatLocalTime(timeMs: number): string {
  const offset = -new Date(timeMs).getTimezoneOffset()
  const minutes = Math.abs(offset)
  const two = (value: number): string => `${value}`.padStart(2, '0')
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
  return `${formatFileTime(timeMs).replace(' ', 'T')}${zone}`
}
