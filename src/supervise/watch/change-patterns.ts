// Patterns of files that a process is restarted for: globs of wanted and of unwanted ones, and files that nobody ever wants.
import { basename, dirname, isAbsolute, join, matchesGlob, normalize, relative, resolve, sep } from 'node:path'

export interface ChangePatterns {
  /** Directories to look at, absolute, none within another. */
  roots: string[]
  /** Whether a file of this absolute path is wanted. */
  wants(path: string): boolean
  /** Whether there may be such a file in this directory or below it. */
  enters(directory: string): boolean
}

/** Files that tools write while one works. A pattern that names one of them wants it all the same. */
const ignoredByDefault = ['node_modules', 'logs', '__pycache__', '*.log', '*.pyc', '*.swp', '*~', '#*#', '4913']
const wildcard = /[*?[\]{}()!]/

/** Relative to `base`; `own` are directories whose changes are ours. */
export function changePatterns(files: string[], ignore: string[], base: string, own: string[]): ChangePatterns {
  const isNegative = (pattern: string): boolean => pattern.startsWith('!')
  const wanted = files.filter((pattern) => !isNegative(pattern)).map(normalize)
  const unwanted = [...ignore, ...files.filter(isNegative).map((pattern) => pattern.slice(1))]
  const words = new Set(wanted.flatMap((pattern) => pattern.split(sep)))
  const names = [
    ...ignoredByDefault.filter((name) => !words.has(name)),
    ...unwanted.filter((each) => !each.includes('/')),
  ]
  const places = unwanted.filter((each) => each.includes('/')).map(normalize)

  // Not made absolute, since the base may have in its name what means something in a glob.
  const forPattern = (path: string, pattern: string): string => (isAbsolute(pattern) ? path : relative(base, path))
  /** A pattern that is a directory means all in it. */
  const matches = (path: string, pattern: string): boolean => {
    const subject = forPattern(path, pattern)
    return matchesGlob(subject, pattern) || matchesGlob(subject, join(pattern, '**'))
  }
  const isIgnored = (path: string): boolean =>
    relative(base, path)
      .split(sep)
      .some((segment) => names.some((name) => matchesGlob(segment, name))) ||
    places.some((pattern) => matches(path, pattern)) ||
    own.some((directory) => isWithin(path, directory))

  return {
    roots: outermost(wanted.map((pattern) => rootOf(pattern, base))),
    wants: (path) => wanted.some((pattern) => matches(path, pattern)) && !isIgnored(path),
    enters: (directory) =>
      wanted.some((pattern) => mayHold(forPattern(directory, pattern), pattern)) && !isIgnored(directory),
  }
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep)
}

/** The base, or outside of it where the wildcards begin: a directory that is still to come is seen by its parent. */
function rootOf(pattern: string, base: string): string {
  const segments = pattern.split(sep)
  const wild = segments.findIndex((segment) => wildcard.test(segment))
  const named = resolve(
    base,
    wild < 0 ? dirname(pattern) : segments.slice(0, wild).join(sep) || (isAbsolute(pattern) ? sep : '.'),
  )
  return isWithin(named, base) ? base : named
}

function outermost(directories: string[]): string[] {
  const isInner = (each: string): boolean => directories.some((other) => other !== each && isWithin(each, other))
  return [...new Set(directories)].filter((each) => !isInner(each))
}

/** By its segments, as far as they go: globs do not say whether a directory can lead to a match. */
function mayHold(directory: string, pattern: string): boolean {
  const segments = directory.split(sep).filter((segment) => segment !== '')
  const globs = pattern.split(sep).filter((glob) => glob !== '')
  for (const [index, segment] of segments.entries()) {
    const glob = globs[index]
    // As globs have it: a name that begins with a dot is meant only where it is named.
    if (glob === '**' || glob === undefined)
      return segments.slice(index).every((each) => !each.startsWith('.') || globs.includes(each))
    if (segment !== glob && !matchesGlob(segment, glob)) return false
  }
  return true
}

/** For people: relative where that is shorter. */
export function formatPath(path: string, base: string): string {
  return isWithin(path, base) ? relative(base, path) || basename(path) : path
}
