// A file by its descriptor, to which whole lines are appended: one write each.
import { closeSync, fstatSync, ftruncateSync, openSync, statSync } from 'node:fs'
import { writeFully } from './write-fully.ts'

export interface AppendedFile {
  isOpen(): boolean
  /** Length after the last line. */
  length(): number
  /** Throws what the system says. */
  open(path: string): void
  shut(): void
  /** Whether the name still stands for the file that is open; one that others truncated has its new length then. */
  isCurrent(): boolean
  /** The first `size` bytes are in the file whole, or not at all and an error is thrown. */
  append(bytes: Uint8Array, size: number): void
  truncate(): void
}

export function openAppendedFile(): AppendedFile {
  let descriptor = -1
  let name = ''
  let inode = 0
  let length = 0
  return {
    isOpen: () => descriptor >= 0,
    length: () => length,
    open(path) {
      name = path
      descriptor = openSync(path, 'a')
      const stat = fstatSync(descriptor)
      inode = stat.ino
      length = stat.size
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
    isCurrent() {
      const stat = statSync(name, { throwIfNoEntry: false })
      if (stat?.ino !== inode) return false
      length = stat.size
      return true
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
      length = 0
    },
  }
}
