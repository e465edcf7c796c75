// A file by its descriptor, to which whole lines are appended: one write each.
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync } from 'node:fs'
import { writeFully } from './write-fully.ts'

export interface AppendedFile {
  isOpen(): boolean
  /** Length after the last line. */
  length(): number
  /** Throws what the system says. */
  open(path: string): void
  shut(): void
  /** The fate of the file at the hands of others; after a truncation `length` is the new one. */
  look(): FileFate
  /** A look that also asks whether the name still stands for this file, at twice the price. */
  lookAtName(): FileFate
  /** Of a removed file: bytes appended after the last look that found it whole; none when all were there before it was removed. */
  unseen(): Uint8Array
  /** The first `size` bytes are in the file whole, or not at all and an error is thrown. */
  append(bytes: Uint8Array, size: number): void
  truncate(): void
}

/**
 * `truncated`: others have taken bytes out. `moved`: it has another name now, or one elsewhere. `removed`: no name at all, so that what is in it is gone
 * when it is shut.
 */
export type FileFate = 'current' | 'truncated' | 'moved' | 'removed'

export function openAppendedFile(): AppendedFile {
  let descriptor = -1
  let name = ''
  let inode = 0
  let device = 0
  let length = 0
  /** Length at the last look that found the file whole. */
  let seen = 0

  function look(): FileFate {
    const { nlink, size } = fstatSync(descriptor)
    if (nlink === 0) return 'removed'
    const isShorter = size < length
    length = seen = size
    return isShorter ? 'truncated' : 'current'
  }

  return {
    isOpen: () => descriptor >= 0,
    length: () => length,
    open(path) {
      name = path
      descriptor = openReadable(path)
      const stat = fstatSync(descriptor)
      inode = stat.ino
      device = stat.dev
      length = seen = stat.size
    },
    shut() {
      if (descriptor < 0) return
      try {
        closeSync(descriptor)
      } catch {
        // Nothing is buffered: every write has ended.
      }
      descriptor = -1
    },
    look,
    lookAtName() {
      const fate = look()
      if (fate === 'removed') return fate
      const named = statSync(name, { throwIfNoEntry: false })
      return named?.ino === inode && named.dev === device ? fate : 'moved'
    },
    unseen() {
      const { size, ctimeMs, mtimeMs } = fstatSync(descriptor)
      // A removal changes ctime alone: the last write came before.
      if (ctimeMs > mtimeMs) return Buffer.alloc(0)
      const bytes = Buffer.allocUnsafe(Math.max(0, size - seen))
      let read = 0
      while (read < bytes.length) {
        const more = readSync(descriptor, bytes, read, bytes.length - read, seen + read)
        if (more === 0) break
        read += more
      }
      return bytes.subarray(0, read)
    },
    append(bytes, size) {
      const { written, error } = writeFully(descriptor, bytes, size, 0)
      if (written === size) {
        length += size
        return
      }
      if (written > 0) ftruncateSync(descriptor, length)
      throw error ?? new Error('the system took a part of the line only')
    },
    truncate() {
      ftruncateSync(descriptor, 0)
      length = seen = 0
    },
  }
}

/** Appending needs no right to read; without it a removed file takes its last lines with it. */
function openReadable(path: string): number {
  try {
    return openSync(path, 'a+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    return openSync(path, 'a')
  }
}
