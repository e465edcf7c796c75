// A log file that is appended to, and set aside when it is large or a new run begins. Removes nothing, so that it can
// be brought back to what a save remembers (file-state.ts). Its trouble it counts and tells; it never throws.
import {
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  readSync,
  renameSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs'
import { makeDirectory } from '../system/make-directory.ts'
import { kinds } from '../contracts/record.ts'
import type { EntryLines } from './entry-lines.ts'
import { inodeOf, markOf, previousOf, type FileState, type Missing } from './file-state.ts'
import { readLeftover, type Leftover } from './leftover.ts'
import { logPath } from './log-names.ts'
import { closeQuietly, openToAppend, openToRead } from './open-log.ts'
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
const lostEveryMs = 10_000
/** A disk with so much free is no longer called full, even if nothing has been written since. */
const roomBytes = 1024 * 1024

export function openRotatingFile(options: RotatingFileOptions, state: FileState): RotatingFile {
  const { directory, base, trouble } = options
  const current = logPath(directory, base)
  const fileTrouble = fileKey(current)
  const asideTrouble = `aside ${current}`
  let { run, part, firstPart, keepFrom, missing } = state
  let handle: number | undefined
  let inode = state.inode
  let previous = state.previous
  let length = state.length
  let mark = state.mark
  /** Entries behind the length of the last save, until all that is given again has been found there. */
  let leftover: Leftover | undefined
  /** A leftover was looked for. */
  let isCompared = false
  /** Nothing of what is there is known yet: it was begun since the last save, and is given again. */
  let isBegunSince = state.inode !== 0 && state.length === 0
  let changed = false
  let renamed = false
  let blockedAt: number | undefined
  let lostAt = Number.NEGATIVE_INFINITY
  /** Beyond the usual limit only after a rename failed. */
  let limit = options.rotateBytes
  /** The last attempt failed. */
  let sick = false

  function open(): number {
    if (handle !== undefined) return handle
    try {
      handle = openToAppend(current)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      makeDirectory(directory)
      handle = openToAppend(current)
    }
    const stat = fstatSync(handle)
    renamed ||= stat.ino !== inode
    if (!isCompared && stat.ino === inode) leftover = readLeftover(current, length, stat.size)
    isCompared = true
    inode = stat.ino
    if (!leftover) measure(stat.size)
    return handle
  }

  /** No mark tells what stands at the end once others have written, or cut. */
  function measure(size: number): void {
    if (size !== length) mark = undefined
    length = size
  }

  function closeHandle(): void {
    if (handle === undefined) return
    const closing = handle
    handle = undefined
    closeQuietly(closing)
  }

  /** Away with the current file under another name; false when that fails. */
  function setAside(target: string): boolean {
    try {
      if (handle !== undefined && changed) fdatasyncSync(handle)
      closeHandle()
      if (existsSync(current)) renameSync(current, target)
    } catch (error) {
      trouble.report(asideTrouble, `Cannot set ${current} aside (${reasonOf(error)}); going on in it`)
      return false
    }
    trouble.heal(asideTrouble)
    changed = false
    renamed = true
    isCompared = true
    leftover = mark = undefined
    inode = length = 0
    return true
  }

  function rotate(): void {
    // A name that somebody else has taken meanwhile is left to them.
    while (['', '.gz'].some((suffix) => existsSync(logPath(directory, base, 'rotated', part) + suffix))) part++
    if (setAside(logPath(directory, base, 'rotated', part))) {
      part++
      limit = options.rotateBytes
    } else {
      limit = length + options.rotateBytes
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
    const start = from === 0 ? 0 : lines.ends[from - 1]!
    const end = lines.ends[to - 1]!
    let at = start
    try {
      const file = open()
      changed = true
      while (at < end) at += writeSync(file, lines.bytes, at, end - at)
      length += end - start
      mark = markOf(length, lines.bytes.subarray(start, end))
      return to
    } catch (error) {
      let whole = from
      while (whole < to && lines.ends[whole]! <= at) whole++
      const wholeEnd = whole === 0 ? 0 : lines.ends[whole - 1]!
      if (handle !== undefined) cutBack(handle, lines.bytes.subarray(Math.max(wholeEnd, start), at))
      if (isDiskFull(error) && options.reclaim()) {
        sick = true
        trouble.report('space', `The disk is full: the oldest log files in ${directory} make room for the newest lines`)
        return whole < to ? write(lines, whole, to) : to
      }
      report(error)
      blockedAt = options.now()
      if (!isDiskFull(error)) tryTo(closeHandle)
      return whole
    }
  }

  /** Takes off the end what is there of an entry that did not fit, unless somebody else has written behind it. */
  function cutBack(file: number, torn: Uint8Array): void {
    tryTo(() => {
      const { size } = fstatSync(file)
      const cut = torn.length > 0 && endsWith(torn, size) ? size - torn.length : size
      if (cut < size) ftruncateSync(file, cut)
      measure(cut)
    })
  }

  function endsWith(torn: Uint8Array, size: number): boolean {
    const reading = openToRead(current)
    if (reading === undefined) return false
    try {
      const end = Buffer.alloc(torn.length)
      return readSync(reading, end, 0, end.length, size - end.length) === end.length && end.equals(torn)
    } finally {
      closeQuietly(reading)
    }
  }

  /** Passes over entries that are given again and stand there; gives the first that does not. */
  function passOver(lines: EntryLines): number {
    try {
      const file = open()
      if (!leftover) return 0
      const { next, isOver, keep } = leftover.pass(lines)
      if (isOver) {
        leftover = undefined
        const { size } = fstatSync(file)
        if (keep < size && next < lines.count) ftruncateSync(file, keep)
        measure(Math.min(keep, size))
      }
      return next
    } catch {
      // Told by the write, which meets the same.
      return 0
    }
  }

  function miss(lines: EntryLines, from: number): void {
    for (let i = from; i < lines.count; i++) {
      // Gap records tell of what is missing; that one of them is missing tells nobody anything.
      if (kinds[lines.kind[i]!] === 'gap') continue
      const id = lines.id[i]!
      missing = { lines: (missing?.lines ?? 0) + 1, from: missing?.from ?? id, to: id }
    }
  }

  function healed(): void {
    for (const key of [fileTrouble, 'directory', 'space']) trouble.heal(key)
    blockedAt = undefined
    sick = false
    if (!missing || Math.abs(options.now() - lostAt) < lostEveryMs) return
    lostAt = options.now()
    options.lost(missing)
    missing = undefined
  }

  function hasRoom(): boolean {
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize >= roomBytes
  }

  function blocked(): boolean {
    // A full disk is tried each time, which costs one call; what needs a person's hand now and then.
    return blockedAt !== undefined && handle === undefined && Math.abs(options.now() - blockedAt) < retryMs
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
      if (blocked()) return miss(lines, 0)
      let from = leftover || !isCompared ? passOver(lines) : 0
      while (from < lines.count) {
        const start = from === 0 ? 0 : lines.ends[from - 1]!
        let to = from
        while (to < lines.count && lines.ends[to]! - start <= limit - length) to++
        if (to === from && length > 0) {
          rotate()
          continue
        }
        to = Math.max(to, from + 1)
        from = write(lines, from, to)
        if (from < to) return miss(lines, from)
      }
      if (lines.count > 0 && (sick || missing)) healed()
    },
    look(isUnblocked = false) {
      if (!sick || (!isUnblocked && blocked())) return
      const wasFull = handle !== undefined
      try {
        open()
        if (!wasFull || hasRoom()) healed()
      } catch (error) {
        blockedAt = options.now()
        report(error)
      }
    },
    sync() {
      try {
        if (handle === undefined) return
        if (changed) fdatasyncSync(handle)
        changed = false
        if (missing && !sick) healed()
        if (!leftover) measure(fstatSync(handle).size)
        if (inodeOf(current) === inode) return
        // Removed or replaced by somebody: what comes next goes where the name says.
        closeHandle()
        leftover = mark = undefined
        inode = length = 0
      } catch (error) {
        report(error)
        tryTo(closeHandle)
      }
    },
    state: () => ({ inode, length, mark, run, part, firstPart, keepFrom, previous, ...(missing ? { missing } : {}) }),
    takeRenamed() {
      const was = renamed
      renamed = false
      return was
    },
    closeHandle: () => void tryTo(closeHandle),
  }
}

function tryTo<Result>(action: () => Result): Result | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
