// The text behind what a save remembers of a file: entries that were written after the save and are given again, a torn
// one at the end, and whatever others have written there. Tells what need not be written once more, and cuts nothing but
// the torn one.
import { readSync } from 'node:fs'
import type { EntryLines } from './entry-lines.ts'
import { closeQuietly, openToRead } from './open-log.ts'

export interface Leftover {
  /**
   * Passes over entries that stand there already. `next` is the first that does not; then `isOver`, and the file is to be
   * cut to `keep`, which takes off the beginning of that entry, if that is how the file ends.
   */
  pass(lines: EntryLines): { next: number; isOver: boolean; keep: number }
}

/** More than any hub writes between two saves; behind so much nothing is compared. */
const mostBytes = 128 * 1024 * 1024
const lineFeed = 0x0a

/** Of `[from, to)`; undefined when there is nothing. */
export function readLeftover(path: string, from: number, to: number): Leftover | undefined {
  const length = to - from
  if (length <= 0 || length > mostBytes) return undefined
  const handle = openToRead(path)
  if (handle === undefined) return undefined
  try {
    const bytes = Buffer.allocUnsafe(length)
    let read = 0
    for (let count = 1; count > 0 && read < length; read += count)
      count = readSync(handle, bytes, read, length - read, from + read)
    return openLeftover(bytes.subarray(0, read), from)
  } finally {
    closeQuietly(handle)
  }
}

export function openLeftover(bytes: Buffer, from: number): Leftover {
  let at = 0

  /** Entries are in the order in which they were written; between them stands what is not ours. */
  function find(entry: Uint8Array): number {
    for (let found = bytes.indexOf(entry, at); found >= 0; found = bytes.indexOf(entry, found + 1))
      if (isLineStart(found)) return found
    return -1
  }

  const isLineStart = (place: number): boolean => place === 0 || bytes[place - 1] === lineFeed

  /** Place of the beginning of `entry` at the end, torn by a crash; also zeros that a loss of power leaves. */
  function tornAt(entry: Uint8Array): number {
    let zeros = bytes.length
    while (zeros > at && bytes[zeros - 1] === 0) zeros--
    if (zeros < bytes.length && isLineStart(zeros)) return zeros
    for (let place = Math.max(at, bytes.length - entry.length + 1); place < bytes.length; place++)
      if (isLineStart(place) && bytes.compare(entry, 0, bytes.length - place, place) === 0) return place
    return bytes.length
  }

  return {
    pass({ bytes: given, ends, count }) {
      for (let index = 0; index < count; index++) {
        const entry = given.subarray(index === 0 ? 0 : ends[index - 1], ends[index])
        const found = find(entry)
        if (found < 0) return { next: index, isOver: true, keep: from + tornAt(entry) }
        at = found + entry.length
      }
      return { next: count, isOver: at === bytes.length, keep: from + bytes.length }
    },
  }
}
