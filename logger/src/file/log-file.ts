// The file of a logger: one write a record, so that what was logged is there after `kill -9`; rotated by size; opened again when others moved it.
// Trouble is told once and counted; what is missing stands in the file as a gap when it can be written again (A9).
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, statSync } from 'node:fs'
import path from 'node:path'
import { givenUpGap } from '../../../src/text/gaps.ts'
import { healed, reasonOf, tell } from '../tell.ts'
import { claimFile, type Claim } from './claim.ts'
import { openRotatedFiles, type RotatedFiles } from './rotated-files.ts'
import { writeFully } from './write-fully.ts'

export interface LogFileOptions {
  directory: string
  /** Name of the file without `.log`. */
  base: string
  maxBytes: number
  keep: number
  compress: false | 'gzip' | 'zstd'
  archiveDir: string
  /** A gap as a line of this file, with line feed. */
  gapLine(message: string): string
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
  close(): void
}

/** Between two looks whether the file is still the one of its name. */
const lookMs = 1000
/** After trouble, between two attempts. */
const retryMs = 1000

export function openLogFile(options: LogFileOptions): LogFile {
  const { directory, base, maxBytes } = options
  const trouble = `file ${path.join(directory, base)}`
  let claim: Claim | undefined
  let rotated: RotatedFiles | undefined
  let descriptor = -1
  let inode = 0
  let length = 0
  let lookedAt = 0
  let triedAt = Number.NEGATIVE_INFINITY
  /** Beyond `maxBytes` only after the file could not be moved. */
  let limit = maxBytes
  let missing = 0
  let isClosed = false

  function prepare(): Claim {
    const made = claimFile(directory, base)
    if (made.number > 1)
      tell(
        `claim ${made.file}`,
        `${path.join(directory, base)}.log is written by another process; this one (pid ${process.pid}) writes ${made.file}`,
      )
    rotated = openRotatedFiles({ ...options, file: made.file })
    return made
  }

  function open(time: number): void {
    triedAt = lookedAt = time
    mkdirSync(directory, { recursive: true })
    claim ??= prepare()
    descriptor = openSync(claim.file, 'a')
    const stat = fstatSync(descriptor)
    inode = stat.ino
    length = stat.size
  }

  function shut(): void {
    if (descriptor < 0) return
    try {
      closeSync(descriptor)
    } catch {
      // Nothing is buffered: every write has ended.
    }
    descriptor = -1
  }

  function failed(error: unknown): void {
    tell(
      trouble,
      `Cannot write ${claim?.file ?? path.join(directory, `${base}.log`)} (${reasonOf(error)}); ${hintFor(error)}`,
    )
  }

  /** True when the file can be written. */
  function isReady(time: number): boolean {
    if (descriptor >= 0) {
      if (Math.abs(time - lookedAt) < lookMs) return true
      lookedAt = time
      const stat = statSync(claim!.file, { throwIfNoEntry: false })
      if (stat?.ino === inode) {
        // Truncated by others: the next line stands at the new end.
        length = stat.size
        return true
      }
      shut()
    } else if (isClosed || Math.abs(time - triedAt) < retryMs) return false
    open(time)
    return true
  }

  function rotate(time: number): void {
    shut()
    try {
      rotated!.add()
      limit = maxBytes
      healed(`rotate ${trouble}`)
    } catch (error) {
      limit = length + maxBytes
      tell(`rotate ${trouble}`, `Cannot rotate ${claim!.file} (${reasonOf(error)}); going on in it`)
    }
    open(time)
  }

  /** Makes room on a full disk; false when there is nothing left to give up. */
  function makeRoom(): boolean {
    const given = rotated!.dropOldest() ?? { name: path.basename(claim!.file), bytes: length }
    if (given.bytes === 0) return false
    if (given.name === path.basename(claim!.file)) {
      ftruncateSync(descriptor, 0)
      length = 0
    }
    tell(`full ${trouble}`, `The disk is full: ${given.name} was given up for the newest lines`)
    return append(options.gapLine(givenUpGap(given.name, given.bytes).message)) > 0
  }

  /** A line is in the file whole, or not at all. */
  function append(line: string, bytes = Buffer.byteLength(line)): number {
    const { written, error } = writeFully(descriptor, line, bytes, 0)
    if (written === bytes) {
      length += bytes
      return bytes
    }
    if (written > 0) ftruncateSync(descriptor, length)
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOSPC' && makeRoom()) return append(line, bytes)
    throw error ?? new Error('the system took a part of the line only')
  }

  function tellMissing(): void {
    const lines = `${missing} line${missing === 1 ? '' : 's'}`
    append(options.gapLine(`${lines} missing: the file could not be written`))
    missing = 0
    healed(trouble)
  }

  try {
    open(Date.now())
  } catch (error) {
    failed(error)
  }
  return {
    path: () => claim?.file,
    length: () => length,
    missing: () => missing,
    write(line, time) {
      try {
        if (!isReady(time)) {
          missing++
          return 0
        }
        const bytes = Buffer.byteLength(line)
        if (length > 0 && length + bytes > limit) rotate(time)
        if (missing > 0) tellMissing()
        return append(line, bytes)
      } catch (error) {
        missing++
        shut()
        failed(error)
        return 0
      }
    },
    async settled() {
      await rotated?.settled()
    },
    close() {
      isClosed = true
      shut()
      claim?.release()
      claim = undefined
    },
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
