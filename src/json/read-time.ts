// Times in JSON, read from bytes: of the usual form `"2025-10-19T05:55:47.606Z"` the date is remembered and the clock is read
// by hand, as every record has one; all other forms are read as everywhere (customary-keys.ts), which is slower.
import { timeOf } from './customary-keys.ts'
import { numberEnd, stringEnd, type Scan } from './json-scan.ts'
import { textOf } from './known-text.ts'

export interface TimeReader {
  /** Unix milliseconds of the value at `at`; NaN when it is no time. */
  read(scan: Scan, at: number): number
  /** Behind what was read last; -1 when that is no text and no number. */
  end(): number
}

const quote = 0x22
/** Bytes of `"2025-10-19T05:55:47`. */
const clockEnd = 20

export function openTimeReader(): TimeReader {
  const date = new DataView(new ArrayBuffer(12))
  let midnight = NaN
  let end = -1

  /** Whether the ten bytes at `at` are the date that is known, or else become it. */
  function readDate({ bytes, view }: Scan, at: number): boolean {
    const [first, middle, last] = [view.getInt32(at, true), view.getInt32(at + 4, true), view.getInt32(at + 6, true)]
    if (first !== date.getInt32(0, true) || middle !== date.getInt32(4, true) || last !== date.getInt32(8, true)) {
      date.setInt32(0, first, true)
      date.setInt32(4, middle, true)
      date.setInt32(8, last, true)
      midnight = timeOf(`${String.fromCharCode(...bytes.subarray(at, at + 10))}T00:00:00Z`)
    }
    return !Number.isNaN(midnight)
  }

  /** Also sets `end`; NaN when the text has another form. */
  function readUsual(scan: Scan, at: number): number {
    const { bytes, length } = scan
    if (at + clockEnd + 2 > length) return NaN
    if (bytes[at + 11] !== 0x54 || bytes[at + 14] !== 0x3a || bytes[at + 17] !== 0x3a || !readDate(scan, at + 1))
      return NaN
    const [hours, minutes, seconds] = [two(bytes, at + 12), two(bytes, at + 15), two(bytes, at + 18)]
    // Digits that are none make it too much.
    if (hours > 23 || minutes > 59 || seconds > 60) return NaN
    let to = at + clockEnd
    let ms = (hours * 3600 + minutes * 60 + seconds) * 1000
    if (bytes[to] === 0x2e) {
      const from = ++to
      while (isDigit(bytes[to])) to++
      if (to - from === 3) ms += two(bytes, from) * 10 + bytes[to - 1]! - 0x30
      else if (to === from) return NaN
      else ms = addFraction(ms, bytes, from, to)
    }
    if (bytes[to] !== 0x5a || bytes[to + 1] !== quote) return NaN
    end = to + 2
    return midnight + ms
  }

  return {
    end: () => end,
    read(scan, at) {
      if (scan.bytes[at] === quote) {
        const usual = readUsual(scan, at)
        if (!Number.isNaN(usual)) return usual
        end = stringEnd(scan, at + 1)
      } else end = numberEnd(scan, at)
      return end < 0 ? NaN : timeOf(JSON.parse(textOf(scan, at, end)))
    },
  }
}

/** Two digits as a number; far too much when they are none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 0x30
  const ones = bytes[at + 1]! - 0x30
  return tens >>> 0 <= 9 && ones >>> 0 <= 9 ? tens * 10 + ones : 90_000
}

/** Digits behind the point, and rounding, as everywhere (timestamp.ts). */
function addFraction(ms: number, bytes: Uint8Array, at: number, to: number): number {
  for (let unit = 100; at < to; at++, unit /= 10) ms += (bytes[at]! - 0x30) * unit
  return Math.round(ms * 1000) / 1000
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}
