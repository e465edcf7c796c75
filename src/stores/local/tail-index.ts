// Where the frames of one tail file lie. Grows with the file: only what was appended since the last look is read.
import { closeSync, fstatSync, openSync } from 'node:fs'
import type { RecordBatch } from '../../batch.ts'
import { decodeBatch, decodeBatchHeader } from '../../wire/batch-codec.ts'
import { scanFrames } from './scan-frames.ts'
import { readFrom, type CommitNote } from './tail-file.ts'

interface FrameEntry {
  offset: number
  bytes: number
  first: number
  last: number
}

export interface TailIndex {
  path: string
  /** Frames with records, by ascending id. */
  frames: FrameEntry[]
  scannedBytes: number
}

/** Read at once; most frames are far smaller. */
const scanBytes = 1024 * 1024

export const openTailIndex = (path: string): TailIndex => ({ path, frames: [], scannedBytes: 0 })

/** Takes in what was appended since. Throws ENOENT when the file was sealed away. */
export function growTailIndex(index: TailIndex, warn: (message: string) => void): void {
  const fd = openSync(index.path, 'r')
  try {
    const { size } = fstatSync(fd)
    let length = scanBytes
    while (index.scannedBytes < size) {
      const bytes = readFrom(fd, index.scannedBytes, Math.min(length, size - index.scannedBytes))
      const { end, damagedBytes } = takeIn(index, bytes)
      if (damagedBytes > 0) warn(`${index.path}: ${damagedBytes} damaged bytes are left out`)
      index.scannedBytes += end
      // Nothing whole: a frame larger than what was read, or the file's end is just being written.
      if (end === 0 && index.scannedBytes + bytes.length >= size) return
      length = end === 0 ? length * 2 : scanBytes
    }
  } finally {
    closeSync(fd)
  }
}

function takeIn(index: TailIndex, bytes: Buffer): { end: number; damagedBytes: number } {
  const { frames, damage, end } = scanFrames(bytes)
  for (const { offset, bytes: length, payload } of frames) {
    const header = decodeBatchHeader<CommitNote>(payload)
    if (header.count === 0) continue
    const { id } = header.columns
    const first = typeof id === 'number' ? id : id === 'array' ? decodeBatch(payload).id[0]! : id.from
    index.frames.push({ offset: index.scannedBytes + offset, bytes: length, first, last: first + header.count - 1 })
  }
  const lost = damage.filter(({ offset }) => offset < end)
  return { end, damagedBytes: lost.reduce((sum, part) => sum + part.bytes, 0) }
}

/** About `pageBytes` of frames that hold ids in the range, from its newest or oldest end. */
export function readTailPage(
  index: TailIndex,
  range: { after: number; before: number },
  newestFirst: boolean,
  pageBytes: number,
): { first: number; last: number; batches: RecordBatch[] } | undefined {
  const { frames } = index
  let from = lowerBound(frames, (frame) => frame.last > range.after)
  let to = lowerBound(frames, (frame) => frame.first >= range.before)
  if (from >= to) return undefined
  let bytes = 0
  if (newestFirst) {
    let at = to
    while (at > from && bytes < pageBytes) bytes += frames[--at]!.bytes
    from = at
  } else {
    let at = from
    while (at < to && bytes < pageBytes) bytes += frames[at++]!.bytes
    to = at
  }
  const start = frames[from]!.offset
  const last = frames[to - 1]!
  const fd = openSync(index.path, 'r')
  try {
    const stretch = readFrom(fd, start, last.offset + last.bytes - start)
    const batches = scanFrames(stretch)
      .frames.filter(({ payload }) => decodeBatchHeader(payload).count > 0)
      .map(({ payload }) => decodeBatch(payload))
    return { first: frames[from]!.first, last: last.last, batches }
  } finally {
    closeSync(fd)
  }
}

/** Index of the first frame for which `holds` is true; frames for which it is true come last. */
function lowerBound(frames: FrameEntry[], holds: (frame: FrameEntry) => boolean): number {
  let low = 0
  let high = frames.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(frames[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
