// Words that name files, directories and pipes → what is to be merged, each once, the oldest of one name first.
import { basename, dirname, join, relative } from 'node:path'
import { findLogs, identityOf, type FoundLog, type Walk } from './find-logs.ts'
import { shownPath } from './shown-path.ts'

export interface LogFile {
  path: string
  /** Name without what rotation and compression have added to it. */
  source: string
  /** How messages call it. */
  shown: string
  /** A pipe, a terminal and the like: it is there once, and ends. */
  isStream: boolean
  /** Tells it from others, whatever it is called. */
  identity: string
  /** Handle of this process that leads to it. */
  fd?: number
}

export interface LogFiles {
  /** Throws `request-invalid` for what is not there, or cannot be read; what lies in directories and is no log is passed over. */
  all(): LogFile[]
  /** Like `all`, while files come and go: absent ones are passed over. */
  present(): LogFile[]
  /** Paths in directories which may not be read, as of the last look. */
  closed(): string[]
  /** No word names a file or a directory. */
  areStreams(): boolean
}

const packed = /\.(?:gz|zst)$/
/** Endings that rotation adds: `.1`, `-20251019`, `.previous`; more of it is older but for dates. */
const rotated = /(?:[.-](\d+|previous|old))+$/

export function openLogFiles(words: readonly string[], directory: string, isRecursive: boolean): LogFiles {
  const walk: Walk = { isRecursive, known: new Set(), closed: [] }

  function list(find: (word: string) => FoundLog[]): LogFile[] {
    walk.closed = []
    const found = new Map<string, FoundLog>()
    for (const each of words.flatMap(find)) {
      // Links and other spellings lead to the same file.
      const identity = identityOf(each.stat)
      if (!found.has(identity)) found.set(identity, each)
    }
    return label([...found.values()], directory)
  }

  const find = (word: string): FoundLog[] => findLogs(word, directory, walk)
  return {
    all: () => list(find),
    present: () =>
      list((word) => {
        try {
          return find(word)
        } catch {
          return []
        }
      }),
    closed: () => walk.closed,
    areStreams: () => words.every((word) => find(word).some(isStreamLog)),
  }
}

function label(found: readonly FoundLog[], directory: string): LogFile[] {
  const files = found.map((each) => labelOf(each, directory))
  const places = new Map<string, Set<string>>()
  for (const { source, path } of files) places.set(source, (places.get(source) ?? new Set()).add(dirname(path)))
  const labelled = files.map((file) =>
    places.get(file.source)!.size > 1 ? { ...file, source: nameWithDirectory(file, directory) } : file,
  )
  return labelled.toSorted((a, b) => ageOf(b.path) - ageOf(a.path))
}

const isStreamLog = ({ fd, stat }: FoundLog): boolean => fd !== undefined || !stat.isFile()

function labelOf(found: FoundLog, directory: string): LogFile {
  const { path, fd, stat } = found
  const place = { path, isStream: isStreamLog(found), identity: identityOf(stat) }
  if (fd === undefined) return { ...place, source: nameOf(path), shown: shownPath(shorter(path, directory)) }
  return fd === 0
    ? { ...place, fd, source: 'stdin', shown: 'standard input' }
    : { ...place, fd, source: `fd-${fd}`, shown: path }
}

function shorter(path: string, directory: string): string {
  const short = relative(directory, path)
  return short.startsWith('..') ? path : short
}

function nameOf(path: string): string {
  const base = basename(path).replace(packed, '')
  const name = base.replace(rotated, '').replace(/\.(?:log|txt|jsonl?|ndjson)$/, '').replace(rotated, '') || base // oxfmt-ignore
  return shownPath(name)
}

const nameWithDirectory = ({ path, source }: LogFile, directory: string): string =>
  join(shownPath(relative(directory, dirname(path)) || basename(dirname(path))), source)

/** Rotation, or compression, has given the file its name. */
export const isCopyName = (path: string): boolean => packed.test(path) || rotated.test(basename(path))

/** Orders files whose entries have the same time: `app.log.2` before `app.log.1` before `app.log`. */
function ageOf(path: string): number {
  const number = rotated.exec(basename(path).replace(packed, ''))?.[1]
  return number === undefined ? 0 : /^\d{1,4}$/.test(number) ? Number(number) : 1
}
