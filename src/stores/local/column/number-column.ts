// Columns of numbers as few bytes: constant, evenly growing, or as plain values or differences in as few bytes each as the
// range needs, one byte plane behind the other, which is what zstd compresses best.

import { viewOf } from '../../../system/view-of.ts'

/** Without `form` it is constant. */
export interface NumberColumn {
  /** 'even': base + i * step; 'plain': base + value; 'delta': like plain, of the differences; 'raw': float64. */
  form?: 'even' | 'plain' | 'delta' | 'raw'
  base: number
  step?: number
  /** 'delta': the first value. */
  first?: number
  /** Bytes of each number; absent where there are none. */
  width?: number
  /** Numbers were multiplied by this to be whole. */
  scale?: number
}

/** Finer parts of a millisecond that event times customarily have. */
const scales = [1, 1000, 1_000_000]

/** The bytes are to be kept beside the column's description. Exact for every number. */
export function encodeNumbers(values: ArrayLike<number>, count: number): { column: NumberColumn; bytes: Uint8Array } {
  const scale = scales.find((each) => areWhole(values, count, each))
  if (scale === undefined) {
    const raw = Float64Array.from({ length: count }, (_, i) => values[i]!)
    return { column: { form: 'raw', base: 0, width: 8 }, bytes: new Uint8Array(raw.buffer) }
  }
  const whole = scale === 1 ? values : Float64Array.from({ length: count }, (_, i) => Math.round(values[i]! * scale))
  const encoded = encodeWhole(whole, count)
  if (scale !== 1) encoded.column.scale = scale
  return encoded
}

function areWhole(values: ArrayLike<number>, count: number, scale: number): boolean {
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    if ((value | 0) === value && value !== 0) continue
    const scaled = Math.round(value * scale)
    if (scaled / scale !== value || !(Math.abs(scaled) <= Number.MAX_SAFE_INTEGER) || Object.is(value, -0)) return false
  }
  return true
}

function encodeWhole(values: ArrayLike<number>, count: number): { column: NumberColumn; bytes: Uint8Array } {
  const first = count > 0 ? values[0]! : 0
  let low = first
  let high = first
  let lowStep = count > 1 ? values[1]! - first : 0
  let highStep = lowStep
  let previous = first
  for (let i = 1; i < count; i++) {
    const value = values[i]!
    const step = value - previous
    previous = value
    if (value < low) low = value
    else if (value > high) high = value
    if (step < lowStep) lowStep = step
    else if (step > highStep) highStep = step
  }
  const none = new Uint8Array(0)
  if (low === high) return { column: { base: low }, bytes: none }
  if (lowStep === highStep) return { column: { form: 'even', base: first, step: lowStep }, bytes: none }
  const width = widthOf(high - low)
  const stepWidth = widthOf(highStep - lowStep)
  // Differences of unordered numbers range wider than the numbers.
  if (high - low > 2 * (highStep - lowStep) && stepWidth < 7) {
    const steps = new Float64Array(count - 1)
    for (let i = 1; i < count; i++) steps[i - 1] = values[i]! - values[i - 1]!
    const bytes = toPlanes(steps, count - 1, lowStep, stepWidth)
    return { column: { form: 'delta', base: lowStep, first, width: stepWidth }, bytes }
  }
  return { column: { form: 'plain', base: low, width }, bytes: toPlanes(values, count, low, width) }
}

function widthOf(range: number): number {
  let width = 1
  for (let limit = 256; range >= limit && width < 7; limit *= 256) width++
  return width
}

function toPlanes(values: ArrayLike<number>, count: number, base: number, width: number): Uint8Array {
  const bytes = new Uint8Array(count * width)
  if (width === 1) for (let i = 0; i < count; i++) bytes[i] = values[i]! - base
  else if (width <= 4) {
    for (let i = 0; i < count; i++) {
      const value = (values[i]! - base) >>> 0
      for (let plane = 0, at = i; plane < width; plane++, at += count) bytes[at] = value >>> (plane * 8)
    }
  } else {
    for (let i = 0; i < count; i++) {
      let value = values[i]! - base
      for (let plane = 0, at = i; plane < width; plane++, at += count) {
        bytes[at] = value % 256
        value = Math.floor(value / 256)
      }
    }
  }
  return bytes
}

/**
 * The numbers as `decodeNumbers` gives them, for those that are small as a rule and only looked up: often the bytes as they are.
 */
export function decodeCodes(column: NumberColumn, bytes: Uint8Array, count: number): Uint8Array | Float64Array {
  const { form, base, width, scale } = column
  const areBytes = form === 'plain' && width === 1 && base === 0 && scale === undefined && bytes.length === count
  return areBytes ? bytes : decodeNumbers(column, bytes, count)
}

/** All `count` numbers, or those at the places asked for, which ascend. */
export function decodeNumbers(column: NumberColumn, bytes: Uint8Array, count: number, at?: Uint32Array): Float64Array {
  const { form, base, step = 0, first = 0, width = 0, scale = 1 } = column
  const values = new Float64Array(at?.length ?? count)
  switch (form) {
    case undefined:
      values.fill(base)
      break
    case 'even':
      for (let i = 0; i < values.length; i++) values[i] = base + (at ? at[i]! : i) * step
      break
    case 'plain':
      fromPlanes(bytes, count, width, base, values, at)
      break
    case 'delta': {
      if (count === 0) break
      if (at) {
        fromSteps(bytes, count, width, base, first, values, at)
        break
      }
      fromPlanes(bytes, count - 1, width, base, values.subarray(1))
      let value = (values[0] = first)
      for (let i = 1; i < count; i++) values[i] = value += values[i]!
      break
    }
    case 'raw':
      if (bytes.length !== count * 8) throw new RangeError('a column of numbers has the wrong length')
      if (at) {
        const view = viewOf(bytes)
        for (let i = 0; i < at.length; i++) values[i] = view.getFloat64(at[i]! * 8, true)
      } else new Uint8Array(values.buffer).set(bytes)
      break
  }
  if (scale !== 1) for (let i = 0; i < values.length; i++) values[i]! /= scale
  return values
}

/** The numbers at the places, which ascend, of which the steps from each to the next are known. */
function fromSteps(
  bytes: Uint8Array,
  count: number,
  width: number,
  base: number,
  first: number,
  values: Float64Array,
  at: Uint32Array,
): void {
  const steps = count - 1
  if (bytes.length !== steps * width) throw new RangeError('a column of numbers has the wrong length')
  let value = first
  let place = 0
  for (let i = 0; i < at.length; i++) {
    for (; place < at[i]!; place++) {
      let step = 0
      for (let plane = width - 1; plane >= 0; plane--) step = step * 256 + bytes[plane * steps + place]!
      value += base + step
    }
    values[i] = value
  }
}

function fromPlanes(
  bytes: Uint8Array,
  count: number,
  width: number,
  base: number,
  values: Float64Array,
  at?: Uint32Array,
): void {
  if (bytes.length !== count * width) throw new RangeError('a column of numbers has the wrong length')
  if (at || width > 2) {
    for (let i = 0; i < values.length; i++) {
      const place = at ? at[i]! : i
      let value = 0
      for (let plane = width - 1; plane >= 0; plane--) value = value * 256 + bytes[plane * count + place]!
      values[i] = base + value
    }
  } else if (width === 1) for (let i = 0; i < count; i++) values[i] = base + bytes[i]!
  else for (let i = 0; i < count; i++) values[i] = base + (bytes[i]! | (bytes[count + i]! << 8))
}
