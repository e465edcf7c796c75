// Turns one tail file into blocks of a day file. Safe to interrupt anywhere and to repeat: a group of blocks counts only
// when it is whole, and an id range that is already sealed is not sealed again.
import { basename, join } from 'node:path'
import type { RecordBatch } from '../../../contracts/batch.ts'
import type { Disk } from '../../../system/disk.ts'
import { decodeBatch } from '../../../wire/batch-codec.ts'
import { frameBytes, framePayload } from '../../../wire/frame.ts'
import { apartByTime } from './apart-by-time.ts'
import { provenBlock } from '../check/prove-block.ts'
import { maxBlockRecords } from '../block/encode-block.ts'
import { readDay } from '../day/day-file.ts'
import { dayFile, dayOf, newestDayFiles, parseDayFile, parseTailFile } from '../names.ts'
import { readFrom } from '../frames/read-file.ts'
import { nextGeneration } from '../removals.ts'
import { setAside } from '../frames/set-aside.ts'
import { diskError, readTailHeaders } from '../tail/tail-file.ts'

/** Seals the tail at `path` and removes it. `spent` is told what each block has left behind. */
export function sealTail(disk: Disk, directory: string, path: string, spent: (bytes: number) => void = () => {}): void {
  const frames: FrameOf[] = []
  let day: string | undefined
  let end = 0
  const { damage } = readTailHeaders(
    disk,
    path,
    ({ source, count, rest }, { offset, bytes }) => {
      day ??= rest?.day
      end = offset + bytes
      if (count > 0) frames.push({ source, count, offset, bytes })
    },
    { closed: true },
  )
  const rest = disk.stat(path).size - end
  for (const each of [...damage, ...(rest > 0 ? [{ offset: end, bytes: rest }] : [])])
    setAside(disk, directory, path, each)
  if (frames.length > 0) {
    const fd = disk.open(path, 'r')
    try {
      const range = rangeOf(disk, directory, path, readBatch(disk, fd, frames.at(-1)!))
      // The frame that says it may be one that is damaged.
      day ??= dayOf(readBatch(disk, fd, frames[0]!).observed[0]!)
      const target = fileOfDay(disk, directory, day)
      if (!isSealed(disk, target, range)) {
        appendBlocks(disk, target, range.first, blocksOf(disk, fd, frames, range, spent))
        disk.syncDirectory(directory)
      }
    } finally {
      disk.close(fd)
    }
  }
  disk.unlink(path)
  disk.syncDirectory(directory)
}

/** The newest there is, else one that no reader can mistake for one that was there before. */
function fileOfDay(disk: Disk, directory: string, day: string): string {
  const newest = newestDayFiles(disk.readdir(directory)).find((each) => each.day === day)
  return dayFile(directory, newest ?? { day, generation: nextGeneration(disk, directory, day) })
}

interface FrameOf {
  source: string
  count: number
  offset: number
  bytes: number
}

/** All ids that the tail had, also where it is damaged: files are named after their first. */
function rangeOf(disk: Disk, directory: string, path: string, newest: RecordBatch): { first: number; last: number } {
  const firsts = disk
    .readdir(directory)
    .map(parseTailFile)
    .filter((first) => first !== undefined)
  const first = parseTailFile(basename(path))!
  const next = Math.min(...firsts.filter((each) => each > first))
  return { first, last: next < Infinity ? next - 1 : newest.id[newest.count - 1]! }
}

function readBatch(disk: Disk, fd: number, { offset, bytes }: FrameOf): RecordBatch {
  return decodeBatch(framePayload(readFrom(disk, fd, offset, bytes)))
}

/** The highest id that lies in blocks: of any day, since clocks may be set back. */
export function sealedThrough(disk: Disk, directory: string): number {
  return disk
    .readdir(directory)
    .filter((name) => parseDayFile(name))
    .map((name) => readDay(disk, join(directory, name)).groups.at(-1)?.last ?? 0)
    .reduce((highest, last) => Math.max(highest, last), 0)
}

/**
 * True when other blocks follow, or others have been merged with them, which is done only once these are certain to be there.
 * The last ones of a file may be in memory only: their writer was killed before they were synced, or the disk failed to.
 * They are written again.
 */
function isSealed(disk: Disk, path: string, { first, last }: { first: number; last: number }): boolean {
  if (!disk.exists(path)) return false
  return readDay(disk, path).groups.some(
    (group, index, { length }) =>
      group.first <= first && group.last >= last && (index < length - 1 || group.first < first || group.last > last),
  )
}

/** Blocks one after the other, so that only one is in memory at a time. */
function* blocksOf(
  disk: Disk,
  fd: number,
  frames: FrameOf[],
  range: { first: number; last: number },
  spent: (bytes: number) => void,
): Generator<Uint8Array> {
  const pieces = [...Map.groupBy(frames, ({ source }) => source).values()].flatMap(inPieces)
  let part = 0
  for (const [index, piece] of pieces.entries()) {
    const { near, far } = apartByTime(piece.map((frame) => readBatch(disk, fd, frame)))
    const blocks = [near, far].filter((each) => each.length > 0)
    for (const [at, batches] of blocks.entries()) {
      const isLast = index === pieces.length - 1 && at === blocks.length - 1
      yield provenBlock(batches, { ...range, part, ...(isLast ? { parts: part + 1 } : {}) })
      part++
    }
    spent(piece.reduce((sum, { bytes }) => sum + bytes, 0) * garbagePerByte)
  }
}

/** Frames of one source, as many together as a block may have. */
function inPieces(frames: FrameOf[]): FrameOf[][] {
  const pieces: FrameOf[][] = []
  let count = 0
  let bytes = 0
  for (const frame of frames) {
    count += frame.count
    bytes += frame.bytes
    if (pieces.length === 0 || count > maxBlockRecords || bytes > maxBlockBytes) {
      pieces.push([])
      count = frame.count
      bytes = frame.bytes
    }
    pieces.at(-1)!.push(frame)
  }
  return pieces
}

/** Buffers left behind for each byte of a frame: the frame itself, gathered text, columns and their compressed forms. */
const garbagePerByte = 6

/** Bytes of the frames that become one block. */
export const maxBlockBytes: number = 12 * 1024 * 1024

/** `first`: the first id in them; blocks of it or later ones are of a seal that was interrupted. */
function appendBlocks(disk: Disk, path: string, first: number, blocks: Iterable<Uint8Array>): void {
  const fd = disk.open(path, 'a', 0o600)
  try {
    // Also behind a group whose end is damaged.
    const newest = readDay(disk, path)
      .groups.findLast(({ last }) => last < first)
      ?.blocks.at(-1)
    const wholeBytes = newest ? newest.offset + frameBytes(newest.payloadBytes) : 0
    disk.ftruncate(fd, wholeBytes)
    try {
      for (const block of blocks) for (let at = 0; at < block.length;) at += disk.write(fd, block, at)
      disk.fdatasync(fd)
    } catch (cause) {
      disk.ftruncate(fd, wholeBytes)
      throw diskError(cause)
    }
  } finally {
    disk.close(fd)
  }
}
