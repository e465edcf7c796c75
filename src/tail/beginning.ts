// How a file of others begins, which tells it from a copy and from one that took its inode. What a program leaves that goes on
// behind a truncation, zeros that nobody wrote, all files have alike: the beginning comes after them.

export interface Beginning {
  /** Behind the zeros. */
  at: number
  /** At most a kilobyte, as far as it is known. */
  bytes: Uint8Array
}

export type ReadAt = (position: number, length: number) => Buffer

export const beginningBytes = 1024
const windowBytes = 256 * 1024

export function readBeginning(readAt: ReadAt): Beginning {
  const first = readAt(0, beginningBytes)
  if (first[0] !== 0) return { at: 0, bytes: new Uint8Array(first) }
  const at = zerosAt(readAt, 0, Infinity)
  return { at, bytes: new Uint8Array(readAt(at, beginningBytes)) }
}

/** How many zeros there are, before `end`. */
export function zerosAt(readAt: ReadAt, position: number, end: number): number {
  for (let at = position; ;) {
    const bytes = readAt(at, Math.min(windowBytes, end - at))
    if (bytes.length === 0) return at - position
    if (!isZeros(bytes)) return at + bytes.findIndex((byte) => byte !== 0) - position
    at += bytes.length
  }
}

/** Compares it with itself one byte further: a hole may be of many megabytes, and must be passed before the next truncation. */
function isZeros(bytes: Buffer): boolean {
  return bytes[0] === 0 && bytes.subarray(1).equals(bytes.subarray(0, -1))
}
