// Extras as they are stored: JSON end to end, parsed one at a time where somebody looks, searchable without parsing.
import type { ExtrasColumn, ExtrasJson, RecordExtras } from '../contracts/batch.ts'
import { parseJson } from './parse-json.ts'

/** Extras `i` are `bytes[start[i], end[i])`; empty where a record has none. */
export function jsonExtras(json: ExtrasJson): ExtrasColumn {
  const { bytes, start, end } = json
  const { buffer, byteOffset } = bytes
  const extras: ExtrasColumn = (index) => {
    const from = start[index]!
    const to = end[index]!
    if (from === to) return undefined
    return parseJson(Buffer.from(buffer, byteOffset + from, to - from).toString('utf8')) as RecordExtras
  }
  extras.json = json
  return extras
}
