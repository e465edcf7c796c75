// Extras as they are stored: JSON end to end, parsed one at a time where somebody looks, searchable without parsing.
import type { ExtrasColumn, RecordExtras } from '../batch.ts'

/** Extras `i` are `bytes[start[i], end[i])`; empty where a record has none. */
export function jsonExtras(bytes: Uint8Array, start: Uint32Array, end: Uint32Array): ExtrasColumn {
  const { buffer, byteOffset } = bytes
  const extras: ExtrasColumn = (index) => {
    const from = start[index]!
    const to = end[index]!
    if (from === to) return undefined
    return JSON.parse(Buffer.from(buffer, byteOffset + from, to - from).toString('utf8')) as RecordExtras
  }
  extras.json = { bytes, start, end }
  return extras
}
