// Files of others in the pipeline: what they are called among the cursors, and how it is seen what stands in one: what a cursor
// was taken of, or a copy of that, as copying and truncating leaves behind.
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { FileIdentity, FilePlace, FileRequest } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'
import type { Beginning } from '../tail/beginning.ts'
import { rememberedBytes } from '../tail/position.ts'
import { openTail } from '../tail/tail.ts'
import { isSame, openSame } from '../tail/tailed-file.ts'
import { isPacked, placeElsewhere } from './remembered-places.ts'

export const placeKey = (source: string, run: number, { device, inode }: FileIdentity): string =>
  `${source}/${run}/file ${device} ${inode}`

/** Copies lie beside their original and are called the same and more. */
export const mayBeCopy = (path: string, original: string): boolean =>
  path.startsWith(original) && path !== original && !path.includes('/', original.length)

/** Path of a file while it is written. */
export const logOf = ({ original, path }: FileRequest): string => original?.path ?? path

/** Of `app.log.1`, `app.log-20251019` or `app.log.2.gz`: `app.log`. */
export const withoutNumber = (path: string): string => path.replace(/(?:[.\-_]\d+)?(?:\.(?:gz|zst))?$/, '')

/** Path of the file now: as it was, or beside that under a name that begins alike. */
export function pathNow({ path }: CursorValue, file: FileIdentity): string | undefined {
  if (path === undefined) return undefined
  const directory = dirname(String(path))
  // `app.log.1` becomes `app.log.2`.
  const start = basename(withoutNumber(String(path)))
  const name = knownNamesIn(directory).find((each) => each.startsWith(start) && isFile(join(directory, each), file))
  return name === undefined ? undefined : join(directory, name)
}

let listed: { directory: string; changedAt: bigint | undefined; names: string[] } | undefined

/** Of hundreds of files that go at once the directory is read once. */
function knownNamesIn(directory: string): string[] {
  const changedAt = changedAtOf(directory)
  if (listed?.directory !== directory || listed.changedAt !== changedAt)
    listed = { directory, changedAt, names: namesIn(directory) }
  return listed.names
}

/** Throws ENOENT when the path names another file by now. */
export const assertSame = (file: FilePlace): void => closeSync(openSame(file.path, file))

/** The path names the file. */
export function isFile(path: string, file: FileIdentity): boolean {
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat !== undefined && isSame(stat, file)
  } catch {
    return false
  }
}

/** How much of what the cursor was taken of stands in a file, whichever it is: all, its beginning, or nothing. */
export function holds(
  path: string,
  { headAt = 0, headBytes, headStart, head, offset, check, born = 0 }: CursorValue,
): 'all' | 'part' | false {
  // Of what nothing was known yet there is no copy.
  if (!headBytes) return false
  const fd = openSync(path, 'r')
  const isAt = (position: number, length: number, sum: unknown): boolean => {
    const bytes = Buffer.alloc(length)
    return readSync(fd, bytes, 0, length, position) === length && crc32(bytes) === sum
  }
  try {
    const { size, birthtimeMs } = fstatSync(fd)
    // A file that was there before is no copy, though it begins alike.
    if (birthtimeMs > 0 && birthtimeMs < Number(born)) return false
    const end = Number(offset)
    // Copied while there was less than is known of the beginning by now.
    if (size < Number(headAt) + Number(headBytes))
      return (
        isAt(Number(headAt), Math.min(Number(headBytes), rememberedBytes), headStart) && (size < end ? 'part' : 'all')
      )
    if (!isAt(Number(headAt), Number(headBytes), head)) return false
    if (size < end) return 'part'
    const length = Math.min(rememberedBytes, end)
    return length === 0 || isAt(end - length, length, check) ? 'all' : false
  } finally {
    closeSync(fd)
  }
}

/** The bytes stand in the file, where they begin. */
export function beginsWith(path: string, { at, bytes }: Beginning): boolean {
  if (bytes.length === 0) return false
  try {
    const fd = openSync(path, 'r')
    try {
      const there = Buffer.alloc(bytes.length)
      return readSync(fd, there, 0, there.length, at) === there.length && there.equals(bytes)
    } finally {
      closeSync(fd)
    }
  } catch {
    // Gone, or not to be read.
    return false
  }
}

/** The file was made after the place was taken of another one that had its inode. */
export const isAnother = (path: string, { born }: CursorValue): boolean =>
  born !== undefined && statSync(path).birthtimeMs !== born

/** The text that the place was taken of stands in the file, whose inode may be another file's by now; an archive has another text. */
export function isPlaceIn(path: string, place: CursorValue): boolean {
  if (isPacked(place)) return false
  try {
    if (isAnother(path, place)) return false
    return !place.headBytes || holds(path, place) === 'all'
  } catch {
    return false
  }
}

export interface CopiesBeside {
  /** Of what the file held, with what was not read yet. */
  copies: FilePlace[]
  /** Of what was written and truncated again before anybody looked; the oldest first. */
  later: FilePlace[]
}

/** Beside a file of a log that was truncated, where reading had got as `before` says. */
export function findCopies(file: FilePlace, log: string, before: CursorValue): CopiesBeside {
  const directory = dirname(log)
  // While names are handed on (`.1` becomes `.2`) one may be missed.
  for (let attempt = 1; ; attempt++) {
    const changedAt = changedAtOf(directory)
    const siblings = namesIn(directory)
      .map((name) => join(directory, name))
      .filter((each) => mayBeCopy(each, log) && each !== file.path)
      .flatMap((each) => siblingAt(each, before))
    if (attempt < mostAttempts && changedAtOf(directory) !== changedAt) continue
    const copies = siblings.filter(({ held }) => held === 'all').map(({ place }) => place)
    const younger = siblings.filter(
      ({ held, modifiedAt, place }) =>
        !held && isRotated(place.path, log) && modifiedAt >= Number(before.modified ?? Infinity),
    )
    younger.sort((a, b) => a.modifiedAt - b.modifiedAt)
    const later: FilePlace[] = []
    // A file that was rotated itself is older than all that came beside it since.
    if (!isFile(log, file)) return { copies, later }
    for (const { place } of younger) if (![file, ...later].some((each) => containsAll(each, place))) later.push(place)
    return { copies, later }
  }
}

const mostAttempts = 5

const changedAtOf = (directory: string): bigint | undefined =>
  statSync(directory, { bigint: true, throwIfNoEntry: false })?.mtimeNs

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    // Gone, or not to be read, and with it any copy.
    return []
  }
}

interface Sibling {
  place: FilePlace
  modifiedAt: number
  held: ReturnType<typeof holds>
}

function siblingAt(path: string, before: CursorValue): Sibling[] {
  try {
    const stat = statSync(path)
    const { dev: device, ino: inode, mtimeMs: modifiedAt } = stat
    if (!stat.isFile() || stat.size === 0 || inode === before.inode) return []
    return [{ place: { path, device, inode }, modifiedAt, held: holds(path, before) }]
  } catch {
    // Renamed or removed meanwhile, or not to be read.
    return []
  }
}

/** Called as rotated files are, and not compressed. */
const isRotated = (path: string, original: string): boolean =>
  '.-_'.includes(path[original.length]!) && !/\.(?:gz|zst|bz2|xz|lz4|zip)$/.test(path)

/** The other is a copy of the file, or will be: all of it, as far as its head and its end tell, stands in the file, too. */
export function containsAll(file: Pick<FilePlace, 'path'>, other: FilePlace): boolean {
  try {
    // A file that took the place of a renamed one was made later.
    const isYounger = statSync(other.path).birthtimeMs >= statSync(file.path).birthtimeMs
    return isYounger && hasTextOf(file.path, other)
  } catch {
    // Gone, or not to be read: no copy.
    return false
  }
}

/** All of the other stands in the file, as far as its head and its end tell. */
const hasTextOf = (path: string, other: FilePlace): boolean =>
  holds(path, placeElsewhere(placeAtEnd(other), other)) === 'all'

/**
 * The rest that a file has and a copy has not, which was read to the place `end`: the place where it begins, nothing when it is a copy of the same
 * text, or undefined when its text is another.
 */
export function restBehind(end: CursorValue, file: FilePlace): CursorValue | 'nothing' | undefined {
  const held = holds(file.path, { ...end, born: 0 })
  if (held === 'all') return statSync(file.path).size > Number(end.offset) ? placeElsewhere(end, file) : 'nothing'
  if (held === false) return undefined
  const copy = pathNow(end, { device: file.device, inode: Number(end.inode) })
  return copy === undefined || hasTextOf(copy, file) ? 'nothing' : undefined
}

/** The place that reading has reached when all is read. */
export function placeAtEnd({ path, device, inode }: FilePlace): CursorValue {
  const tail = openTail({ path, identity: { device, inode }, start: statSync(path).size })
  try {
    return { ...tail.cursor(), path }
  } finally {
    tail.close()
  }
}
