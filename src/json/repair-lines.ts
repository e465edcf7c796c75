// Lines of which some are not UTF-8 → the same with U+FFFD where that is so, and their original bytes, so that nothing is
// lost: they become the field `logboom.bytes`, as of lines that processes print.
import { isUtf8 } from 'node:buffer'

export interface RepairedLines {
  bytes: Uint8Array
  /** To be added to the record of the line that begins at `at`; undefined for a line that needed no repair. */
  fieldsOf(at: number): { 'logboom.bytes': string } | undefined
  /** Original place of the line that begins at `at`. */
  originalOffset(at: number): number
}

const newline = 10

export function repairLines(bytes: Uint8Array): RepairedLines {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const originals = new Map<number, { bytes: string; grownBy: number }>()
  const lines: Uint8Array[] = []
  let length = 0
  for (let at = 0; at < buffer.length;) {
    const found = buffer.indexOf(newline, at)
    const to = found < 0 ? buffer.length : found + 1
    let line = buffer.subarray(at, to)
    if (!isUtf8(line)) {
      const bytes = line.toString('base64', 0, found < 0 ? line.length : line.length - 1)
      const repaired = Buffer.from(line.toString('utf8'))
      originals.set(length, { bytes, grownBy: repaired.length - line.length })
      line = repaired
    }
    lines.push(line)
    length += line.length
    at = to
  }
  return {
    bytes: new Uint8Array(Buffer.concat(lines, length)),
    fieldsOf(at) {
      const original = originals.get(at)
      return original && { 'logboom.bytes': original.bytes }
    },
    originalOffset(at) {
      let grown = 0
      for (const [begin, { grownBy }] of originals) if (begin < at) grown += grownBy
      return at - grown
    },
  }
}
