// Places of the frames in one tail file. Grows with the file: only what was appended since the last look is read.
import { basename } from 'node:path'
import type { RecordBatch } from '../../../contracts/batch.ts'
import type { Disk } from '../../../system/disk.ts'
import { decodeBatch, tryBatchHeader } from '../../../wire/batch-codec.ts'
import { checkFrame, frameBytes, frameHeaderBytes, framePayload, headerBefore } from '../../../wire/frame.ts'
import { damageGap } from '../day/damage-gap.ts'
import { parseTailFile } from '../names.ts'
import { readFrom } from '../frames/read-file.ts'
import type { CommitNote } from './tail-file.ts'
import type { Damage } from '../frames/scan-frames.ts'
import { walkFrames } from '../frames/walk-frames.ts'

interface FrameEntry {
  /** For ids that no frame has: where they should be. */
  offset: number
  /** 0 for ids that no frame has. */
  bytes: number
  first: number
  last: number
  source: string
  /** About when they were captured, Unix milliseconds. */
  time: number
}

export interface TailIndex {
  path: string
  /** Frames with records, by ascending id, and what is missing between them. */
  frames: FrameEntry[]
  /** The id that comes next. */
  nextId: number
  scannedBytes: number
  /** Size of the file at the last look. */
  size: number
  /** The last frame, with records or without, by which the file is known to be what was read. */
  last: { offset: number; header: Uint8Array } | undefined
}

export interface TailPage {
  first: number
  last: number
  batches: RecordBatch[]
}

export const openTailIndex = (path: string): TailIndex => ({
  path,
  frames: [],
  nextId: parseTailFile(basename(path))!,
  scannedBytes: 0,
  size: 0,
  last: undefined,
})

/** Takes in what was appended since. Throws ENOENT when the file was sealed away. */
export function growTailIndex(disk: Disk, index: TailIndex, warn: (message: string) => void): void {
  const { size } = disk.stat(index.path)
  if (size === index.size && size === index.scannedBytes) return
  if (size < index.scannedBytes || !hasLastFrame(disk, index)) forget(index)
  const known = index.scannedBytes
  let damage = readOn(disk, index)
  // Between two looks a part may have been taken back and written anew: only what a whole reading finds is damage.
  if (damage.length > 0 && known > 0) {
    forget(index)
    damage = readOn(disk, index)
  }
  index.size = size
  for (const { bytes } of damage) warn(`${index.path}: ${bytes} damaged bytes are left out`)
}

/** Frames of a commit that failed may have been seen here, and are gone. */
function hasLastFrame(disk: Disk, { path, last }: TailIndex): boolean {
  if (!last) return true
  const fd = disk.open(path, 'r')
  try {
    return readFrom(disk, fd, last.offset, frameHeaderBytes).equals(last.header)
  } finally {
    disk.close(fd)
  }
}

function readOn(disk: Disk, index: TailIndex): Damage[] {
  const { end, damage } = walkFrames(disk, index.path, index.scannedBytes, ({ offset, bytes, payload }) => {
    const header = tryBatchHeader<CommitNote>(payload)
    if (!header) return false
    index.last = { offset, header: new Uint8Array(headerBefore(payload)) }
    const { count, columns, source } = header
    if (count === 0) return true
    const first = firstOf(columns.id) ?? decodeBatch(payload).id[0]!
    const time = firstOf(columns.observed) ?? decodeBatch(payload).observed[0]!
    noteMissing(index, first, offset, time)
    index.nextId = first + count
    index.frames.push({ offset, bytes, first, last: index.nextId - 1, source, time })
    return true
  })
  index.scannedBytes = end
  return damage
}

/** Ids are given out without a gap: what lies between was in frames that are damaged. */
function noteMissing(index: TailIndex, before: number, offset: number, time: number): void {
  const { nextId, frames } = index
  if (before > nextId) frames.push({ offset, bytes: 0, first: nextId, last: before - 1, source: '', time })
  index.nextId = Math.max(nextId, before)
}

/** The file is finished, and the next one begins with the id `before`. */
export function closeTailIndex(index: TailIndex, before: number): void {
  noteMissing(index, before, index.scannedBytes, index.frames.at(-1)?.time ?? 0)
}

type FirstOf = number | { from: number } | 'array'

/** The first value of a column, where the header says it. */
function firstOf(column: FirstOf): number | undefined {
  return typeof column === 'number' ? column : column === 'array' ? undefined : column.from
}

function forget(index: TailIndex): void {
  Object.assign(index, openTailIndex(index.path))
}

/** About `pageBytes` of frames that hold ids in the range, from its newest or oldest end; decoded where the source may match. */
export function readTailPage(
  disk: Disk,
  index: TailIndex,
  range: { after: number; before: number },
  newestFirst: boolean,
  pageBytes: number,
  mayMatch: (source: string) => boolean,
): TailPage | undefined {
  const page = tryToReadPage(disk, index, range, newestFirst, pageBytes, mayMatch)
  if (page !== 'changed') return page
  forget(index)
  growTailIndex(disk, index, () => undefined)
  const again = tryToReadPage(disk, index, range, newestFirst, pageBytes, mayMatch)
  return again === 'changed' ? undefined : again
}

function tryToReadPage(
  disk: Disk,
  index: TailIndex,
  range: { after: number; before: number },
  newestFirst: boolean,
  pageBytes: number,
  mayMatch: (source: string) => boolean,
): TailPage | 'changed' | undefined {
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
  const newest = frames[to - 1]!
  const fd = disk.open(index.path, 'r')
  try {
    const window = readFrom(disk, fd, start, newest.offset + newest.bytes - start)
    const wanted = new Map<string, boolean>()
    const batches: RecordBatch[] = []
    for (const { offset, bytes: length, source, first, last, time } of frames.slice(from, to)) {
      if (length === 0) {
        const file = basename(index.path)
        batches.push(damageGap({ id: last, first, last, lines: last - first + 1, time, file }))
        continue
      }
      if (!wanted.has(source)) wanted.set(source, mayMatch(source))
      if (!wanted.get(source)) continue
      const frame = window.subarray(offset - start, offset - start + length)
      // Damaged since it was indexed, or not what was indexed.
      if (frame.length < length) return 'changed'
      const payload = framePayload(frame)
      if (frameBytes(payload.length) !== length || !checkFrame(frame, payload)) return 'changed'
      const batch = decodeBatch(payload)
      if (batch.id[0] !== first || batch.id[batch.count - 1] !== last) return 'changed'
      batches.push(batch)
    }
    return { first: frames[from]!.first, last: newest.last, batches }
  } finally {
    disk.close(fd)
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
