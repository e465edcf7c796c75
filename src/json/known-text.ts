// Bytes that are looked for at a certain place, compared four at a time.
import { viewOf } from '../system/view-of.ts'
import type { Scan } from './json-scan.ts'

export interface KnownText {
  bytes: Uint8Array
  /** Of four bytes each, the last one beginning four before the end; none where there are less than four. */
  words: Int32Array
  length: number
}

export function knownText(text: Uint8Array | string): KnownText {
  const bytes = Uint8Array.from(typeof text === 'string' ? Buffer.from(text) : text)
  const { length } = bytes
  const view = viewOf(bytes)
  const words = new Int32Array(length < 4 ? 0 : (length + 3) >> 2)
  for (let i = 0; i < words.length; i++) words[i] = view.getInt32(Math.min(i * 4, length - 4), true)
  return { bytes, words, length }
}

/** Whether exactly this text stands at `at`. */
export function startsAt({ bytes, words, length }: KnownText, scan: Scan, at: number): boolean {
  if (at + length > scan.length) return false
  const { view } = scan
  const last = words.length - 1
  if (last < 0) {
    for (let i = 0; i < length; i++) if (bytes[i] !== scan.bytes[at + i]) return false
    return true
  }
  for (let i = 0; i < last; i++) if (words[i] !== view.getInt32(at + i * 4, true)) return false
  return words[last] === view.getInt32(at + length - 4, true)
}

export function textOf({ bytes }: Scan, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')
}
