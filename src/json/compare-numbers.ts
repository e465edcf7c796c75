// Numbers compared as what is written, digit by digit: the nearest doubles of two different numbers may be the same.
import { WrittenNumber } from './written-number.ts'

export interface ReadNumber {
  /** The nearest number that JavaScript has; may be infinite. */
  near: number
  text: string
}

/** Of numbers, and of text where it is one; undefined for everything else. */
export function readNumber(value: unknown): ReadNumber | undefined {
  if (typeof value === 'number') return { near: value, text: String(value) }
  if (value instanceof WrittenNumber) return { near: Number(value.text), text: value.text }
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const near = Number(value)
  return Number.isNaN(near) ? undefined : { near, text: value }
}

/** Numbers of that many characters without exponent are told apart by doubles. */
const surestCharacters = 15

/** Negative, zero or positive, as of sorting. */
export function compareNumbers(a: ReadNumber, b: ReadNumber): number {
  if (a.near !== b.near) return a.near < b.near ? -1 : 1
  if (isSure(a.text) && isSure(b.text)) return 0
  const [left, right] = [decimalOf(a), decimalOf(b)]
  if (left.sign !== right.sign) return left.sign - right.sign
  return left.sign * compareSizes(left, right)
}

function isSure(text: string): boolean {
  return text.length <= surestCharacters && !/e/i.test(text)
}

/** ± 0.DIGITS × 10^exponent. */
interface Decimal {
  sign: -1 | 0 | 1
  /** Without zeros in front and behind. */
  digits: string
  exponent: bigint
}

const decimalPattern = /^\s*([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?\s*$/i

function decimalOf({ text, near }: ReadNumber): Decimal {
  const found = decimalPattern.exec(text)
  if (!found) {
    // Infinity, or digits to another base.
    if (!Number.isFinite(near)) return { sign: near < 0 ? -1 : 1, digits: '', exponent: 1n << 64n }
    return decimalOf({ text: BigInt(text.trim()).toString(), near })
  }
  const [, sign, whole = '', fraction = '', exponent = '0'] = found
  const all = whole + fraction
  let from = 0
  while (all[from] === '0') from++
  let to = all.length
  while (to > from && all[to - 1] === '0') to--
  if (from === to) return { sign: 0, digits: '', exponent: 0n }
  return {
    sign: sign === '-' ? -1 : 1,
    digits: all.slice(from, to),
    exponent: BigInt(exponent) + BigInt(whole.length - from),
  }
}

function compareSizes(a: Decimal, b: Decimal): number {
  if (a.exponent !== b.exponent) return a.exponent < b.exponent ? -1 : 1
  return a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0
}

const plainPattern = /^(-?)0*(\d+)(?:\.(\d*?)0*)?$/
/** From here on, and below, JavaScript writes exponents, and stores of before hold what it wrote. */
const mostPlain = 1e21
const leastPlain = 1e-6
const longestPlain = 40

/**
 * Digits that stand in whatever writes this number without an exponent: `12.5` for `12.50`. Undefined where it is written with one,
 * or would be.
 */
export function plainDigits(text: string): string | undefined {
  if (text.length > longestPlain) return undefined
  const size = Math.abs(Number(text))
  if (!(size < mostPlain) || (size < leastPlain && size !== 0)) return undefined
  const [, sign, whole, fraction] = plainPattern.exec(text) ?? []
  if (whole === undefined) return undefined
  if (size === 0) return '0'
  return fraction ? `${sign}${whole}.${fraction}` : `${sign}${whole}`
}

/** Found in JSON text that has numbers with exponents. */
export const numberWithExponent: RegExp = /[:,[]-?\d[\d.]*[eE]/
