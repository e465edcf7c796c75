// Files and directories as somebody names them → the log files that are meant, the oldest of one name first.
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { LogboomError } from '../../contracts/errors.ts'

export interface LogFile {
  path: string
  /** Name without what rotation and compression have added to it. */
  source: string
}

const readable = /\.(?:gz|zst)$/
const unreadable = /\.(?:bz2|xz|lz4|zip|tar|tgz|7z)$/
/** Endings that rotation adds: `.1`, `-20251019`, `.previous`; more of it is older but for dates. */
const rotated = /(?:[.-](\d+|previous|old))+$/
const firstBytes = 4096

/** Throws `request-invalid` for what is not there, or cannot be read; what lies in directories and is no log is passed over. */
export function listLogFiles(words: readonly string[], directory: string): LogFile[] {
  return label(new Set(words.flatMap((word) => pathsOf(word, resolve(directory, word)))), directory)
}

/** Like `listLogFiles`, while files come and go: absent ones are passed over. */
export function listPresentFiles(words: readonly string[], directory: string): LogFile[] {
  const present = (word: string): string[] => {
    try {
      return pathsOf(word, resolve(directory, word))
    } catch {
      return []
    }
  }
  return label(new Set(words.flatMap(present)), directory)
}

function label(paths: ReadonlySet<string>, directory: string): LogFile[] {
  const files = [...paths].map((path) => ({ path, source: nameOf(path) }))
  const places = (source: string): number => new Set(files.filter((file) => file.source === source).map(placeOf)).size
  const labelled = files.map((file) =>
    places(file.source) > 1 ? { ...file, source: nameWithDirectory(file, directory) } : file,
  )
  return labelled.toSorted((a, b) => ageOf(b.path) - ageOf(a.path))
}

function pathsOf(word: string, path: string): string[] {
  let isDirectory
  try {
    isDirectory = statSync(path).isDirectory()
    if (!isDirectory) closeSync(openSync(path, 'r'))
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new LogboomError('request-invalid', `${word}: ${code === 'ENOENT' ? 'no such file or directory' : message}`, {
      hint: 'Name log files, or directories that have some.',
      cause,
    })
  }
  if (isDirectory) return readdirSync(path).sort().map((name) => join(path, name)).filter(isLog) // oxfmt-ignore
  if (!unreadable.test(path)) return [path]
  throw new LogboomError('request-invalid', `${word}: what ends like this cannot be unpacked here`, {
    hint: 'Unpack it first; .gz and .zst are read as they are.',
  })
}

/** Text, or text in an archive. */
function isLog(path: string): boolean {
  if (basename(path).startsWith('.') || unreadable.test(path)) return false
  try {
    if (!statSync(path).isFile()) return false
    return readable.test(path) || !firstOf(path).includes(0) || hasByteOrderMark(firstOf(path))
  } catch {
    return false
  }
}

function firstOf(path: string): Buffer {
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(firstBytes)
    return bytes.subarray(0, readSync(fd, bytes, 0, firstBytes, 0))
  } finally {
    closeSync(fd)
  }
}

/** UTF-16 has zeros in it. */
const hasByteOrderMark = (bytes: Buffer): boolean =>
  bytes.length > 1 && (bytes.readUInt16BE(0) === 0xfeff || bytes.readUInt16BE(0) === 0xfffe)

function nameOf(path: string): string {
  const base = basename(path).replace(readable, '')
  return base.replace(rotated, '').replace(/\.(?:log|txt|jsonl?|ndjson)$/, '').replace(rotated, '') || base // oxfmt-ignore
}

const placeOf = ({ path }: LogFile): string => dirname(path)

const nameWithDirectory = ({ path, source }: LogFile, directory: string): string =>
  join(relative(directory, dirname(path)) || basename(dirname(path)), source)

/** Rotation, or compression, has given the file its name. */
export const isCopyName = (path: string): boolean => readable.test(path) || rotated.test(basename(path))

/** Orders files whose entries have the same time: `app.log.2` before `app.log.1` before `app.log`. */
function ageOf(path: string): number {
  const number = rotated.exec(basename(path).replace(readable, ''))?.[1]
  return number === undefined ? 0 : /^\d{1,4}$/.test(number) ? Number(number) : 1
}
