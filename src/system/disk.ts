// The file operations that a store is built on, as a parameter, so that a simulation can put a disk under it that fails,
// fills up and forgets what was not synced. They behave and throw as those of node:fs do.
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
  writevSync,
} from 'node:fs'

export interface Disk {
  /** `ax`: to append to a file that is not there yet; throws EEXIST where anything is, be it a link. */
  open(path: string, flags: 'r' | 'r+' | 'a' | 'ax', mode?: number): number
  close(file: number): void
  /** Returns how many bytes were read; 0 at the end of the file. */
  read(file: number, into: Uint8Array, offset: number, length: number, position: number): number
  /** Writes behind what was written, or at the end where opened with `a`; returns how many bytes were taken. */
  write(file: number, bytes: Uint8Array, offset?: number): number
  writev(file: number, parts: readonly Uint8Array[]): number
  /** Writes at that place, in a file opened with `r+`. */
  pwrite(file: number, bytes: Uint8Array, position: number): number
  fdatasync(file: number): void
  fsync(file: number): void
  ftruncate(file: number, bytes: number): void
  fstat(file: number): { size: number }
  stat(path: string): { size: number }
  exists(path: string): boolean
  /** Names in a directory. */
  readdir(path: string): string[]
  mkdir(path: string, options: { mode: number }): void
  /** New, renamed and removed names of a directory are lost with the power unless it is synced, too. */
  syncDirectory(path: string): void
  rename(from: string, to: string): void
  unlink(path: string): void
}

export const nodeDisk: Disk = {
  open: openSync,
  close: closeSync,
  read: readSync,
  write: writeSync,
  writev: writevSync,
  pwrite: (file, bytes, position) => writeSync(file, bytes, 0, bytes.length, position),
  fdatasync: fdatasyncSync,
  fsync: fsyncSync,
  ftruncate: ftruncateSync,
  fstat: fstatSync,
  stat: statSync,
  exists: existsSync,
  readdir: (path) => readdirSync(path),
  mkdir: mkdirSync,
  syncDirectory(path) {
    const directory = openSync(path, 'r')
    try {
      fsyncSync(directory)
    } finally {
      closeSync(directory)
    }
  },
  rename: renameSync,
  unlink: unlinkSync,
}
