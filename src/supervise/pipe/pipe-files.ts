// Files that `logboom pipe` leaves for the hub: the lines, as of any process, and a note that says whose they are. So neither needs
// the other to be there, and both may be killed.
import { closeSync, constants, openSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectory } from '../../system/make-directory.ts'
import { replaceFile } from '../../system/new-file.ts'
import { encodeName } from '../capture-files.ts'
import type { ProcessIdentity } from '../process/identity.ts'

export interface PipeNote {
  id: string
  /** Of its source. */
  name: string
  identity: ProcessIdentity | undefined
  /** Unix milliseconds. */
  startedAt: number
  /** Time of the end of its input; absent while the pipe lives, and when it was killed. */
  endedAt?: number
}

/** No source of processes has a directory of this name. */
export const pipesDirectory = (captureDirectory: string): string => join(captureDirectory, '.pipes')
const directoryOf = (captureDirectory: string, name: string): string =>
  join(pipesDirectory(captureDirectory), encodeName(name))
const notePath = (captureDirectory: string, { name, id }: Pick<PipeNote, 'name' | 'id'>): string =>
  join(directoryOf(captureDirectory, name), `${id}.json`)

export const pipeLinesPath = (captureDirectory: string, { name, id }: Pick<PipeNote, 'name' | 'id'>): string =>
  join(directoryOf(captureDirectory, name), `${id}.lines`)

/** Makes both files, and lets hubs that watch know; gives the descriptor of the lines. */
export function openPipeFiles(captureDirectory: string, note: PipeNote): number {
  makeDirectory(directoryOf(captureDirectory, note.name))
  const { O_APPEND, O_CREAT, O_WRONLY, O_EXCL } = constants
  const descriptor = openSync(pipeLinesPath(captureDirectory, note), O_APPEND | O_CREAT | O_WRONLY | O_EXCL, 0o600)
  try {
    writePipeNote(captureDirectory, note)
    const now = new Date()
    utimesSync(pipesDirectory(captureDirectory), now, now)
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    rmSync(pipeLinesPath(captureDirectory, note), { force: true })
    throw error
  }
}

export function writePipeNote(captureDirectory: string, note: PipeNote): void {
  replaceFile(notePath(captureDirectory, note), JSON.stringify(note), { isLasting: false })
}

export function readPipeNote(captureDirectory: string, note: Pick<PipeNote, 'name' | 'id'>): PipeNote | undefined {
  try {
    return JSON.parse(readFileSync(notePath(captureDirectory, note), 'utf8')) as PipeNote
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

export function removePipeNote(captureDirectory: string, note: PipeNote): void {
  rmSync(notePath(captureDirectory, note), { force: true })
}

/** Pipes that have not been read to their end, the oldest first. */
export function findPipes(captureDirectory: string): PipeNote[] {
  const directories = list(pipesDirectory(captureDirectory)).map((name) => join(pipesDirectory(captureDirectory), name))
  const notes = directories.flatMap((directory) =>
    list(directory)
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => readNote(join(directory, file)) ?? []),
  )
  return notes.sort((a, b) => a.startedAt - b.startedAt)
}

function readNote(path: string): PipeNote | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PipeNote
  } catch {
    // Removed meanwhile.
    return undefined
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
