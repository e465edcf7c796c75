// Texts that are decimal numbers, written so regularly that the number alone gives the text back: `42`, `0042` where all
// are as long, `3.50` where all have as many decimals, `3.5` where none ends in a zero.
import type { Texts } from './texts.ts'

export interface DecimalForm {
  /** Whole numbers filled with zeros to so many digits. */
  digits?: number
  /** The number is the text's times ten to this power. */
  decimals: number
  /** Zeros at the end of the decimals are left out, and so is the point when none are left. */
  trimmed?: boolean
}

const zero = 48
const point = 46
const minus = 45
/** Digits that are exact in a float64. */
const mostDigits = 15

/** Undefined unless every text is such a number. */
export function decimalsOf({ bytes, start, end, count }: Texts): DecimalForm | undefined {
  let decimals = -1
  let longestDecimals = 0
  let sameDecimals = true
  let canTrim = true
  let mostWhole = 0
  let length = -1
  let sameLength = true
  let filled = false
  let signed = false
  for (let i = 0; i < count; i++) {
    let at = start[i]!
    const to = end[i]!
    if (to - at > mostDigits + 2 || to === at) return undefined
    if (length < 0) length = to - at
    else if (to - at !== length) sameLength = false
    const negative = bytes[at] === minus
    if (negative) {
      signed = true
      at++
    }
    const wholeFrom = at
    let any = 0
    while (at < to && isDigit(bytes[at]!)) any |= bytes[at++]! - zero
    const whole = at - wholeFrom
    if (whole === 0) return undefined
    if (whole > 1 && bytes[wholeFrom] === zero) filled = true
    let fraction = 0
    if (at < to) {
      if (bytes[at++] !== point) return undefined
      const from = at
      while (at < to && isDigit(bytes[at]!)) any |= bytes[at++]! - zero
      fraction = at - from
      if (fraction === 0 || at < to) return undefined
      if (bytes[to - 1] === zero) canTrim = false
    }
    // There is no negative zero among whole numbers.
    if (negative && any === 0) return undefined
    if (whole > mostWhole) mostWhole = whole
    if (decimals < 0) decimals = fraction
    else if (fraction !== decimals) sameDecimals = false
    if (fraction > longestDecimals) longestDecimals = fraction
    if (mostWhole + longestDecimals > mostDigits) return undefined
  }
  if (count === 0) return undefined
  if (filled) return sameLength && longestDecimals === 0 && !signed ? { digits: length, decimals: 0 } : undefined
  if (sameDecimals) return { decimals: longestDecimals }
  return canTrim ? { decimals: longestDecimals, trimmed: true } : undefined
}

export function parseDecimals({ bytes, start, end, count }: Texts, { decimals }: DecimalForm): Float64Array {
  const values = new Float64Array(count)
  for (let i = 0; i < count; i++) values[i] = parseDecimal(bytes, start[i]!, end[i]!, decimals)
  return values
}

function parseDecimal(bytes: Uint8Array, at: number, to: number, decimals: number): number {
  const negative = bytes[at] === minus
  if (negative) at++
  let value = 0
  let missing = decimals
  let inFraction = false
  for (; at < to; at++) {
    const byte = bytes[at]!
    if (byte === point) inFraction = true
    else {
      value = value * 10 + (byte - zero)
      if (inFraction) missing--
    }
  }
  for (; missing > 0; missing--) value *= 10
  return negative ? -value : value
}

export function formatDecimals(values: Float64Array, form: DecimalForm): Texts {
  const count = values.length
  const bytes = new Uint8Array(count * (mostDigits + 4))
  const start = new Uint32Array(count)
  const end = new Uint32Array(count)
  let at = 0
  for (let i = 0; i < count; i++) {
    start[i] = at
    end[i] = at = formatDecimal(values[i]!, form, bytes, at)
  }
  return { bytes, start, end, count }
}

const reversed = new Uint8Array(mostDigits + 4)

/** Writes one and returns where it ended. */
function formatDecimal(
  value: number,
  { digits = 1, decimals, trimmed }: DecimalForm,
  bytes: Uint8Array,
  at: number,
): number {
  if (value < 0) {
    bytes[at++] = minus
    value = -value
  }
  let rest = value
  let length = 0
  let kept = 0
  let started = !trimmed
  for (let place = 0; place < decimals + digits || rest > 0; place++) {
    const tenth = Math.floor(rest / 10)
    const figure = rest - tenth * 10
    rest = tenth
    if (place === decimals && kept > 0) reversed[length++] = point
    if (place < decimals && !started && figure === 0) continue
    if (place < decimals) {
      started = true
      kept++
    }
    reversed[length++] = zero + figure
  }
  while (length > 0) bytes[at++] = reversed[--length]!
  return at
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57
}
