// The file that commits go to: frames appended and synced, cut back to the last whole commit when it is opened.
import { closeSync, fdatasyncSync, fsyncSync, fstatSync, ftruncateSync, openSync, readSync, writevSync } from 'node:fs'
import { dirname } from 'node:path'
import { LogboomError } from '../../errors.ts'
import type { CursorValue } from '../../store.ts'
import { decodeBatchHeader, type BatchHeader } from '../../wire/batch-codec.ts'
import { scanFrames, type Damage } from './scan-frames.ts'

/** What a commit writes beside its batches. A commit of several frames marks all but its last with `more`. */
export interface CommitNote {
  more?: true
  /** Last sequence of the batch in this frame. */
  sequence?: number
  /** The store's head after this commit. */
  head?: number
  /** Cursors advanced (or, as null, forgotten) by this commit. */
  cursors?: Record<string, CursorValue | null>
  /** In the first frame of a file: all that the files before it said that still matters. */
  carried?: { cursors: Record<string, CursorValue>; sequences: [source: string, run: number, sequence: number][] }
  /** In the first frame of a file: the UTC day that its records were captured on. */
  day?: string
}

export type TailHeader = BatchHeader<CommitNote>

export interface TailFile {
  path: string
  size(): number
  /** Appends and syncs, all or nothing. */
  append(frames: Uint8Array[]): void
  close(): void
}

/** Reads a whole tail file: the headers of its committed frames, and what is damaged. */
export function readTailHeaders(path: string): { headers: TailHeader[]; committedBytes: number; damage: Damage[] } {
  const bytes = readWhole(path)
  const { frames, damage } = scanFrames(bytes)
  const headers = frames.map((frame) => decodeBatchHeader<CommitNote>(frame.payload))
  while (headers.at(-1)?.rest?.more) {
    headers.pop()
    frames.pop()
  }
  const last = frames.at(-1)
  return { headers, damage, committedBytes: last ? last.offset + last.bytes : 0 }
}

export function readWhole(path: string): Buffer {
  const fd = openSync(path, 'r')
  try {
    return readFrom(fd, 0, fstatSync(fd).size)
  } finally {
    closeSync(fd)
  }
}

export function readFrom(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length)
  let got = 0
  while (got < length) {
    const count = readSync(fd, bytes, got, length - got, position + got)
    if (count === 0) break
    got += count
  }
  return bytes.subarray(0, got)
}

/** Opens for appending after `committedBytes`; what lies behind was never acknowledged and is cut off. */
export function openTailFile(path: string, committedBytes: number): TailFile {
  const fd = openSync(path, 'a', 0o600)
  let size = committedBytes
  if (fstatSync(fd).size !== size) ftruncateSync(fd, size)
  syncDirectory(dirname(path))
  return {
    path,
    size: () => size,
    append(frames) {
      const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
      try {
        // A regular file takes all or fails for want of space, in which case a part may be written.
        const written = writevSync(fd, frames)
        if (written !== bytes) throw Object.assign(new Error('short write'), { code: 'ENOSPC' })
        fdatasyncSync(fd)
        size += bytes
      } catch (cause) {
        ftruncateSync(fd, size)
        throw diskError(cause)
      }
    },
    close: () => closeSync(fd),
  }
}

/** New and removed names of a directory are lost with the power unless it is synced too. */
export function syncDirectory(directory: string): void {
  const fd = openSync(directory, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

export function diskError(cause: unknown): LogboomError {
  const code = (cause as NodeJS.ErrnoException).code
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new LogboomError('disk-full', 'The disk that holds the store is full', { cause })
    : new LogboomError('store-unwritable', `The store cannot be written: ${(cause as Error).message}`, { cause })
}
