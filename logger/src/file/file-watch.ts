// When a log file is looked at, which others may remove, rename or truncate at any moment, and what is saved of it then.
import path from 'node:path'
import { reasonOf } from '../tell.ts'
import type { AppendedFile } from './appended-file.ts'

export interface FileWatchOptions {
  file: AppendedFile
  /** Lines with line feed. */
  gapLine(message: string): string
  eventLine(message: string): string
  /** Writes into the file, which is open. */
  append(lines: Uint8Array): void
}

export interface FileWatch {
  /** The file was opened under this name. Lines that another had taken along are its first. */
  begin(name: string, time: number): void
  /** Lines wait for a file to be opened. */
  isWaiting(): boolean
  isDue(time: number): boolean
  /** Shuts a file that is no more the one of its name. */
  look(time: number, isThorough?: boolean): void
  /** Calls `action` soon after a line, where no other line follows that would look. */
  soon(action: () => void): void
}

/** Between two looks whether the file was removed; a look costs two thirds of a write. */
const lookMs = 20
/** Between two looks whether the file is still the one of its name, which cost twice as much. */
const lookAtNameMs = 1000

export function openFileWatch({ file, gapLine, eventLine, append }: FileWatchOptions): FileWatch {
  let name = ''
  let lookedAt = 0
  let lookedAtNameAt = 0
  let timer: NodeJS.Timeout | undefined
  /** Lines that a removed file had taken along, with the line that tells of it. */
  let waiting: Uint8Array | undefined

  /** Of a removed file: what it was given after the last look, and which nobody can have read. */
  function rescue(): Uint8Array | undefined {
    try {
      const lines = file.unseen()
      if (lines.length === 0) return undefined
      return Buffer.concat([
        Buffer.from(eventLine(`${name} was removed by others; what was logged since follows`)),
        lines,
      ])
    } catch (error) {
      const reason = `${name} was removed by others, and its end cannot be read (${reasonOf(error)})`
      return Buffer.from(gapLine(`an unknown number of lines may be missing: ${reason}`))
    }
  }

  return {
    begin(opened, time) {
      name = path.basename(opened)
      lookedAt = lookedAtNameAt = time
      if (waiting === undefined) return
      append(waiting)
      waiting = undefined
    },
    isWaiting: () => waiting !== undefined,
    soon(action) {
      if (timer !== undefined) return
      timer = setTimeout(() => {
        timer = undefined
        action()
      }, lookMs)
      // Clocks of tests give timers without it.
      timer.unref?.()
    },
    isDue: (time) => Math.abs(time - lookedAt) >= lookMs,
    look(time, isThorough = Math.abs(time - lookedAtNameAt) >= lookAtNameMs) {
      lookedAt = time
      if (isThorough) lookedAtNameAt = time
      const fate = isThorough ? file.lookAtName() : file.look()
      if (fate === 'current') return
      if (fate === 'truncated') {
        const reason = 'the file was truncated by others'
        return append(Buffer.from(gapLine(`an unknown number of lines may be missing: ${reason}`)))
      }
      if (fate === 'removed') waiting = rescue()
      file.shut()
    },
  }
}
