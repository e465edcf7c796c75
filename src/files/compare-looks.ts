// A look at files, held against what is known: which files to open and in what order, which to let go, which to forget.
import type { FileIdentity } from '../contracts/source-storage.ts'
import { isFresh, type Found, type FoundFile } from './find-files.ts'
import { identityOf } from './identity-of.ts'

/** A rotated file that is not read: from before, a copy, or read to its end and let go. */
export interface Passed {
  modifiedAt: number
  /** So much of the file is not to be read again. */
  readBytes: number
  /** The file may be a copy with a rest that is still to be read, as long as it is new. */
  mayHaveRest: boolean
}

/** Since when a file that no glob finds has not grown, and to where. */
export interface Parting {
  since: number
  size: number
}

/** So long it may take from copying to truncating. */
const copiedMs = 10_000
/** So long a file that was renamed or removed must have been quiet to be let go. */
const partingMs = { replaced: 2000, gone: 10_000 }

/** The file is not to be read again: it has not grown since it was passed. */
export function isStillPassed(before: Passed | undefined, file: FoundFile, now: number): boolean {
  // Written to since, or another file with its inode.
  if (before?.modifiedAt !== file.modifiedAt) return false
  // The original may have been truncated since: what had not been read of that is read from the copy.
  if (before.mayHaveRest) return file.modifiedAt < now - copiedMs
  return file.size <= before.readBytes
}

/** A file that no glob finds is read as long as it grows, and for a while longer. */
export function nextParting(
  before: Parting | undefined,
  size: number,
  now: number,
  isReplaced: boolean,
): Parting | 'over' {
  const parting = before?.size === size ? before : { since: now, size }
  return now - parting.since < partingMs[isReplaced ? 'replaced' : 'gone'] ? parting : 'over'
}

/** The files of each log, the oldest first: what was rotated of a log is read before what took its place. */
export function groupByLog(files: readonly FoundFile[]): FoundFile[][] {
  const logs = Map.groupBy(files.toSorted(byAge), (file) => file.original?.path ?? file.realPath)
  return [...logs.values()]
}

/** The order in which the files of a log are read, also those that are gone and still read. `followed`: by path before the look. */
export function readingOrder(
  files: readonly FoundFile[],
  followed: ReadonlyMap<string, FileIdentity & { realPath: string }>,
): FileIdentity[] {
  const present = files.filter(({ original }) => !original)
  const rotated = files.filter(({ original }) => original)
  const gone = present
    .map(({ realPath }) => followed.get(realPath))
    .filter((each) => each !== undefined && !files.some((file) => isSame(file, each)))
  return [...gone, ...rotated, ...present].map((each) => ({ device: each!.device, inode: each!.inode }))
}

/** Files that are known and not followed; `goneBefore`: gone when the first look came. */
export interface Known {
  identities: ReadonlySet<string>
  /** Not found by the look before. */
  missed: ReadonlySet<string>
  goneBefore: ReadonlySet<string>
}

/**
 * While files are renamed a look may miss one, so it counts only when two have; one that went while no hub ran is kept as long as
 * an archive may have it.
 */
export function partGone(
  found: ReadonlySet<string>,
  { identities, missed, goneBefore: wereGone }: Known,
  { isFirst, mayBeArchived }: { isFirst: boolean; mayBeArchived: boolean },
): { forgotten: string[]; missed: Set<string>; goneBefore: Set<string> } {
  const gone = [...identities].filter((identity) => !found.has(identity))
  const goneBefore = new Set(isFirst ? gone : gone.filter((identity) => wereGone.has(identity)))
  const isForgotten = (identity: string): boolean =>
    missed.has(identity) && !(mayBeArchived && goneBefore.has(identity))
  return {
    forgotten: gone.filter(isForgotten),
    missed: new Set(gone.filter((identity) => !isForgotten(identity))),
    goneBefore,
  }
}

/** The system tells of all that could change; of links, and files in the making, only looking tells. */
export const isTold = ({ files, rotated, archives, refused }: Found, now: number): boolean =>
  !archives.some((file) => isFresh(file, now)) &&
  refused.length === 0 &&
  rotated.every(({ size }) => size > 0) &&
  files.every(({ path, realPath }) => path === realPath)

export const byAge = (a: FoundFile, b: FoundFile): number => a.modifiedAt - b.modifiedAt || byRotation(a.path, b.path)

/** Of numbers the highest is the oldest (`app.log.2`), of dates the lowest (`app.log-20251019`). */
function byRotation(a: string, b: string): number {
  const order = a.localeCompare(b, 'en', { numeric: true })
  return /\d{4}[^/]*$/.test(a) ? order : -order
}

export const isSame = (a: FileIdentity, b: FileIdentity): boolean => identityOf(a) === identityOf(b)
