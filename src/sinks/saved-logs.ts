// What the sinks with files save, and whether what is read back is that. Checked by hand, for it happens in the storage
// worker, which has no schema library.
import type { FileState } from './file-state.ts'

export interface SavedLogs {
  version: 1
  /** Everything up to this id is in the files. */
  position: number
  files: Record<string, FileState>
}

/** Undefined for anything else, such as what another version saved. */
export function parseSavedLogs(value: unknown): SavedLogs | undefined {
  if (!isObject(value) || value.version !== 1 || !isCount(value.position) || !isObject(value.files)) return undefined
  return Object.values(value.files).every(isFileState) ? (value as unknown as SavedLogs) : undefined
}

function isFileState(value: unknown): boolean {
  if (!isObject(value)) return false
  const { inode, length, run, part, firstPart, keepFrom, previous, missing } = value
  return (
    typeof inode === 'number' &&
    Number.isSafeInteger(run) &&
    [length, part, firstPart, keepFrom].every(isCount) &&
    isObject(previous) &&
    typeof previous.inode === 'number' &&
    isCount(previous.length) &&
    (missing === undefined || (isObject(missing) && [missing.lines, missing.from, missing.to].every(isCount)))
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
