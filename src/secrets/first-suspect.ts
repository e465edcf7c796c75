// The first place of a text at which a secret may stand: nearly all texts have none, and are done with here. Looks at two bytes
// at once, in a table of those that can be part of the beginning of a secret, and only there at what they are.
import { viewOf } from '../system/view-of.ts'
import type { KeyTest } from './secret-keys.ts'
import { tokenAt, tokenPrefixes, tokenTriggers } from './token-shapes.ts'

const [space, quote, slash, colon, equals, dash] = [0x20, 0x22, 0x2f, 0x3a, 0x3d, 0x2d]

/** Bytes at which something may begin. */
export const triggers: Uint8Array = Uint8Array.from(tokenTriggers)
for (const code of [colon, equals, dash, 0x42, 0x62]) triggers[code] = 1

/** Signs that a name may be wrapped in. */
const nameWraps = new Uint8Array(256)
for (const code of [quote, 0x27, 0x60, 0x5c, 0x5d]) nameWraps[code] = 1

/** By two bytes, the first the lower: where something may begin. Bits: in front of them, at the first, at the second, behind. */
const pairs = new Uint8Array(65_536)
const [before, first, second, behind] = [1, 2, 4, 8]

function addPair(text: string, where: number): void {
  pairs[text.charCodeAt(0) | (text.charCodeAt(1) << 8)]! |= where
}

for (let code = 0; code < 256; code++)
  for (const sign of ':=') {
    addPair(sign + String.fromCharCode(code), first)
    addPair(String.fromCharCode(code) + sign, second)
  }
// However a beginning is cut into twos, one of its pairs is whole.
addPair('--', before | first)
for (const scheme of ['bea', 'Bea', 'bEa', 'beA', 'BEa', 'BeA', 'bEA', 'BEA']) {
  addPair(scheme, first)
  addPair(scheme.slice(1), before)
}
for (const { prefix, place } of tokenPrefixes) {
  addPair(prefix.slice(place - 1), second)
  if (place > 1) addPair(prefix.slice(place - 2), behind)
  else addPair(prefix.slice(place), first)
}

let viewed: Uint8Array = new Uint8Array(0)
let view = viewOf(viewed)

/** The first place in `bytes[from, to)` at which a secret may stand, `to` for none. */
export function firstSuspect(bytes: Uint8Array, from: number, to: number, isKey: KeyTest): number {
  if (viewed !== bytes) {
    viewed = bytes
    view = viewOf(bytes)
  }
  const two = view
  const last = to - 1
  for (let i = from; i < last; i += 2) {
    const where = pairs[two.getUint16(i, true)]!
    if (where === 0) continue
    if ((where & before) !== 0 && i > from && mayBegin(bytes, i - 1, from, to, isKey)) return i - 1
    if ((where & first) !== 0 && mayBegin(bytes, i, from, to, isKey)) return i
    if ((where & second) !== 0 && mayBegin(bytes, i + 1, from, to, isKey)) return i + 1
    if ((where & behind) !== 0 && i + 2 < to && mayBegin(bytes, i + 2, from, to, isKey)) return i + 2
  }
  return last >= from && mayBegin(bytes, last, from, to, isKey) ? last : to
}

function mayBegin(bytes: Uint8Array, i: number, from: number, to: number, isKey: KeyTest): boolean {
  const code = bytes[i]!
  if (code === colon || code === equals)
    return (
      isKey(bytes, from, endOfName(bytes, from, i)) !== undefined ||
      (code === colon && bytes[i + 1] === slash && bytes[i + 2] === slash)
    )
  if (code === dash && bytes[i + 1] === dash && bytes[i + 5] === 0x42) return true
  if ((code | 32) === 0x62) return bytes[i + 6] === space && (bytes[i + 5]! | 32) === 0x72
  return tokenTriggers[code] === 1 && tokenAt(bytes, i, from, to) !== undefined
}

/** Of the name in front of `i`, where something is assigned; it may be in quotes. */
export function endOfName(bytes: Uint8Array, from: number, i: number): number {
  let end = i
  if (bytes[end - 1] === space) end--
  while (end > from && nameWraps[bytes[end - 1]!] === 1) end--
  return end
}
