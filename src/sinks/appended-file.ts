// One file by its name, appended to: opened when it is needed, its end known as far as others leave it alone, a torn entry
// taken off. Throws what the system says; what to do about that is the caller's.
import { existsSync, fdatasyncSync, fstatSync, ftruncateSync, readSync, renameSync, writeSync } from 'node:fs'
import path from 'node:path'
import { makeDirectory } from '../system/make-directory.ts'
import type { EntryLines } from './entry-lines.ts'
import { firstBeyond, startOf } from './entry-places.ts'
import { inodeOf, markOf, type FileState } from './file-state.ts'
import { readLeftover, type Leftover } from './leftover.ts'
import { closeQuietly, openToAppend, openToRead } from './open-log.ts'

export interface AppendedFile {
  open(): void
  isOpen(): boolean
  length(): number
  /** Passes over entries that are given again and stand there already; gives the first that does not. */
  passOver(lines: EntryLines): number
  /** Entries `[from, to)`, whole ones. `error`: why those from `next` on are not in the file. */
  write(lines: EntryLines, from: number, to: number): { next: number; error?: unknown }
  /** Away with it under another name, if it is there; the next one is begun when it is needed. */
  setAside(target: string): void
  /** Makes it durable, and forgets a file that others removed or replaced. */
  sync(): void
  state(): Pick<FileState, 'inode' | 'length' | 'mark'>
  /** True once since the last call when the name means another file. */
  takeRenamed(): boolean
  /** Never throws. */
  close(): void
}

export function openAppendedFile(file: string, saved: Pick<FileState, 'inode' | 'length' | 'mark'>): AppendedFile {
  let { inode, length, mark } = saved
  let handle: number | undefined
  /** Entries behind the length of the last save, until all that is given again has been found there. */
  let leftover: Leftover | undefined
  let hasLookedForLeftover = false
  let isChanged = false
  let isRenamed = false

  function open(): number {
    if (handle !== undefined) return handle
    handle = openOrMake(file)
    const stat = fstatSync(handle)
    isRenamed ||= stat.ino !== inode
    if (!hasLookedForLeftover && stat.ino === inode) leftover = readLeftover(file, length, stat.size)
    hasLookedForLeftover = true
    inode = stat.ino
    if (!leftover) measure(stat.size)
    return handle
  }

  /** No mark tells what stands at the end once others have written, or cut. */
  function measure(size: number): void {
    if (size !== length) mark = undefined
    length = size
  }

  function forget(): void {
    close()
    leftover = mark = undefined
    inode = length = 0
  }

  function close(): void {
    if (handle === undefined) return
    const closing = handle
    handle = undefined
    closeQuietly(closing)
  }

  return {
    open: () => void open(),
    isOpen: () => handle !== undefined,
    length: () => length,
    passOver(lines) {
      if (!leftover && hasLookedForLeftover) return 0
      const opened = open()
      if (!leftover) return 0
      const { next, isOver, keep } = leftover.pass(lines)
      if (!isOver) return next
      leftover = undefined
      const { size } = fstatSync(opened)
      if (keep < size && next < lines.count) ftruncateSync(opened, keep)
      measure(Math.min(keep, size))
      return next
    },
    write(lines, from, to) {
      const start = startOf(lines, from)
      const end = startOf(lines, to)
      let at = start
      try {
        const opened = open()
        isChanged = true
        while (at < end) at += writeSync(opened, lines.bytes, at, end - at)
        length += end - start
        mark = markOf(length, lines.bytes.subarray(start, end))
        return { next: to }
      } catch (error) {
        const next = Math.min(to, firstBeyond(lines, from, at - start))
        const size = handle && cutTorn(file, handle, lines.bytes.subarray(startOf(lines, next), at))
        if (size !== undefined) measure(size)
        return { next, error }
      }
    },
    setAside(target) {
      if (handle !== undefined && isChanged) fdatasyncSync(handle)
      close()
      if (existsSync(file)) renameSync(file, target)
      forget()
      isChanged = false
      isRenamed = true
      hasLookedForLeftover = true
    },
    sync() {
      if (handle === undefined) return
      if (isChanged) fdatasyncSync(handle)
      isChanged = false
      if (!leftover) measure(fstatSync(handle).size)
      // From here on the name says which file it is.
      if (inodeOf(file) !== inode) forget()
    },
    state: () => ({ inode, length, mark }),
    takeRenamed() {
      const was = isRenamed
      isRenamed = false
      return was
    },
    close,
  }
}

function openOrMake(file: string): number {
  try {
    return openToAppend(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    makeDirectory(path.dirname(file))
    return openToAppend(file)
  }
}

/**
 * Takes off the end what is there of an entry that did not fit, unless somebody else has written behind it. Gives the size;
 * undefined when the disk does not even let half an entry be taken away.
 */
function cutTorn(file: string, handle: number, torn: Uint8Array): number | undefined {
  try {
    const { size } = fstatSync(handle)
    if (torn.length === 0 || !endsWith(file, size, torn)) return size
    ftruncateSync(handle, size - torn.length)
    return size - torn.length
  } catch {
    return undefined
  }
}

function endsWith(file: string, size: number, torn: Uint8Array): boolean {
  const reading = openToRead(file)
  if (reading === undefined) return false
  try {
    const end = Buffer.alloc(torn.length)
    return readSync(reading, end, 0, end.length, size - end.length) === end.length && end.equals(torn)
  } finally {
    closeQuietly(reading)
  }
}
