// One log file that is appended to, and set aside when it is large or a new run begins. Removes nothing, so that it can
// be brought back to what a save remembers (file-state.ts). Its trouble it counts and tells; it never throws.
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { makeDirectory } from '../make-directory.ts'
import { kinds } from '../record.ts'
import type { EntryLines } from './entry-lines.ts'
import { inodeOf, previousOf, type FileState, type Missing } from './file-state.ts'
import { logPath } from './log-names.ts'
import { isDiskFull, reasonOf, type Trouble } from './trouble.ts'

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
  /** Where the run is greater than the one before, sets the file aside as the previous one, or goes on in it. */
  beginRun(run: number, append?: boolean): void
  append(lines: EntryLines): void
  /** Makes everything durable and forgets a file that others removed. */
  sync(): void
  state(): FileState
  /** True once since the last call when files were renamed or made. */
  takeRenamed(): boolean
  closeHandle(): void
}

const retryMs = 5000
const lostEveryMs = 10_000
const openMode = 0o600

export function openRotatingFile(options: RotatingFileOptions, state: FileState): RotatingFile {
  const { directory, base, trouble } = options
  const current = logPath(directory, base)
  const fileTrouble = `file ${current}`
  let { run, part, firstPart, keepFrom, missing } = state
  let handle: number | undefined
  let inode = state.inode
  let previous = state.previous
  let length = state.length
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
      handle = openSync(current, 'a', openMode)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      makeDirectory(directory)
      handle = openSync(current, 'a', openMode)
    }
    const stat = fstatSync(handle)
    renamed ||= stat.ino !== inode
    inode = stat.ino
    length = stat.size
    return handle
  }

  function closeHandle(): void {
    if (handle === undefined) return
    const closing = handle
    handle = undefined
    closeSync(closing)
  }

  /** Away with the current file under another name; false when that fails. */
  function setAside(target: string): boolean {
    try {
      if (handle !== undefined && changed) fdatasyncSync(handle)
      closeHandle()
      if (existsSync(current)) renameSync(current, target)
    } catch (error) {
      report(error)
      return false
    }
    changed = false
    renamed = true
    inode = length = 0
    return true
  }

  function rotate(): void {
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
      return to
    } catch (error) {
      let whole = from
      while (whole < to && lines.ends[whole]! <= at) whole++
      const wholeEnd = whole === 0 ? 0 : lines.ends[whole - 1]!
      if (handle !== undefined) cutBack(handle, at - Math.max(wholeEnd, start))
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

  /** Takes off the end what is there of an entry that did not fit. */
  function cutBack(file: number, bytes: number): void {
    tryTo(() => {
      const { size } = fstatSync(file)
      if (bytes > 0) ftruncateSync(file, size - bytes)
      length = size - bytes
    })
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
      const size = stat?.isFile() ? stat.size : 0
      if (size > 0 && !setAside(logPath(directory, base, 'previous'))) return
      run = next
      keepFrom = firstPart
      if (size > 0) part++
      firstPart = part
      previous = tryTo(() => previousOf(directory, base)) ?? previous
    },
    append(lines) {
      if (blocked()) return miss(lines, 0)
      let from = 0
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
    sync() {
      try {
        if (handle === undefined) return
        if (changed) fdatasyncSync(handle)
        changed = false
        if (missing && !sick) healed()
        length = fstatSync(handle).size
        if (inodeOf(current) === inode) return
        // Removed or replaced by somebody: what comes next goes where the name says.
        closeHandle()
        inode = length = 0
      } catch (error) {
        report(error)
        tryTo(closeHandle)
      }
    },
    state: () => ({ inode, length, run, part, firstPart, keepFrom, previous, ...(missing ? { missing } : {}) }),
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
