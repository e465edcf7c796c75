// A record's extras without terminal control sequences in their values. Few have any: JSON shows whether it may have them before it
// is parsed.
import type { RecordExtras } from '../../contracts/batch.ts'
import { RepeatedValues } from '../../json/repeated-values.ts'
import { bytesHaveAnsi, hasAnsi, stripAnsi } from '../../text/ansi.ts'

/** Deeper values are not searched. */
const deepest = 100

let looked: { bytes: WeakRef<Uint8Array>; found: boolean } | undefined

/** Whether any value in the JSON may have a sequence; the answer for the last bytes is remembered. */
export function jsonHasAnsi(bytes: Uint8Array): boolean {
  if (looked?.bytes.deref() !== bytes) looked = { bytes: new WeakRef(bytes), found: lookForAnsi(bytes) }
  return looked.found
}

/** Whether `json[from, to)`, one of many, has sequences. */
export function oneJsonHasAnsi(json: Uint8Array, from: number, to: number): boolean {
  return lookForAnsi(json.subarray(from, to))
}

/** JSON writes an escape in this way, and all other introducers as they are. */
function lookForAnsi(json: Uint8Array): boolean {
  const buffer = Buffer.from(json.buffer, json.byteOffset, json.length)
  return buffer.includes('\\u001b') || buffer.includes('\\u001B') || bytesHaveAnsi(json)
}

/** Extras without sequences; the object itself where there is nothing to remove. */
export function plainExtras(extras: RecordExtras): RecordExtras {
  return plainValue(extras, 0) as RecordExtras
}

function plainValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return hasAnsi(value) ? stripAnsi(value) : value
  if (typeof value !== 'object' || value === null || depth > deepest) return value
  if (Array.isArray(value)) {
    const items = value.map((item) => plainValue(item, depth + 1))
    if (items.every((item, i) => item === value[i])) return value
    return value instanceof RepeatedValues ? RepeatedValues.from(items) : items
  }
  let changed: Record<string, unknown> | undefined
  for (const [key, inner] of Object.entries(value)) {
    const plain = plainValue(inner, depth + 1)
    if (plain === inner) continue
    changed ??= { ...value }
    Object.defineProperty(changed, key, { value: plain, enumerable: true, configurable: true, writable: true })
  }
  return changed ?? value
}
