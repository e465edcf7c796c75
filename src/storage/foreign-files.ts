// Files of others in the pipeline: what they are called among the cursors, and which file is a copy of one that is read, as
// copying and truncating leaves behind. A copy is never read again; but what was not read yet when its original was truncated
// is read from the copy.
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { FileIdentity } from '../source.ts'
import type { CursorValue } from '../store.ts'
import { rememberedBytes } from '../tail/tail.ts'

export const foreignKey = (source: string, run: number, { device, inode }: FileIdentity): string =>
  `${source}/${run}/file ${device} ${inode}`

/** The files whose places are remembered. */
export function foreignFilesOf(source: string, run: number, keys: Iterable<string>): FileIdentity[] {
  const prefix = `${source}/${run}/file `
  return [...keys]
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const [device, inode] = key.slice(prefix.length).split(' ').map(Number)
      return { device: device!, inode: inode! }
    })
}

/** Copies lie beside their original and are called the same and more. */
export const mayBeCopy = (path: string, original: string): boolean =>
  path.startsWith(original) && path !== original && !path.includes('/', original.length)

/** Whether the file begins as the one did that the cursor is of, and has what stood before its offset, as far as it goes. */
export function isCopy(path: string, { inode }: FileIdentity, of: CursorValue): boolean {
  const offset = Number(of.offset)
  if (of.inode === inode || !of.headBytes) return false
  const bytes = openReader(path)
  try {
    if (crc32(bytes(0, Number(of.headBytes))) !== of.head) return false
    return bytes.size < offset || hasBefore(bytes, offset, of)
  } finally {
    bytes.close()
  }
}

export interface FoundCopy extends FileIdentity {
  path: string
  /** Where to go on in it. */
  cursor: CursorValue
}

/** The copy, beside a file that was truncated, of what it held: longer than what was read, so that there is a rest to read. */
export function findCopy(path: string, before: CursorValue): FoundCopy | undefined {
  for (const name of namesBeside(path)) {
    const sibling = join(dirname(path), name)
    const copy = mayBeCopy(sibling, path) ? copyAt(sibling, before) : undefined
    if (copy) return copy
  }
  return undefined
}

function namesBeside(path: string): string[] {
  try {
    return readdirSync(dirname(path))
  } catch {
    // The directory is gone, or not to be read, and with it any copy.
    return []
  }
}

function copyAt(path: string, before: CursorValue): FoundCopy | undefined {
  try {
    const stat = statSync(path)
    const { dev: device, ino: inode } = stat
    if (!stat.isFile() || stat.size < Number(before.offset) || !isCopy(path, { device, inode }, before))
      return undefined
    return { path, device, inode, cursor: { ...before, inode } }
  } catch {
    // Renamed or removed meanwhile, or not to be read.
    return undefined
  }
}

interface Reader {
  (position: number, length: number): Buffer
  size: number
  close(): void
}

function openReader(path: string): Reader {
  const fd = openSync(path, 'r')
  const read = (position: number, length: number): Buffer => {
    const buffer = Buffer.alloc(length)
    return buffer.subarray(0, readSync(fd, buffer, 0, length, position))
  }
  return Object.assign(read, { size: statSync(path).size, close: () => closeSync(fd) })
}

function hasBefore(bytes: Reader, offset: number, { check }: CursorValue): boolean {
  const length = Math.min(rememberedBytes, offset)
  const before = bytes(offset - length, length)
  return before.length === length && crc32(before) === check
}
