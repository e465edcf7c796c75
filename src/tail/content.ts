// The content of a file, as far as it was read: its beginning (of files of others) and the bytes before a position must stand where
// they stood, or the file was rewritten.
import { crc32 } from 'node:zlib'
import type { Encoding } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'
import { beginningBytes, readBeginning, type Beginning } from './beginning.ts'
import { readByteOrderMark } from './encoding.ts'
import { rememberedBytes, type Position } from './position.ts'
import type { TailedFile } from './tailed-file.ts'

export interface Content {
  /** As the byte order mark says, or whoever opened the file. */
  encoding(): Encoding
  /** Length of the byte order mark, where it stands at the offset. */
  markBytes(offset: number): number
  /** Offset of the beginning, behind zeros. */
  beginsAt(): number
  /** Learns how the file begins now. */
  begin(): void
  /** The bytes at the position, at most `length`; undefined when the file was rewritten. More of its beginning is learned. */
  unread(position: Position, length: number, allocate?: Allocate): Buffer | undefined
  /** Zeros that nobody wrote end at the offset. */
  passZeros(offset: number): void
  /** The beginning is what it was when the cursor was taken. */
  hasHead(cursor: CursorValue): boolean
  /** The beginning for a cursor: all that is known, or as much as was read. */
  head(offset: number): CursorValue
}

type Allocate = (length: number) => Uint8Array<ArrayBuffer>

/** `keepsBeginning`: of files of others, which are copied and replaced. */
export function openContent(file: TailedFile, keepsBeginning: boolean, wanted: Encoding = 'utf-8'): Content {
  let encoding = wanted
  let markBytes = 0
  let beginning: Beginning = { at: 0, bytes: new Uint8Array(0) }

  function begin(): void {
    if (!keepsBeginning) return
    beginning = readBeginning(file.read)
    readMark()
  }

  function readMark(): void {
    const mark = beginning.at === 0 ? readByteOrderMark(beginning.bytes) : undefined
    encoding = mark?.encoding ?? wanted
    markBytes = mark?.length ?? 0
  }

  /** More than was known of the beginning is learned from `bytes`, which stand there; false: something else stood there. */
  function learn(bytes: Buffer): boolean {
    const known = beginning.bytes
    if (!stands(bytes, 0, known)) return false
    const zeros = known.length > 0 ? 0 : bytes.findIndex((byte) => byte !== 0)
    if (zeros >= 0 && bytes.length > known.length && known.length < beginningBytes) {
      const at = beginning.at + zeros
      beginning = { at, bytes: new Uint8Array(bytes.subarray(zeros, zeros + beginningBytes)) }
    }
    return true
  }

  /** An archive is not written to any more. */
  function beginsAsKnown(): boolean {
    const { at, bytes } = beginning
    return file.packed !== undefined || stands(file.read(at, bytes.length), 0, bytes)
  }

  begin()
  return {
    encoding: () => encoding,
    markBytes: (offset) => (offset === 0 ? markBytes : 0),
    beginsAt: () => beginning.at,
    begin,
    unread({ offset, remembered }, length, allocate) {
      const before = offset - remembered.length
      // Near the beginning that is read along, in one go: between two the file might become another.
      const isNear = keepsBeginning && offset < beginning.at + beginningBytes
      const from = isNear ? Math.min(before, beginning.at) : before
      // Lines may all end alike, and so may the bytes before the offset.
      if (keepsBeginning && !isNear && !beginsAsKnown()) return undefined
      const bytes = file.read(from, offset - from + length, allocate)
      if (bytes.length < offset - from || !stands(bytes, before - from, remembered)) return undefined
      if (keepsBeginning && from <= beginning.at) {
        if (!learn(bytes.subarray(beginning.at - from))) return undefined
        if (offset === 0) readMark()
      }
      return bytes.subarray(offset - from)
    },
    passZeros(offset) {
      if (beginning.bytes.length === 0) beginning.at = offset
    },
    hasHead({ head: check, headAt = 0, headBytes: length = 0 }) {
      if (check === undefined) return true
      const bytes = file.read(Number(headAt), Number(length))
      return bytes.length === Number(length) && crc32(bytes) === check
    },
    head(offset) {
      const { at } = beginning
      // A copy in which something is left to be read has at least all that was read.
      const bytes = offset > at ? beginning.bytes.subarray(0, offset - at) : beginning.bytes
      const headStart = crc32(bytes.subarray(0, rememberedBytes))
      return { head: crc32(bytes), headBytes: bytes.length, headStart, ...(at > 0 ? { headAt: at } : {}) }
    },
  }
}

/**
 * As much of what is expected as there is stands at the place. Compared here, for so few bytes: V8 14 ends the process when code
 * that calls `Buffer.compare` is given up in the midst of that call ("Lazy deopt after a fast API call").
 */
function stands(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  const length = Math.min(expected.length, bytes.length - at)
  for (let index = 0; index < length; index++) if (bytes[at + index] !== expected[index]) return false
  return true
}
