// The file of a logger: one write a record, so that what was logged is there after `kill -9`; rotated by size; opened again when others moved it.
// Trouble is told once and counted; what is missing stands in the file as a gap when it can be written again (A9).
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { healed, reasonOf, tell } from '../tell.ts'
import { appendGap, appendWithRoom, type Room } from './append-with-room.ts'
import { openAppendedFile } from './appended-file.ts'
import { claimFile, type Claim } from './claim.ts'
import { createLineEncoder } from './line-encoder.ts'
import { openRotatedFiles } from './rotated-files.ts'

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
  /** At exit: the next process may have the file; lines are written still. */
  release(): void
  close(): void
}

/** Between two looks whether the file is still the one of its name. */
const lookMs = 1000
/** After trouble, between two attempts. */
const retryMs = 1000

export function openLogFile(options: LogFileOptions): LogFile {
  const { directory, base, maxBytes } = options
  const wanted = path.join(directory, `${base}.log`)
  const trouble = `file ${wanted}`
  const file = openAppendedFile()
  const encoder = createLineEncoder()
  let claim: Claim | undefined
  let room: Room | undefined
  let lookedAt = 0
  let triedAt = Number.NEGATIVE_INFINITY
  /** Beyond `maxBytes` only after the file could not be moved. */
  let limit = maxBytes
  let missing = 0
  let isClosed = false

  function open(time: number): void {
    triedAt = lookedAt = time
    mkdirSync(directory, { recursive: true })
    if (!claim || !room) {
      claim = claimFile(directory, base)
      tellOtherWriter(claim, wanted)
      room = { ...options, path: claim.file, rotated: openRotatedFiles({ ...options, file: claim.file }) }
    }
    file.open(claim.file)
  }

  function failed(error: unknown): void {
    tell(trouble, `Cannot write ${claim?.file ?? wanted} (${reasonOf(error)}); ${hintFor(error)}`)
  }

  /** True when the file can be written. */
  function isReady(time: number): boolean {
    if (file.isOpen()) {
      if (Math.abs(time - lookedAt) < lookMs) return true
      lookedAt = time
      if (file.isCurrent()) return true
      file.shut()
    } else if (isClosed || Math.abs(time - triedAt) < retryMs) return false
    open(time)
    return true
  }

  function rotate(time: number): void {
    file.shut()
    try {
      room!.rotated.add()
      limit = maxBytes
      healed(`rotate ${trouble}`)
    } catch (error) {
      limit = file.length() + maxBytes
      tell(`rotate ${trouble}`, `Cannot rotate ${claim!.file} (${reasonOf(error)}); going on in it`)
    }
    open(time)
  }

  function tellMissing(): void {
    appendGap(file, room!, `${missing} line${missing === 1 ? '' : 's'} missing: the file could not be written`)
    missing = 0
    healed(trouble)
  }

  function write(line: string, time: number): number {
    try {
      if (!isReady(time)) {
        missing++
        return 0
      }
      const size = encoder.encode(line)
      if (file.length() > 0 && file.length() + size > limit) rotate(time)
      if (missing > 0) tellMissing()
      appendWithRoom(file, room!, encoder.bytes(), size)
      return size
    } catch (error) {
      missing++
      file.shut()
      failed(error)
      return 0
    }
  }

  attempt(() => open(Date.now()), failed)
  return {
    path: () => claim?.file,
    length: file.length,
    missing: () => missing,
    write,
    settled: async () => room?.rotated.settled(),
    release: () => claim?.release(),
    close() {
      isClosed = true
      file.shut()
      claim?.release()
      claim = undefined
    },
  }
}

function attempt(action: () => void, failed: (error: unknown) => void): void {
  try {
    action()
  } catch (error) {
    failed(error)
  }
}

function tellOtherWriter({ file, number }: Claim, wanted: string): void {
  if (number === 1) return
  const text = `${wanted} is written by another process; this one (pid ${process.pid}) writes ${file}`
  tell(`claim ${file}`, text)
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
