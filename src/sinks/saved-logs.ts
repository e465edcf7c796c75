// The saves of sinks with files, and whether what is read back is one. Checked by hand, for it happens in the storage
// worker, which has no schema library.
import type { FileState } from './file-state.ts'

export interface SavedLogs {
  version: 1
  /** Everything up to this id is in the files. */
  position: number
  /** Real path of the directory that `files` are in; absent where an older version saved. */
  directory?: string
  files: Record<string, FileState>
  /** Of other directories, which were configured before, the latest last: real path → files as they were left. */
  others?: Record<string, Record<string, FileState>>
}

const mostOthers = 8

/** Facts about the files in a directory, and of those in others. */
export interface KnownLogs {
  files: Record<string, FileState>
  /** The files are as they were at the last save, so that what comes after it is given again. */
  isLast: boolean
  others: Record<string, Record<string, FileState>>
}

/** A file is known by where it lies: one of the same name in another directory is another file. */
export function knownIn(directory: string, saved: SavedLogs): KnownLogs {
  const others = { ...saved.others }
  const isLast = saved.directory === undefined || saved.directory === directory
  if (!isLast) {
    delete others[saved.directory!]
    others[saved.directory!] = saved.files
  }
  const files = isLast ? saved.files : (others[directory] ?? {})
  delete others[directory]
  return { files, isLast, others: Object.fromEntries(Object.entries(others).slice(-mostOthers)) }
}

/** Undefined for anything else, such as what another version saved. */
export function parseSavedLogs(value: unknown): SavedLogs | undefined {
  if (!isObject(value) || value.version !== 1 || !isCount(value.position)) return undefined
  const { directory, files, others = {} } = value
  if (directory !== undefined && typeof directory !== 'string') return undefined
  if (!isObject(others) || ![files, ...Object.values(others)].every(areFileStates)) return undefined
  return value as unknown as SavedLogs
}

function areFileStates(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(isFileState)
}

function isFileState(value: unknown): boolean {
  if (!isObject(value)) return false
  const { inode, length, mark, run, part, firstPart, keepFrom, previous, missing } = value
  return (
    typeof inode === 'number' &&
    Number.isSafeInteger(run) &&
    [length, part, firstPart, keepFrom].every(isCount) &&
    isObject(previous) &&
    typeof previous.inode === 'number' &&
    isCount(previous.length) &&
    (mark === undefined || (isObject(mark) && [mark.end, mark.bytes, mark.crc].every(isCount))) &&
    (missing === undefined || (isObject(missing) && [missing.lines, missing.from, missing.to].every(isCount)))
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
