// The file under a tail: always the same one, whatever becomes of its name. Its handle may be given back while nothing is to
// be read, so that ten thousand quiet files need no ten thousand handles.
import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs'
import type { FileIdentity } from '../contracts/source-storage.ts'

export interface TailedFile {
  readonly inode: number
  readonly device: number
  /** When the file was made, by which another one with its inode is known; Unix milliseconds, 0 where the disk does not tell. */
  readonly bornAt: number
  /** As it is now; as it was last seen when it is not to be found for the moment. */
  stat(): { size: number; mtimeMs: number }
  /** False while it is not to be found, which only somebody who gave the handle back can see. */
  isThere(): boolean
  /** There is nothing of its name any more, and nobody here has it open. */
  isRemoved(): boolean
  /** Fewer bytes than asked for only where the file ends, or is not to be found for the moment. */
  read(position: number, length: number, allocate?: (length: number) => Uint8Array<ArrayBuffer>): Buffer
  /** False while more of it is certain to come. */
  isWhole(): boolean
  /** An archive that cannot be unpacked any further, and why. */
  damage(): string | undefined
  /** Set where text is read once, forwards, and never changes: of an archive, what tells it from another. */
  packed?: number
  /** Until something is read. */
  release(): void
  /** The file has another name now. */
  rename(path: string): void
  close(): void
}

/** More handles than this are given back as soon as they have been read from: others in this process need some, too. */
const mostHandles = 300
let handles = 0

/** Throws as the system does; ENOENT also when the path names another file than the one that is wanted. */
export function openTailedFile(path: string, wanted?: FileIdentity): TailedFile {
  let fd: number | undefined
  let seen: Stats

  function open(expected: FileIdentity | undefined): number {
    fd = expected ? openSame(path, expected) : openSync(path, 'r')
    seen = fstatSync(fd)
    handles++
    return fd
  }

  open(wanted)
  const identity: FileIdentity = { device: seen!.dev, inode: seen!.ino }

  /** Obstacles to opening it again, such as a link in its place, may be gone at the next look. */
  function handle(): number | undefined {
    if (fd !== undefined) return fd
    try {
      return open(identity)
    } catch {
      return undefined
    }
  }

  function look(): Stats | undefined {
    try {
      return statSync(path, { throwIfNoEntry: false })
    } catch {
      return undefined
    }
  }

  function close(): void {
    if (fd === undefined) return
    closeSync(fd)
    handles--
    fd = undefined
  }

  return {
    ...identity,
    bornAt: seen!.birthtimeMs,
    stat() {
      if (fd !== undefined) return (seen = fstatSync(fd))
      const now = look()
      if (now && isSame(now, identity)) seen = now
      return seen
    },
    isThere: () => handle() !== undefined,
    isRemoved: () => fd === undefined && isMissing(path),
    read(position, length, allocate) {
      const memory = allocate?.(length)
      const buffer = memory ? Buffer.from(memory.buffer, memory.byteOffset, length) : Buffer.allocUnsafeSlow(length)
      const from = handle()
      let got = 0
      while (from !== undefined && got < length) {
        const count = readSync(from, buffer, got, length - got, position + got)
        if (count === 0) break
        got += count
      }
      if (wanted && handles > mostHandles) close()
      return got === length ? buffer : buffer.subarray(0, got)
    },
    isWhole: () => true,
    damage: () => undefined,
    release: close,
    rename: (to) => void (path = to),
    close,
  }
}

function isMissing(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined
  } catch {
    // Not to be seen for the moment.
    return false
  }
}

/** Undefined: nothing is there, or it is not to be seen. */
export function inodeAt(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.ino
  } catch {
    return undefined
  }
}

/** Throws ENOENT when the path names another file. */
export function openSame(path: string, identity: FileIdentity): number {
  // Links were followed where it was decided that this file may be read.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  if (isSame(fstatSync(fd), identity)) return fd
  closeSync(fd)
  throw Object.assign(new Error(`${path} is another file now`), { code: 'ENOENT' })
}

export function isSame({ dev, ino }: Stats, { device, inode }: FileIdentity): boolean {
  return dev === device && ino === inode
}
