// Turns one tail file into blocks of a day file. Safe to interrupt anywhere and to repeat: a group of blocks counts only
// when it is whole, and an id range that is already sealed is not sealed again.
import { closeSync, fdatasyncSync, ftruncateSync, openSync, readdirSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordBatch } from '../../batch.ts'
import { decodeBatch, decodeBatchHeader } from '../../wire/batch-codec.ts'
import { encodeBlock, maxBlockRecords } from './block.ts'
import { readDay } from './day-file.ts'
import { dayFile, dayOf, parseDayFile } from './names.ts'
import { scanFrames } from './scan-frames.ts'
import { diskError, readTailHeaders, readWhole, syncDirectory, type CommitNote } from './tail-file.ts'

/** Seals the tail at `path` and removes it. */
export function sealTail(directory: string, path: string): void {
  const { headers, committedBytes } = readTailHeaders(path)
  const withRecords = headers.filter((header) => header.count > 0)
  if (withRecords.length > 0) {
    const batches = scanFrames(readWhole(path).subarray(0, committedBytes))
      .frames.map((frame) =>
        decodeBatchHeader<CommitNote>(frame.payload).count > 0 ? decodeBatch(frame.payload) : undefined,
      )
      .filter((batch) => batch !== undefined)
    const first = batches[0]!.id[0]!
    const last = batches.reduce((max, batch) => Math.max(max, batch.id[batch.count - 1]!), 0)
    if (sealedThrough(directory) < last) {
      appendBlocks(dayFile(directory, dayOf(batches[0]!.observed[0]!)), blocksOf(batches, first, last))
      syncDirectory(directory)
    }
  }
  unlinkSync(path)
  syncDirectory(directory)
}

/** The highest id that lies in whole groups of blocks. */
export function sealedThrough(directory: string): number {
  const days = readdirSync(directory)
    .filter((name) => parseDayFile(name))
    .sort()
  for (const name of days.reverse()) {
    const last = readDay(join(directory, name)).groups.at(-1)
    if (last) return last.last
  }
  return 0
}

function blocksOf(batches: RecordBatch[], first: number, last: number): Uint8Array[] {
  const bySource = Map.groupBy(batches, (batch) => batch.source)
  const pieces: RecordBatch[][] = []
  for (const ofSource of bySource.values()) {
    let piece: RecordBatch[] = []
    let count = 0
    for (const batch of ofSource) {
      if (count + batch.count > maxBlockRecords && count > 0) {
        pieces.push(piece)
        piece = []
        count = 0
      }
      piece.push(batch)
      count += batch.count
    }
    pieces.push(piece)
  }
  return pieces.map((piece, part) => encodeBlock(piece, { first, last, part, parts: pieces.length }))
}

function appendBlocks(path: string, blocks: Uint8Array[]): void {
  const fd = openSync(path, 'a', 0o600)
  try {
    const { wholeBytes } = readDay(path)
    ftruncateSync(fd, wholeBytes)
    try {
      for (const block of blocks) writeSync(fd, block)
      fdatasyncSync(fd)
    } catch (cause) {
      ftruncateSync(fd, wholeBytes)
      throw diskError(cause)
    }
  } finally {
    closeSync(fd)
  }
}
