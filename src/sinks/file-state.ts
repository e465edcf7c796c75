// The state of a log file that a save remembers, and how the files are brought back to it before what came later is given again,
// however they were renamed since. Relies on one promise: nothing that a save remembers is removed or changed before the
// next one. Text of others stays, whatever it is and wherever it stands: decisions/024.
import { readSync, renameSync, rmSync, statSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { listParts, logPath } from './log-names.ts'
import { closeQuietly, openToRead } from './open-log.ts'

/** A file as it was at a save: plain JSON. */
export interface FileState {
  /** Inode of the current file, 0 when there was none. */
  inode: number
  length: number
  /** The last bytes that were written; tells the file from another one that has its name, or its inode. */
  mark?: Mark | undefined
  /** Newest run written to it; -1 when nobody knows. */
  run: number
  /** Number the current file takes when it is rotated. */
  part: number
  /** First number of the current run. */
  firstPart: number
  /** Parts below belong to runs before the previous one. */
  keepFrom: number
  /** The previous run's file. An inode alone would not do: it soon comes again for another file. */
  previous: Previous
  missing?: Missing
}

/** Bytes `[end - bytes, end)` of a file have this CRC-32. */
export interface Mark {
  end: number
  bytes: number
  crc: number
}

export interface Previous {
  /** 0 when there is none. */
  inode: number
  length: number
}

/** Entries that could not be written, until that is told. */
export interface Missing {
  lines: number
  /** Ids. */
  from: number
  to: number
}

/** Directories of the files of one name. */
export interface FilePlace {
  directory: string
  base: string
  archive: string | undefined
}

const mostMarkBytes = 64

/** The mark of a file that ends at `end` with these bytes. */
export function markOf(end: number, written: Uint8Array): Mark {
  const last = written.subarray(-mostMarkBytes)
  return { end, bytes: last.length, crc: crc32(last) }
}

export function inodeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.ino ?? 0
}

export function previousOf(directory: string, base: string): Previous {
  const stat = statSync(logPath(directory, base, 'previous'), { throwIfNoEntry: false })
  return { inode: stat?.ino ?? 0, length: stat?.size ?? 0 }
}

/** The state of a file that no save knows: what it holds is another run's. */
export function unknownState({ directory, base, archive }: FilePlace): FileState {
  const current = statSync(logPath(directory, base), { throwIfNoEntry: false })
  const numbers = [directory, ...(archive ? [archive] : [])].flatMap((place) => listParts(place, base))
  const part = 1 + Math.max(0, ...numbers.map((file) => file.part))
  return {
    inode: current?.ino ?? 0,
    length: current?.isFile() ? current.size : 0,
    run: -1,
    part,
    firstPart: 0,
    keepFrom: 0,
    previous: previousOf(directory, base),
  }
}

/** A state that belongs to an earlier time: what was written since is not given again, so the files are as they should be. */
export function takeUp(place: FilePlace, remembered: FileState): FileState {
  const { inode, length, previous, part } = unknownState(place)
  return { ...remembered, inode, length, previous, part: Math.max(remembered.part, part), mark: undefined }
}

/** Trouble with the file of a save, before anything is done about it; undefined when it is as it was, or longer. */
export function complaintAbout({ directory, base }: FilePlace, saved: FileState): string | undefined {
  const current = logPath(directory, base)
  const size = statSync(current, { throwIfNoEntry: false })?.size
  if (saved.inode === 0 || (size ?? 0) >= saved.length || findOwn(directory, base, saved)) return undefined
  // Several runs passed since the save: what is given again makes both files anew.
  const now = previousOf(directory, base)
  const isRenamed = now.inode !== saved.previous.inode || now.length !== saved.previous.length
  if (isRenamed || newerParts(directory, base, saved).length > 0) return undefined
  return size === undefined
    ? `${current} is gone; a new one is begun`
    : `${current} is shorter than it was (${size} of ${saved.length} bytes); going on at its end`
}

/**
 * Brings the files back to the save: what was renamed since gets its name again, and what was begun since, all of which is
 * given again from `entry` on, goes. Nothing is cut: what stands behind the saved length is compared with what is given
 * again (leftover.ts). Safe to be interrupted anywhere. Gives the state to go on from.
 */
export function restore(place: FilePlace, saved: FileState, entry: Uint8Array): FileState {
  const { directory, base } = place
  const current = logPath(directory, base)
  const own = findOwn(directory, base, saved)
  const begun = newerParts(directory, base, saved).filter((path) => path !== own && isBegunSince(path, entry))
  // Begun since and not renamed: it is what would be written anew.
  if (!own && begun.length === 0 && startsWith(current, entry)) return { ...takeUp(place, saved), length: 0 }
  for (const path of begun.reverse()) rmSync(path, { force: true })
  if (own !== current && isBegunSince(current, entry)) rmSync(current, { force: true })
  const isBack = own !== undefined && (own === current || (inodeOf(current) === 0 && renamed(own, current)))
  const found = takeUp(place, saved)
  return isBack ? { ...found, length: saved.length, mark: saved.mark } : found
}

/** Trouble with a name that no save knows, though others are known: what it has was begun since, or is not ours. */
export function restoreUnknown(place: FilePlace, entry: Uint8Array): FileState {
  const restored = restore(place, { ...unknownState(place), inode: 0, length: 0, part: 0 }, entry)
  return { ...unknownState(place), length: restored.length }
}

/** The path of the file that the save knows as the current one. */
function findOwn(directory: string, base: string, saved: FileState): string | undefined {
  if (saved.inode === 0) return undefined
  const paths = [logPath(directory, base), ...newerParts(directory, base, saved), logPath(directory, base, 'previous')]
  return paths.find((path) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat?.isFile() && stat.ino === saved.inode && stat.size >= saved.length && hasMark(path, saved.mark)
  })
}

/** Files that were rotated since the save, oldest first. */
function newerParts(directory: string, base: string, saved: FileState): string[] {
  return listParts(directory, base)
    .filter(({ part, compressed }) => part >= saved.part && !compressed)
    .map(({ path }) => path)
}

function hasMark(path: string, mark: Mark | undefined): boolean {
  if (!mark) return true
  const bytes = readAt(path, mark.end - mark.bytes, mark.bytes)
  return bytes?.length === mark.bytes && crc32(bytes) === mark.crc
}

const timeShape = /^\[?(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{3})(?:[+-]\d\d:\d\d)?\]? /

/** An empty file, or one whose first entry is of our shape and no older than the first one that is given again. */
function isBegunSince(path: string, entry: Uint8Array): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat?.isFile()) return false
  if (stat.size === 0) return true
  const time = (bytes: Uint8Array | undefined): string | undefined =>
    bytes && timeShape.exec(Buffer.from(bytes.subarray(0, 32)).toString('latin1'))?.[1]
  const [first, given] = [time(readAt(path, 0, 32)), time(entry)]
  return first !== undefined && given !== undefined && first >= given
}

function startsWith(path: string, entry: Uint8Array): boolean {
  return entry.length > 0 && Buffer.compare(readAt(path, 0, entry.length) ?? new Uint8Array(0), entry) === 0
}

function renamed(from: string, to: string): boolean {
  renameSync(from, to)
  return true
}

function readAt(path: string, at: number, length: number): Uint8Array | undefined {
  const handle = openToRead(path)
  if (handle === undefined) return undefined
  try {
    const bytes = new Uint8Array(length)
    return bytes.subarray(0, readSync(handle, bytes, 0, length, at))
  } finally {
    closeQuietly(handle)
  }
}
