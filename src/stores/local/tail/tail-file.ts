// The file that commits go to: frames appended and synced, cut back to the last whole commit when it is opened.
import { dirname } from 'node:path'
import type { Disk } from '../../../system/disk.ts'
import { LogboomError } from '../../../contracts/errors.ts'
import { beginFile, newFile } from '../../../system/new-file.ts'
import type { CursorValue } from '../../../contracts/store.ts'
import { decodeBatch, tryBatchHeader, type BatchHeader } from '../../../wire/batch-codec.ts'
import { dayOf } from '../names.ts'
import { readFrom } from '../frames/read-file.ts'
import type { Damage, FrameAt } from '../frames/scan-frames.ts'
import { walkFrames } from '../frames/walk-frames.ts'

/** The part of a commit beside its batches. A commit of several frames marks all but its last with `more`. */
export interface CommitNote {
  more?: true
  /** In the last frame of a commit of several: how many they are. */
  frames?: number
  /** Last sequence of the batch in this frame. */
  sequence?: number
  /** The store's head after this commit. */
  head?: number
  /** Cursors advanced (or, as null, forgotten) by this commit. */
  cursors?: Record<string, CursorValue | null>
  /** In the first frame of a file: all that the files before it said that still matters. */
  carried?: { cursors: Record<string, CursorValue>; sequences: [source: string, run: number, sequence: number][] }
  /** In the first commit with records of a file: the UTC day that all of them were captured on. */
  day?: string
}

export type TailHeader = BatchHeader<CommitNote>

export interface TailFile {
  path: string
  size(): number
  /** Appends and syncs, all or nothing. */
  append(frames: Uint8Array[]): void
  /** Sees to it that the disk has all of this file and nothing else, also after an append that failed. */
  settle(): void
  close(): void
}

export interface TailScan {
  committedBytes: number
  /** Offset of the last commit. */
  lastCommitAt: number
  /** Between frames. */
  damage: Damage[]
  /** End of the last frame. */
  frameEnd: number
  /** Of the file. */
  size: number
  /** Of its records; empty when there are none. */
  day: string
}

/**
 * Visits the headers of all committed frames and tells where the last commit lies. Frames of a commit that is not whole
 * were never acknowledged and are not visited; unless something follows them, or `closed` says that the file was
 * finished: then they were, and what is missing is damage.
 */
export function readTailHeaders(
  disk: Disk,
  path: string,
  visit: (header: TailHeader, frame: FrameAt) => void,
  { closed = false }: { closed?: boolean } = {},
): TailScan {
  let committedBytes = 0
  let lastCommitAt = 0
  let day = ''
  let committedDay = ''
  let open: [TailHeader, FrameAt][] = []
  let torn: [TailHeader, FrameAt][] = []
  const { damage, end, size } = walkFrames(disk, path, 0, (frame) => {
    const header = tryBatchHeader<CommitNote>(frame.payload)
    if (!header) return false
    // The commit that says it may be damaged.
    if (header.count > 0) day ||= header.rest?.day ?? dayOf(decodeBatch(frame.payload).observed[0]!)
    open.push([header, { ...frame, payload: new Uint8Array(0) }])
    if (header.rest?.more) return true
    for (const each of torn) visit(...each)
    torn = []
    if (isWhole(open)) {
      for (const each of open) visit(...each)
      committedBytes = frame.offset + frame.bytes
      lastCommitAt = open.at(-(header.rest?.frames ?? 1))![1].offset
      committedDay = day
    } else torn = open
    open = []
    return true
  })
  if (closed) for (const each of torn) visit(...each)
  return { committedBytes, lastCommitAt, damage, frameEnd: end, size, day: closed ? day : committedDay }
}

/** All frames of a commit stand behind each other; before the last one is synced, any of them may be missing. */
function isWhole(frames: [TailHeader, FrameAt][]): boolean {
  const count = frames.at(-1)![0].rest?.frames ?? 1
  const commit = frames.slice(-count).map(([, frame]) => frame)
  return (
    commit.length === count &&
    commit.every(({ offset, bytes }, i) => offset + bytes === (commit[i + 1]?.offset ?? offset + bytes))
  )
}

/**
 * Opens for appending behind what is committed. To settle it is to cut off what else there is, which was never acknowledged,
 * and to sync what lies before, which whoever was killed there may not have done.
 */
export function openTailFile(disk: Disk, path: string, { committedBytes, lastCommitAt }: Commits): TailFile {
  writeAgain(disk, path, lastCommitAt, committedBytes)
  return tailFileOf(disk, disk.open(path, 'a', 0o600), path, committedBytes)
}

export type Commits = Pick<TailScan, 'committedBytes' | 'lastCommitAt'>

/**
 * Puts the last commit where it is. The disk may have failed to take it just before its writer died; the system shows it all
 * the same, and holds it for written, so that no later sync tries again.
 */
function writeAgain(disk: Disk, path: string, from: number, to: number): void {
  const fd = disk.open(path, 'r+')
  try {
    const bytes = readFrom(disk, fd, from, to - from)
    for (let at = 0; at < bytes.length;) at += disk.pwrite(fd, bytes.subarray(at), from + at)
  } finally {
    disk.close(fd)
  }
}

/** A new file that begins with `frame`: there as a whole or, when this throws, not at all. */
export function beginTailFile(disk: Disk, path: string, frame: Uint8Array): TailFile {
  let fd: number | undefined
  try {
    fd = beginFile(disk, newFile(path))
    if (disk.write(fd, frame) < frame.length) throw shortWrite()
    disk.fsync(fd)
    // Last, so that nothing can fail any more once it bears its name.
    disk.rename(newFile(path), path)
  } catch (cause) {
    if (fd !== undefined) disk.close(fd)
    throw diskError(cause)
  }
  return tailFileOf(disk, fd, path, frame.length)
}

function tailFileOf(disk: Disk, fd: number, path: string, committedBytes: number): TailFile {
  let size = committedBytes
  /** The disk has exactly the commits. */
  let isSettled = false

  function settle(): void {
    if (isSettled) return
    try {
      disk.ftruncate(fd, size)
      disk.fsync(fd)
      disk.syncDirectory(dirname(path))
    } catch (cause) {
      throw diskError(cause)
    }
    isSettled = true
  }

  return {
    path,
    size: () => size,
    settle,
    append(frames) {
      const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
      settle()
      isSettled = false
      try {
        if (disk.writev(fd, frames) < bytes) throw shortWrite()
        disk.fdatasync(fd)
      } catch (cause) {
        try {
          settle()
        } catch {
          // A disk that takes nothing may refuse this, too; then the next append does it first.
        }
        throw diskError(cause)
      }
      size += bytes
      isSettled = true
    },
    close: () => disk.close(fd),
  }
}

/** A regular file takes all or fails for want of space, in which case a part may be written. */
const shortWrite = (): Error => Object.assign(new Error('short write'), { code: 'ENOSPC' })

/** The system said it, as opposed to this program. */
export function isOfDisk(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'errno' in cause
}

export function diskError(cause: unknown): LogboomError {
  const code = (cause as NodeJS.ErrnoException).code
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new LogboomError('disk-full', 'The disk that holds the store is full', { cause })
    : new LogboomError('store-unwritable', `The store cannot be written: ${(cause as Error).message}`, { cause })
}
