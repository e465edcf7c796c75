// Finds texts that are equal: the step before a dictionary.
import { viewOf } from '../../../system/view-of.ts'
import { areSame } from './same-bytes.ts'
import type { Texts } from './texts.ts'

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
  const view = viewOf(bytes)
  const firsts: number[] = []
  const codes = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const from = start[i]!
    const to = end[i]!
    // Long texts are told apart by some of their bytes, and for sure by comparing.
    let hash = to - from
    let at = from
    for (const step = 4 + ((hash >> 6) << 2); at + 4 <= to; at += step) {
      hash = Math.imul(hash ^ view.getUint32(at, true), 0x85ebca6b)
      hash ^= hash >>> 13
    }
    if (to - from >= 4) hash = Math.imul(hash ^ view.getUint32(to - 4, true), 0x85ebca6b)
    else for (; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x85ebca6b)
    hash ^= hash >>> 15
    let slot = hash & mask
    for (;;) {
      const code = table[slot]!
      if (code < 0) {
        table[slot] = codes[i] = firsts.length
        firsts.push(i)
        break
      }
      const first = firsts[code]!
      const other = start[first]!
      if (end[first]! - other === to - from && areSame(view, from, other, to - from)) {
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
