// A log file that is set aside when it is large or a new run begins. Removes nothing, so that it can be brought back to what a
// save remembers (file-state.ts). Its trouble it counts and tells; it never throws.
import { existsSync, statfsSync, statSync } from 'node:fs'
import { openAppendedFile } from './appended-file.ts'
import type { EntryLines } from './entry-lines.ts'
import { firstBeyond } from './entry-places.ts'
import { previousOf, type FileState, type Missing } from './file-state.ts'
import { logPath } from './log-names.ts'
import { openMissedEntries } from './missed-entries.ts'
import { fileKey, isDiskFull, reasonOf, type Trouble } from './trouble.ts'

export interface RotatingFileOptions {
  directory: string
  base: string
  rotateBytes: number
  trouble: Trouble
  /** Unix milliseconds. */
  now(): number
  /** Makes room on the disk; false when there is nothing left to give up. */
  reclaim(): boolean
  /** Entries are missing in the file, and it can be written again. */
  lost(missing: Missing): void
}

export interface RotatingFile {
  /** Sets the file aside as the previous one, or goes on in it, when the run is greater than the one before. */
  beginRun(run: number, append?: boolean): void
  append(lines: EntryLines): void
  /** Looks whether trouble is over, which with nothing to write nobody would notice; at once when its cause is known to be gone. */
  look(isUnblocked?: boolean): void
  /** Makes everything durable and forgets a file that others removed. */
  sync(): void
  state(): FileState
  /** True once since the last call when files were renamed or made. */
  takeRenamed(): boolean
  closeHandle(): void
}

const retryMs = 5000
/** A disk with so much free is no longer called full, even if nothing has been written since. */
const roomBytes = 1024 * 1024

export function openRotatingFile(options: RotatingFileOptions, state: FileState): RotatingFile {
  const { directory, base, trouble } = options
  const current = logPath(directory, base)
  const fileTrouble = fileKey(current)
  const asideTrouble = `aside ${current}`
  const file = openAppendedFile(current, state)
  const missed = openMissedEntries(options, state.missing)
  let { run, part, firstPart, keepFrom, previous } = state
  /** Nothing of what is there is known yet: it was begun since the last save, and is given again. */
  let isBegunSince = state.inode !== 0 && state.length === 0
  let blockedAt: number | undefined
  /** Beyond the usual limit only after a rename failed. */
  let limit = options.rotateBytes
  /** The last attempt failed. */
  let sick = false

  /** Away with the current file under another name; false when that fails. */
  function setAside(target: string): boolean {
    try {
      file.setAside(target)
    } catch (error) {
      trouble.report(asideTrouble, `Cannot set ${current} aside (${reasonOf(error)}); going on in it`)
      return false
    }
    trouble.heal(asideTrouble)
    return true
  }

  function rotate(): void {
    // A name that somebody else has taken meanwhile is left to them.
    while (['', '.gz'].some((suffix) => existsSync(logPath(directory, base, 'rotated', part) + suffix))) part++
    if (setAside(logPath(directory, base, 'rotated', part))) {
      part++
      limit = options.rotateBytes
    } else {
      limit = file.length() + options.rotateBytes
    }
  }

  function report(error: unknown): void {
    sick = true
    const { code, syscall } = error as NodeJS.ErrnoException
    if (isDiskFull(error)) {
      trouble.report('space', `The disk is full: log files in ${directory} go on when there is room again`)
    } else if (syscall === 'mkdir' || code === 'EROFS' || code === 'ENOTDIR') {
      trouble.report('directory', `Cannot write log files in ${directory} (${reasonOf(error)}); going on without them`)
    } else {
      trouble.report(fileTrouble, `Cannot write ${current} (${reasonOf(error)}); going on without it`)
    }
  }

  /** Writes entries `[from, to)`; returns the first that is not in the file. */
  function write(lines: EntryLines, from: number, to: number): number {
    const { next, error } = file.write(lines, from, to)
    if (error === undefined) return next
    if (isDiskFull(error) && options.reclaim()) {
      sick = true
      trouble.report('space', `The disk is full: the oldest log files in ${directory} make room for the newest lines`)
      return next < to ? write(lines, next, to) : to
    }
    report(error)
    blockedAt = options.now()
    if (!isDiskFull(error)) file.close()
    return next
  }

  /** Errors are left to the write, which meets the same. */
  const passOver = (lines: EntryLines): number => tryTo(() => file.passOver(lines)) ?? 0

  function healed(): void {
    for (const key of [fileTrouble, 'directory', 'space']) trouble.heal(key)
    blockedAt = undefined
    sick = false
    missed.tell()
  }

  function hasRoom(): boolean {
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize >= roomBytes
  }

  function blocked(): boolean {
    // A full disk is tried each time, which costs one call; what needs a person's hand now and then.
    return blockedAt !== undefined && !file.isOpen() && Math.abs(options.now() - blockedAt) < retryMs
  }

  return {
    beginRun(next, append = false) {
      if (next <= run) return
      if (append) {
        run = next
        return
      }
      const stat = tryTo(() => statSync(current, { throwIfNoEntry: false }))
      const size = stat?.isFile() && !isBegunSince ? stat.size : 0
      isBegunSince = false
      if (size > 0 && !setAside(logPath(directory, base, 'previous'))) return
      run = next
      keepFrom = firstPart
      if (size > 0) part++
      firstPart = part
      previous = tryTo(() => previousOf(directory, base)) ?? previous
    },
    append(lines) {
      if (blocked()) return missed.add(lines, 0)
      let from = passOver(lines)
      while (from < lines.count) {
        const fitting = firstBeyond(lines, from, limit - file.length())
        if (fitting === from && file.length() > 0) {
          rotate()
          continue
        }
        const to = Math.max(fitting, from + 1)
        from = write(lines, from, to)
        if (from < to) return missed.add(lines, from)
      }
      if (lines.count > 0 && (sick || missed.waiting())) healed()
    },
    look(isUnblocked = false) {
      if (!sick || (!isUnblocked && blocked())) return
      const wasFull = file.isOpen()
      try {
        file.open()
        if (!wasFull || hasRoom()) healed()
      } catch (error) {
        blockedAt = options.now()
        report(error)
      }
    },
    sync() {
      try {
        if (!file.isOpen()) return
        file.sync()
        if (missed.waiting() && !sick) healed()
      } catch (error) {
        report(error)
        file.close()
      }
    },
    state() {
      const missing = missed.waiting()
      return { ...file.state(), run, part, firstPart, keepFrom, previous, ...(missing ? { missing } : {}) }
    },
    takeRenamed: file.takeRenamed,
    closeHandle: file.close,
  }
}

function tryTo<Result>(action: () => Result): Result | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
