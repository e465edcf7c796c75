// Globs → the files that are meant, with what they are and what else lies beside them under their name: rotated ones.
import { glob, lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, matchesGlob, resolve, sep } from 'node:path'
import type { FileIdentity, FilePlace } from '../contracts/source-storage.ts'
import type { FileOptions } from './file-options.ts'

export interface FoundFile extends FileIdentity {
  /** As the glob found it. */
  path: string
  /** With all links followed. */
  realPath: string
  size: number
  /** Unix milliseconds. */
  modifiedAt: number
  /** The file that this rotated one came from: app.log for `app.log.1`. */
  original?: FilePlace
  /** An archive that is not to be read yet. */
  isUnfinished?: boolean
}

export interface Found {
  files: FoundFile[]
  /** Beside them, called the same and more; not those that the globs find, nor compressed ones. */
  rotated: FoundFile[]
  /** Compressed ones, found or rotated, when they are wanted. */
  archives: FoundFile[]
  /** Links that lead where nothing may be read. */
  refused: { path: string; target: string }[]
}

const unpackable = /(?<!\.tar)\.(?:gz|zst)$/
const compressed = /\.(?:gz|zst|bz2|xz|lz4|zip)$/

/** The directories that the globs name before their first wildcard; not yet those behind links. */
export function namedDirectories(paths: readonly string[], base: string): string[] {
  return [
    ...new Set(
      paths.map((pattern) => {
        const parts = resolve(base, pattern).split(sep)
        const wild = parts.findIndex((part) => /[*?[\]{}()!]/.test(part))
        return parts.slice(0, wild < 0 ? -1 : wild).join(sep) || sep
      }),
    ),
  ]
}

/** Unless they are wanted, compressed files are found only where a glob ends like one. */
export async function findFiles(
  options: Pick<FileOptions, 'paths' | 'exclude' | 'allow' | 'compressed'>,
  base: string,
  now: number = Date.now(),
): Promise<Found> {
  const found: Found = { files: [], rotated: [], archives: [], refused: [] }
  const look = openLook()
  const isArchive = (path: string): boolean => options.compressed && unpackable.test(path)
  const matched = new Set<string>()
  for (const pattern of options.paths)
    for await (const name of glob(pattern, { cwd: base, exclude: options.exclude })) {
      const path = resolve(base, name)
      if (!matched.has(path) && (!compressed.test(path) || compressed.test(pattern) || isArchive(path)))
        matched.add(path)
    }
  // Made just now, a directory that was not there before would seem not to be named.
  const roots = await realDirectories([
    ...namedDirectories(options.paths, base),
    ...options.allow.map((each) => resolve(base, each)),
  ])
  for (const path of matched) {
    const file = await look(path)
    if (!file) continue
    if (roots.some((root) => isInside(file.realPath, root)))
      (isArchive(file.realPath) ? found.archives : found.files).push(file)
    else found.refused.push({ path, target: file.realPath })
  }
  const named = new Map<string, FilePlace>(found.files.map((file) => [file.realPath, placeOf(file)]))
  const absent = await absentLogs(options, base)
  // Of what the globs find only numbers tell that it was rotated.
  for (const file of found.files) setOriginal(file, named, /[.\-_]\d+$/.test(file.realPath) ? absent : undefined)
  for (const directory of new Set([...[...named.keys()].map(dirname), ...absent.directories])) {
    const isOne = (name: string): boolean => {
      const path = join(directory, name)
      const isWanted = !compressed.test(name) || (isArchive(name) && !matched.has(path))
      return !named.has(path) && isWanted && originalOf(path, named, absent) !== undefined
    }
    const beside = await listRotated(directory, isOne, look)
    found.rotated.push(...beside.filter(({ path }) => !isArchive(path)))
    found.archives.push(...beside.filter(({ path }) => isArchive(path)))
  }
  for (const file of [...found.rotated, ...found.archives]) setOriginal(file, named, absent)
  for (const file of found.archives)
    if (isFresh(file, now) || (await isAccompanied(file, look))) file.isUnfinished = true
  return found
}

/** An archive that may be being made, and is looked at again soon. */
export const isFresh = ({ modifiedAt }: FoundFile, now: number): boolean => now - modifiedAt < quietMs

/** The archive is being made, or was made to be kept beside its text. */
async function isAccompanied(
  file: FoundFile,
  look: (path: string) => Promise<FoundFile | undefined>,
): Promise<boolean> {
  return (await look(file.realPath.replace(unpackable, ''))) !== undefined
}

function setOriginal(file: FoundFile, named: ReadonlyMap<string, FilePlace>, absent?: AbsentLogs): void {
  const original = originalOf(file.realPath, named, absent)
  if (original) file.original = original
}

/** Logs that the globs name and that may not be there for the moment: renamed, and not made again yet. */
interface AbsentLogs {
  directories: Iterable<string>
  /** `log` would be found if it were there, and the file that was rotated of it may be read. */
  mayBe(log: string, rotated: string): boolean
}

async function absentLogs(
  { paths, exclude }: Pick<FileOptions, 'paths' | 'exclude'>,
  base: string,
): Promise<AbsentLogs> {
  const patterns = new Map<string, string[]>()
  for (const pattern of paths.map((each) => resolve(base, each))) {
    const directory = dirname(pattern)
    if (namedDirectories([pattern], base)[0] !== directory) continue
    const real = await realpath(directory).catch(() => undefined)
    if (real) patterns.set(real, [...(patterns.get(real) ?? []), basename(pattern)])
  }
  const isExcluded = (path: string): boolean => exclude.some((pattern) => matchesGlob(path, resolve(base, pattern)))
  return {
    directories: patterns.keys(),
    mayBe: (log, rotated) =>
      patterns.get(dirname(log))?.some((pattern) => matchesGlob(basename(log), pattern)) === true &&
      !isExcluded(log) &&
      !isExcluded(rotated),
  }
}

const placeOf = ({ realPath: path, device, inode }: FoundFile): FilePlace => ({ path, device, inode })

/** While names are handed on (`.1` becomes `.2`) one may be missed, so it is looked again where something was renamed meanwhile. */
async function listRotated(
  directory: string,
  isOne: (name: string) => boolean,
  look: (path: string) => Promise<FoundFile | undefined>,
): Promise<FoundFile[]> {
  for (let attempt = 1; ; attempt++) {
    const before = await changedAt(directory)
    const names = (await readdir(directory).catch(() => [])).filter(isOne)
    const files = await Promise.all(names.map((name) => look(join(directory, name))))
    if (attempt < mostAttempts && (await changedAt(directory)) !== before) continue
    return files.filter((file, index) => file?.realPath === join(directory, names[index]!)) as FoundFile[]
  }
}

const mostAttempts = 5
/** An archive that was not written to for so long is complete. */
const quietMs = 5000

async function changedAt(directory: string): Promise<bigint | undefined> {
  return (await stat(directory, { bigint: true }).catch(() => undefined))?.mtimeNs
}

/** Of `app.log.1`, `app.log-20251019` or `app.log_old`: `app.log`, whether it is there or not. */
function originalOf(path: string, named: ReadonlyMap<string, FilePlace>, absent?: AbsentLogs): FilePlace | undefined {
  let missing: FilePlace | undefined
  for (let at = path.length - 1; path[at] !== sep; at--) {
    if (!'.-_'.includes(path[at]!)) continue
    const log = path.slice(0, at)
    if (named.has(log)) return named.get(log)
    if (absent?.mayBe(log, path)) missing ??= { path: log, device: 0, inode: 0 }
  }
  return missing
}

/** Looks files up, each directory's own links only once. */
function openLook(): (path: string) => Promise<FoundFile | undefined> {
  const directories = new Map<string, Promise<string>>()
  const realDirectory = (directory: string): Promise<string> => {
    let real = directories.get(directory)
    if (!real) directories.set(directory, (real = realpath(directory)))
    return real
  }
  return async (path) => {
    try {
      const own = await lstat(path)
      const isLink = own.isSymbolicLink()
      const stats = isLink ? await stat(path) : own
      if (!stats.isFile()) return undefined
      const realPath = isLink ? await realpath(path) : join(await realDirectory(dirname(path)), basename(path))
      const { dev: device, ino: inode, size, mtimeMs: modifiedAt } = stats
      return { path, realPath, device, inode, size, modifiedAt }
    } catch {
      // Gone between the listing and the look, or not to be read: the next look tells.
      return undefined
    }
  }
}

async function realDirectories(paths: readonly string[]): Promise<string[]> {
  const real = await Promise.all(paths.map((path) => realpath(path).catch(() => undefined)))
  return real.filter((path) => path !== undefined)
}

const isInside = (path: string, directory: string): boolean =>
  path.startsWith(directory.endsWith(sep) ? directory : directory + sep)
