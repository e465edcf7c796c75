// The file that commits go to: frames appended and synced, cut back to the last whole commit when it is opened.
import { dirname } from 'node:path'
import type { Disk } from '../../disk.ts'
import { LogboomError } from '../../errors.ts'
import type { CursorValue } from '../../store.ts'
import { decodeBatchHeader, type BatchHeader } from '../../wire/batch-codec.ts'
import type { Damage, FrameAt } from './scan-frames.ts'
import { walkFrames } from './walk-frames.ts'

/** What a commit writes beside its batches. A commit of several frames marks all but its last with `more`. */
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

/**
 * Visits the headers of all committed frames and tells where the last commit ends. Frames of a commit that is not whole
 * were never acknowledged and are not visited; unless something follows them, or `closed` says that the file was
 * finished: then they were, and what is missing is damage.
 */
export function readTailHeaders(
  disk: Disk,
  path: string,
  visit: (header: TailHeader, frame: FrameAt) => void,
  { closed = false }: { closed?: boolean } = {},
): { committedBytes: number; damage: Damage[] } {
  let committedBytes = 0
  let open: [TailHeader, FrameAt][] = []
  let torn: [TailHeader, FrameAt][] = []
  const { damage } = walkFrames(disk, path, 0, (frame) => {
    const header = decodeBatchHeader<CommitNote>(frame.payload)
    open.push([header, { ...frame, payload: new Uint8Array(0) }])
    if (header.rest?.more) return
    for (const each of torn) visit(...each)
    torn = []
    if (isWhole(open)) {
      for (const each of open) visit(...each)
      committedBytes = frame.offset + frame.bytes
    } else torn = open
    open = []
  })
  if (closed) for (const each of torn) visit(...each)
  return { committedBytes, damage }
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

/** Opens for appending after `committedBytes`; what lies behind was never acknowledged and is cut off. */
export function openTailFile(disk: Disk, path: string, committedBytes: number): TailFile {
  const fd = disk.open(path, 'a', 0o600)
  let size = committedBytes
  /** Something that is not committed may stand behind `size`. */
  let untidy = disk.fstat(fd).size !== size
  disk.syncDirectory(dirname(path))

  function tidy(): void {
    if (untidy) disk.ftruncate(fd, size)
    untidy = false
  }

  return {
    path,
    size: () => size,
    append(frames) {
      const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
      try {
        tidy()
        untidy = true
        // A regular file takes all or fails for want of space, in which case a part may be written.
        const written = disk.writev(fd, frames)
        if (written !== bytes) throw Object.assign(new Error('short write'), { code: 'ENOSPC' })
        disk.fdatasync(fd)
        size += bytes
        untidy = false
      } catch (cause) {
        try {
          tidy()
        } catch {
          // A disk that takes nothing may refuse this, too; then the next append does it first.
        }
        throw diskError(cause)
      }
    },
    close: () => disk.close(fd),
  }
}

export function diskError(cause: unknown): LogboomError {
  const code = (cause as NodeJS.ErrnoException).code
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new LogboomError('disk-full', 'The disk that holds the store is full', { cause })
    : new LogboomError('store-unwritable', `The store cannot be written: ${(cause as Error).message}`, { cause })
}
