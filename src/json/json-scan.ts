// The end of a JSON value in bytes, if it is one: checked as strictly as JSON.parse does, without making anything of it. The
// inner loop of all that takes JSON in, which is why strings are looked at four bytes at a time.
import { deepestNesting } from './customary-keys.ts'

/** The bytes that are being read, and what was noticed in them; whoever wants to know clears the marks before. */
export interface Scan {
  bytes: Uint8Array
  view: DataView
  /** Bytes to be read; the one behind is no part of any value, such as a zero. */
  length: number
  /** Newlines count as white space. */
  newlines: boolean
  /** A string had a backslash. */
  escaped: boolean
  /** JSON.stringify would write it otherwise: white space inside, escapes in another form. */
  odd: boolean
  /** A number had an exponent. */
  exponents: boolean
}

const quote = 0x22
const backslash = 0x5c
const minus = 0x2d
const zero = 0x30
const comma = 0x2c
const colon = 0x3a

/** 1: ends plain text inside a string. */
const special = new Uint8Array(256).fill(1, 0, 0x20)
special[quote] = special[backslash] = 1

/** Behind the white space at `at`. */
export function spaceEnd({ bytes, length, newlines }: Scan, at: number): number {
  for (; at < length; at++) {
    const byte = bytes[at]!
    if (byte > 0x20 || !(byte === 0x20 || byte === 9 || byte === 13 || (byte === 10 && newlines))) return at
  }
  return at
}

/** `at`: behind the opening quote. Gives the place behind the closing one; -1 when it is no string, as do all of these. */
export function stringEnd(scan: Scan, at: number): number {
  const { bytes, view, length } = scan
  for (;;) {
    // In each byte of `found` the highest bit tells a special one: below 0x20 or a quote (exchanging 0x20 and 0x22 makes that
    // one comparison), or a backslash. Borrows may spoil bytes above the first such, so only the lowest counts.
    let found = 0
    for (; at <= length - 4; at += 4) {
      const word = view.getInt32(at, true)
      const exchanged = word ^ 0x02020202
      const apart = word ^ 0x5c5c5c5c
      found = (((exchanged - 0x21212121) & ~exchanged) | ((apart - 0x01010101) & ~apart)) & 0x80808080
      if (found !== 0) break
    }
    if (found !== 0) at += (31 - Math.clz32(found & -found)) >> 3
    else while (at < length && special[bytes[at]!] === 0) at++
    if (at >= length) return -1
    const byte = bytes[at]
    if (byte === quote) return at + 1
    if (byte !== backslash) return -1
    at = escapeEnd(scan, at + 1)
    if (at < 0) return -1
  }
}

/** `at`: behind the backslash. */
function escapeEnd(scan: Scan, at: number): number {
  scan.escaped = true
  switch (scan.bytes[at]) {
    case 0x22:
    case 0x5c:
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 1
    case 0x2f:
      scan.odd = true
      return at + 1
    case 0x75: {
      scan.odd = true
      for (let i = at + 1; i <= at + 4; i++) if (!isHex(scan.bytes[i])) return -1
      return at + 5
    }
    default:
      return -1
  }
}

export function numberEnd(scan: Scan, at: number): number {
  const { bytes } = scan
  if (bytes[at] === minus) at++
  if (bytes[at] === zero) at++
  else {
    const from = at
    while (isDigit(bytes[at])) at++
    if (at === from) return -1
  }
  if (bytes[at] === 0x2e) {
    const from = ++at
    while (isDigit(bytes[at])) at++
    if (at === from) return -1
  }
  if ((bytes[at]! | 0x20) === 0x65) {
    scan.exponents = true
    at++
    if (bytes[at] === 0x2b || bytes[at] === minus) at++
    const from = at
    while (isDigit(bytes[at])) at++
    if (at === from) return -1
  }
  return at
}

/** Objects and lists may lie inside each other as deep as `depth`. */
export function valueEnd(scan: Scan, at: number, depth: number = deepestNesting): number {
  const byte = scan.bytes[at]
  if (byte === quote) return stringEnd(scan, at + 1)
  if (isDigit(byte) || byte === minus) return numberEnd(scan, at)
  switch (byte) {
    case 0x74:
      return isWord(scan, at, 0x65757274) ? at + 4 : -1 // true
    case 0x66:
      return isWord(scan, at + 1, 0x65736c61) ? at + 5 : -1 // false
    case 0x6e:
      return isWord(scan, at, 0x6c6c756e) ? at + 4 : -1 // null
    case 0x7b:
      return depth === 0 ? -1 : insideEnd(scan, at + 1, 0x7d, depth - 1)
    case 0x5b:
      return depth === 0 ? -1 : insideEnd(scan, at + 1, 0x5d, depth - 1)
    default:
      return -1
  }
}

/** The rest of an object or list that is closed by `close`; `at`: behind what opened it. */
function insideEnd(scan: Scan, at: number, close: number, depth: number): number {
  const { bytes } = scan
  at = passSpace(scan, at)
  if (bytes[at] === close) return at + 1
  for (;;) {
    if (close === 0x7d) {
      if (bytes[at] !== quote) return -1
      at = stringEnd(scan, at + 1)
      if (at < 0) return -1
      at = passSpace(scan, at)
      if (bytes[at] !== colon) return -1
      at = passSpace(scan, at + 1)
    }
    at = valueEnd(scan, at, depth)
    if (at < 0) return -1
    at = passSpace(scan, at)
    if (bytes[at] === close) return at + 1
    if (bytes[at] !== comma) return -1
    at = passSpace(scan, at + 1)
  }
}

function passSpace(scan: Scan, at: number): number {
  if (scan.bytes[at]! > 0x20) return at
  const end = spaceEnd(scan, at)
  if (end > at) scan.odd = true
  return end
}

function isWord({ view, length }: Scan, at: number, word: number): boolean {
  return at <= length - 4 && view.getInt32(at, true) === word
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

function isHex(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)
}
