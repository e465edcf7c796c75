// What a save remembers of a log file, and how the files are brought back to it after a crash, however they were renamed
// since. Relies on one promise: nothing that a save remembers is removed or changed before the next one.
import { renameSync, rmSync, statSync, truncateSync } from 'node:fs'
import { listParts, logPath } from './log-names.ts'

/** A file as it was at a save: plain JSON. */
export interface FileState {
  /** Inode of the current file, 0 when there was none. */
  inode: number
  length: number
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

export function inodeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.ino ?? 0
}

export function previousOf(directory: string, base: string): Previous {
  const stat = statSync(logPath(directory, base, 'previous'), { throwIfNoEntry: false })
  return { inode: stat?.ino ?? 0, length: stat?.size ?? 0 }
}

/** The state of a file that no save knows: what it holds is another run's. */
export function unknownState(directory: string, base: string, archive: string | undefined): FileState {
  const current = statSync(logPath(directory, base), { throwIfNoEntry: false })
  const numbers = [directory, ...(archive ? [archive] : [])].flatMap((place) => listParts(place, base))
  const part = 1 + Math.max(0, ...numbers.map((file) => file.part))
  return {
    inode: current?.ino ?? 0,
    length: current?.size ?? 0,
    run: -1,
    part,
    firstPart: 0,
    keepFrom: 0,
    previous: previousOf(directory, base),
  }
}

/**
 * Brings the files back to what they were at the save: what was renamed since gets its name again, what was begun since
 * goes, and the file is cut. Safe to be interrupted anywhere. Returns a warning when the file is not what it was.
 */
export function restore(directory: string, base: string, saved: FileState): string | undefined {
  const current = logPath(directory, base)
  const previous = logPath(directory, base, 'previous')
  const newer = listParts(directory, base).filter(({ part, compressed }) => part >= saved.part && !compressed)
  const known = saved.inode !== 0
  let own = known ? newer.find(({ part }) => part === saved.part)?.path : undefined
  if (known && !own && inodeOf(current) !== saved.inode && inodeOf(previous) === saved.inode) own = previous
  const later = newer.filter(({ path }) => path !== own)
  if (own || later.length > 0 || !known) rmSync(current, { force: true })
  for (const { path } of later.reverse()) rmSync(path, { force: true })
  if (own) renameSync(own, current)
  const size = statSync(current, { throwIfNoEntry: false })?.size
  if (size !== undefined && size > saved.length) truncateSync(current, saved.length)
  if (!known || (size ?? 0) >= saved.length) return undefined
  // Several runs passed since the save: the replay makes both files anew.
  const now = previousOf(directory, base)
  if (now.inode !== saved.previous.inode || now.length !== saved.previous.length || later.length > 0) return undefined
  return size === undefined
    ? `${current} is gone; a new one is begun`
    : `${current} is shorter than it was (${size} of ${saved.length} bytes); going on at its end`
}
