// The file of a logger: one write a record, so that what was logged is there after `kill -9`; rotated by size; opened again when others moved or removed it.
// Trouble is told once and counted; what is missing stands in the file as a gap when it can be written again (A9).
import { healed, reasonOf, tell } from '../tell.ts'
import { appendGap, appendWithRoom, type Room } from './append-with-room.ts'
import { openAppendedFile, type AppendedFile } from './appended-file.ts'
import { openClaimedPlace, type ClaimedPlace, type ClaimedPlaceOptions } from './claimed-place.ts'
import { openFileWatch } from './file-watch.ts'
import { createLineEncoder } from './line-encoder.ts'

export interface LogFileOptions extends ClaimedPlaceOptions {
  maxBytes: number
  /** A line of this file that tells what has happened to it, with line feed. */
  eventLine(message: string): string
}

export interface LogFile {
  /** Absolute; undefined until the directory can be written. */
  path(): string | undefined
  /** Length after the last record. */
  length(): number
  /** Returns the bytes that are in the file now: 0 when the line is not. */
  write(line: string, time: number): number
  /** Lines that are not in the file and of which no gap tells yet. */
  missing(): number
  settled(): Promise<void>
  /** At exit: the next process may have the file; lines are written still. */
  release(): void
  close(): void
}

/** After trouble, between two attempts. */
const retryMs = 1000

export function openLogFile(options: LogFileOptions): LogFile {
  const { maxBytes } = options
  const place = openClaimedPlace(options)
  const { trouble, failed } = troubleOf(place)
  const file = openAppendedFile()
  const { gapLine, eventLine } = options
  const append = (lines: Uint8Array): void => appendWithRoom(file, room!, lines, lines.length)
  const watch = openFileWatch({ file, gapLine, eventLine, append })
  const encoder = createLineEncoder()
  let room: Room | undefined
  let isReleased = false
  let failedAt = Number.NEGATIVE_INFINITY
  /** Beyond `maxBytes` only after the file could not be moved. */
  let limit = maxBytes
  let missing = 0
  let isClosed = false

  function open(time: number): void {
    room = place.claim()
    file.open(room.path)
    watch.begin(room.path, time)
  }

  function tellMissing(): void {
    appendGap(file, room!, `${missing} line${missing === 1 ? '' : 's'} missing: the file could not be written`)
    missing = 0
    healed(trouble)
  }

  /** Without a line that would do it. */
  function lookNow(): void {
    if (!file.isOpen()) return
    attempt(() => {
      watch.look(Date.now(), true)
      // A directory that was removed with all that was in it does not come back for nothing.
      if (watch.isWaiting()) open(Date.now())
    }, failed)
  }

  /** True when the file can be written. */
  function isReady(time: number): boolean {
    if (file.isOpen()) {
      if (!watch.isDue(time) && !isReleased) return true
      watch.look(time)
      if (file.isOpen()) return true
    } else if (isClosed || Math.abs(time - failedAt) < retryMs) return false
    open(time)
    return true
  }

  function rotate(time: number): void {
    watch.look(time, true)
    if (file.isOpen()) limit = rotateFile(file, room!, maxBytes, trouble)
    open(time)
  }

  function write(line: string, time: number): number {
    try {
      if (!isReady(time)) return lost()
      const size = encoder.encode(line)
      if (file.length() > 0 && file.length() + size > limit) rotate(time)
      if (missing > 0) tellMissing()
      appendWithRoom(file, room!, encoder.bytes(), size)
      watch.soon(lookNow)
      return size
    } catch (error) {
      failedAt = time
      file.shut()
      failed(error)
      return lost()
    }
  }

  function release(): void {
    lookNow()
    isReleased = true
    place.release()
  }

  function lost(): number {
    missing++
    return 0
  }

  attempt(() => open(Date.now()), failed)
  return {
    path: place.path,
    length: file.length,
    missing: () => missing,
    write,
    settled: place.settled,
    release,
    close() {
      release()
      isClosed = true
      file.shut()
    },
  }
}

/** Shuts the file and moves it away. Gives the length at which the next is moved. */
function rotateFile(file: AppendedFile, { path, rotated }: Room, maxBytes: number, trouble: string): number {
  file.shut()
  try {
    rotated.add()
    healed(`rotate ${trouble}`)
    return maxBytes
  } catch (error) {
    tell(`rotate ${trouble}`, `Cannot rotate ${path} (${reasonOf(error)}); going on in it`)
    return file.length() + maxBytes
  }
}

function troubleOf({ path, wanted }: ClaimedPlace): { trouble: string; failed(error: unknown): void } {
  const trouble = `file ${wanted}`
  return {
    trouble,
    failed: (error) => tell(trouble, `Cannot write ${path() ?? wanted} (${reasonOf(error)}); ${hintFor(error)}`),
  }
}

function attempt(action: () => void, failed: (error: unknown) => void): void {
  try {
    action()
  } catch (error) {
    failed(error)
  }
}

function hintFor(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
      return 'free some space; logging goes on without the file until then'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'give another directory with logDir, or file: false; logging goes on without the file'
    default:
      return 'logging goes on without the file and tries again'
  }
}
