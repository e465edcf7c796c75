// The position that reading has reached in a file, with the bytes just before it: they tell of a file that was truncated and grew
// again.
import { crc32 } from 'node:zlib'
import type { CursorValue } from '../contracts/store.ts'
import type { ReadAt } from './beginning.ts'

export interface Position {
  offset: number
  /** Parts of a long line that were given out before the offset. */
  fragment: number
  /** The bytes just before the offset. */
  remembered: Uint8Array
}

export const rememberedBytes = 64

export const startOfFile: Position = { offset: 0, fragment: 0, remembered: new Uint8Array(0) }

export function positionAt(offset: number, readAt: ReadAt): Position {
  const length = Math.min(rememberedBytes, offset)
  return { offset, fragment: 0, remembered: readAt(offset - length, length) }
}

/** Behind `own`, which was read at the position. */
export function advance({ offset, remembered }: Position, own: Buffer, fragment: number): Position {
  const last =
    own.length >= rememberedBytes
      ? new Uint8Array(own.subarray(own.length - rememberedBytes))
      : new Uint8Array(Buffer.concat([remembered, own]).subarray(-rememberedBytes))
  return { offset: offset + own.length, fragment, remembered: last }
}

/** The position of the cursor; undefined when other bytes stand before it. Holes may be what an earlier hub punched out. */
export function positionOf(cursor: CursorValue, readAt: ReadAt, mayBeHole: boolean): Position | undefined {
  const position = positionAt(Number(cursor.offset), readAt)
  const { offset, remembered } = position
  const isHole = mayBeHole && remembered.every((byte) => byte === 0)
  const isSame = remembered.length === Math.min(rememberedBytes, offset)
  if (!isSame || !(isHole || crc32(remembered) === cursor.check)) return undefined
  return { ...position, fragment: Number(cursor.fragment ?? 0) }
}

export const cursorAt = ({ offset, fragment, remembered }: Position, inode: number): CursorValue => ({
  offset,
  inode,
  check: crc32(remembered),
  ...(fragment > 0 ? { fragment } : {}),
})
