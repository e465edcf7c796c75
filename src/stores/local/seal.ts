// Turns one tail file into blocks of a day file. Safe to interrupt anywhere and to repeat: a group of blocks counts only
// when it is whole, and an id range that is already sealed is not sealed again.
import { join } from 'node:path'
import type { RecordBatch } from '../../batch.ts'
import type { Disk } from '../../disk.ts'
import { decodeBatch } from '../../wire/batch-codec.ts'
import { frameBytes, framePayload } from '../../wire/frame.ts'
import { encodeBlock, maxBlockRecords, type SealGroup } from './block.ts'
import { readDay } from './day-file.ts'
import { dayFile, parseDayFile } from './names.ts'
import { readPayload } from './read-block.ts'
import { readFrom } from './read-file.ts'
import { diskError, readTailHeaders } from './tail-file.ts'

/** Seals the tail at `path` and removes it. `spent` is told what each block has left behind. */
export function sealTail(disk: Disk, directory: string, path: string, spent: (bytes: number) => void = () => {}): void {
  const frames: FrameOf[] = []
  let day = ''
  readTailHeaders(
    disk,
    path,
    ({ source, count, rest }, { offset, bytes }) => {
      day ||= rest?.day ?? ''
      if (count > 0) frames.push({ source, count, offset, bytes })
    },
    { closed: true },
  )
  if (frames.length > 0) {
    const fd = disk.open(path, 'r')
    try {
      const first = readBatch(disk, fd, frames[0]!).id[0]!
      const newest = readBatch(disk, fd, frames.at(-1)!)
      const last = newest.id[newest.count - 1]!
      const target = dayFile(directory, day)
      if (!isSealed(disk, target, { first, last })) {
        appendBlocks(disk, target, first, blocksOf(disk, fd, frames, { first, last }, spent))
        disk.syncDirectory(directory)
      }
    } finally {
      disk.close(fd)
    }
  }
  disk.unlink(path)
  disk.syncDirectory(directory)
}

interface FrameOf {
  source: string
  count: number
  offset: number
  bytes: number
}

function readBatch(disk: Disk, fd: number, { offset, bytes }: FrameOf): RecordBatch {
  return decodeBatch(framePayload(readFrom(disk, fd, offset, bytes)))
}

/** The highest id that lies in whole groups of blocks: of any day, since clocks may be set back. */
export function sealedThrough(disk: Disk, directory: string): number {
  return disk
    .readdir(directory)
    .filter((name) => parseDayFile(name))
    .map((name) => readDay(disk, join(directory, name)).groups.at(-1)?.last ?? 0)
    .reduce((highest, last) => Math.max(highest, last), 0)
}

/** Only with every byte of it: blocks are synced when all are written, and power may fail before. */
function isSealed(disk: Disk, path: string, { first, last }: { first: number; last: number }): boolean {
  if (!disk.exists(path)) return false
  const group = readDay(disk, path).groups.find((each) => each.first <= first && each.last >= last)
  if (group?.blocks.length !== group?.blocks[0]!.header.group.parts) return false
  return group?.blocks.every((block) => readPayload(disk, path, block) !== undefined) ?? false
}

/** One block after the other, so that only one is in memory at a time. */
function* blocksOf(
  disk: Disk,
  fd: number,
  frames: FrameOf[],
  range: { first: number; last: number },
  spent: (bytes: number) => void,
): Generator<Uint8Array> {
  const pieces: FrameOf[][] = []
  for (const ofSource of Map.groupBy(frames, ({ source }) => source).values()) {
    let piece: FrameOf[] = []
    let count = 0
    for (const frame of ofSource) {
      if (count + frame.count > maxBlockRecords && count > 0) {
        pieces.push(piece)
        piece = []
        count = 0
      }
      piece.push(frame)
      count += frame.count
    }
    pieces.push(piece)
  }
  for (const [part, piece] of pieces.entries()) {
    yield encodePiece(disk, fd, piece, { ...range, part, parts: pieces.length })
    spent(piece.reduce((sum, { bytes }) => sum + bytes, 0) * garbagePerByte)
  }
}

/** A function of its own, so that the batches are let go when it is left. */
function encodePiece(disk: Disk, fd: number, piece: FrameOf[], group: SealGroup): Uint8Array {
  return encodeBlock(
    piece.map((frame) => readBatch(disk, fd, frame)),
    group,
  )
}

/** Buffers left behind for each byte of a frame: the frame itself, gathered text, columns and their compressed forms. */
const garbagePerByte = 3

/** `first`: the first id in them; blocks of it or later ones are of a seal that was interrupted. */
function appendBlocks(disk: Disk, path: string, first: number, blocks: Iterable<Uint8Array>): void {
  const fd = disk.open(path, 'a', 0o600)
  try {
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
