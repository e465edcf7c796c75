// Times as files, consoles and the page show them. A line of a log file costs a few nanoseconds of it.

/** Bytes of `2025-10-19 05:55:47.606`. */
const fileTimeBytes = 23
/** Bytes of `+02:00`. */
const offsetBytes = 6

const zero = 48
const earliest = Date.parse('0000-01-01T00:00:00Z') + 86_400_000
const latest = Date.parse('9999-12-31T00:00:00Z')

export interface TimeStampOptions {
  utc: boolean
  /** `2025-10-19T05:55:47.606+02:00` instead of `2025-10-19 05:55:47.606`. */
  hasOffset?: boolean
}

/**
 * A function that gives the bytes of a time (Unix ms), always in the same array. It asks the time zone once per second of time,
 * so that clock changes are right and a line costs a few nanoseconds.
 */
export function createTimeStamp({ utc, hasOffset = false }: TimeStampOptions): (timeMs: number) => Uint8Array {
  const bytes = new Uint8Array(fileTimeBytes + (hasOffset ? offsetBytes : 0))
  let second = Number.NaN
  let millisecond = -1
  const two = (at: number, value: number) => {
    bytes[at] = zero + ((value / 10) | 0)
    bytes[at + 1] = zero + (value % 10)
  }
  const writeOffset = (minutes: number): void => {
    bytes[23] = minutes < 0 ? 0x2d : 0x2b
    two(24, (Math.abs(minutes) / 60) | 0)
    bytes[26] = 0x3a
    two(27, Math.abs(minutes) % 60)
  }
  return (timeMs) => {
    const time = timeMs >= earliest ? Math.min(Math.floor(timeMs), latest) : Number.isNaN(timeMs) ? 0 : earliest
    const newSecond = Math.floor(time / 1000)
    const newMillisecond = time - newSecond * 1000
    if (newSecond !== second) {
      second = newSecond
      const date = new Date(time)
      const year = utc ? date.getUTCFullYear() : date.getFullYear()
      two(0, (year / 100) | 0)
      two(2, year % 100)
      bytes[4] = bytes[7] = 0x2d
      two(5, 1 + (utc ? date.getUTCMonth() : date.getMonth()))
      two(8, utc ? date.getUTCDate() : date.getDate())
      bytes[10] = hasOffset ? 0x54 : 0x20
      if (hasOffset) writeOffset(utc ? 0 : -date.getTimezoneOffset())
      two(11, utc ? date.getUTCHours() : date.getHours())
      bytes[13] = bytes[16] = 0x3a
      two(14, utc ? date.getUTCMinutes() : date.getMinutes())
      two(17, utc ? date.getUTCSeconds() : date.getSeconds())
      bytes[19] = 0x2e
    }
    if (newMillisecond !== millisecond) {
      millisecond = newMillisecond
      bytes[20] = zero + ((newMillisecond / 100) | 0)
      two(21, newMillisecond % 100)
    }
    return bytes
  }
}

const stamps = [createTimeStamp({ utc: false }), createTimeStamp({ utc: true })] as const
const localStamp = createTimeStamp({ utc: false, hasOffset: true })

/** Unix ms → `2025-10-19 05:55:47.606`, local time unless `utc`. */
export function formatFileTime(timeMs: number, utc = false): string {
  return String.fromCharCode(...stamps[utc ? 1 : 0](timeMs))
}

/** Unix ms → `2025-06-08T14:25:30.123+02:00`: local time with its offset, which stays right wherever it is read. */
export function formatLocalTime(timeMs: number): string {
  return String.fromCharCode(...localStamp(timeMs))
}

/** Unix ms → `05:55:47`, as consoles and cards show it. */
export function formatClock(timeMs: number, utc = false): string {
  return formatFileTime(timeMs, utc).slice(11, 19)
}
