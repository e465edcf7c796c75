// Which of many texts are equal: the step before a dictionary.
import type { Texts } from './value-column.ts'

export interface Distinct {
  /** The first text of each kind. */
  firsts: number[]
  /** For each text, its kind: an index into `firsts`. */
  codes: Uint32Array
}

/** A dictionary pays when a value comes about twice. */
const worthwhile = (distinct: number, count: number): boolean => distinct * 2 <= count + 1
/** After so many texts that are nearly all new, the rest is not looked at. */
const probe = 512

let table = new Int32Array(1024)

/** Undefined when too many are different. */
export function findDistinct({ bytes, start, end, count }: Texts): Distinct | undefined {
  let size = 64
  while (size < count) size *= 2
  if (table.length < size) table = new Int32Array(size)
  table.fill(-1, 0, size)
  const mask = size - 1
  const firsts: number[] = []
  const codes = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const from = start[i]!
    const to = end[i]!
    let hash = to - from
    // Long texts are told apart by some of their bytes, and for sure by comparing.
    const step = 1 + (hash >> 4)
    for (let at = from; at < to; at += step) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
    if (to > from) hash = Math.imul(hash ^ bytes[to - 1]!, 0x01000193)
    hash ^= hash >>> 15
    let slot = hash & mask
    for (;;) {
      const code = table[slot]!
      if (code < 0) {
        table[slot] = codes[i] = firsts.length
        firsts.push(i)
        break
      }
      if (isSame(bytes, from, to, start[firsts[code]!]!, end[firsts[code]!]!)) {
        codes[i] = code
        break
      }
      slot = (slot + 1) & mask
    }
    if (firsts.length * 2 > size) return undefined
    if (i === probe && firsts.length > probe * 0.8) return undefined
  }
  return worthwhile(firsts.length, count) ? { firsts, codes } : undefined
}

function isSame(bytes: Uint8Array, from: number, to: number, otherFrom: number, otherTo: number): boolean {
  if (to - from !== otherTo - otherFrom) return false
  while (from < to) if (bytes[from++] !== bytes[otherFrom++]) return false
  return true
}
