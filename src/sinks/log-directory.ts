// The files that one sink writes into one directory: opened on demand, brought back to the last save at the start, made
// durable together, and tidied behind.
import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync } from 'node:fs'
import path from 'node:path'
import { makeDirectory } from '../make-directory.ts'
import type { SinkContext } from '../sink.ts'
import { restore, unknownState, type FileState } from './file-state.ts'
import { listLogFiles, logPath } from './log-names.ts'
import { archiveOf, type LogOptions } from './log-options.ts'
import { createMakeRoom, describeGivenUp } from './make-room.ts'
import { openRotatingFile, type RotatingFile } from './rotating-file.ts'
import { parseSavedLogs, type SavedLogs } from './saved-logs.ts'
import { createTidier } from './tidy-rotated.ts'
import { createTrouble, reasonOf } from './trouble.ts'

export interface LogDirectoryOptions {
  /** Absolute. */
  directory: string
  options: LogOptions
  context: SinkContext
  /** Whose gap it is when something of a file is lost. */
  sourceOf(base: string): string
}

export interface LogDirectory {
  /** The position of the last save. */
  position(): number
  file(base: string): RotatingFile
  /** Makes all files durable, which hold everything up to `position`. */
  save(position: number): SavedLogs
  /** Reports once what should never happen. */
  report(error: unknown): void
  /** Resolves when rotated files are tidied as far as they may be. */
  idle(): Promise<void>
  close(): void
}

/** Saves after which a file that nobody writes to is closed. */
const idleSaves = 30

export function openLogDirectory({ directory, options, context, sourceOf }: LogDirectoryOptions): LogDirectory {
  const archive = archiveOf(options, directory)
  const trouble = createTrouble(context)
  const files = new Map<string, { file: RotatingFile; usedAt: number }>()
  const saved = parseSavedLogs(context.saved)
  const states = new Map<string, FileState>()
  /** Begun since the last save, so all of it will be given again. */
  const strays = new Set<string>()
  const tidier = createTidier({ ...options, directory, archive, trouble })
  const tidied = new Map<string, string>()
  let last: SavedLogs = saved ?? { version: 1, position: 0, files: {} }
  let saves = 0

  const makeRoom = createMakeRoom({
    directory,
    archive,
    now: () => context.now(),
    owns: (base) => stateOf(base).run >= 0,
    gaveUp(file) {
      const { message, fields } = describeGivenUp(file)
      context.gap(sourceOf(file.base), message, fields)
    },
  })

  function stateOf(base: string): FileState {
    return files.get(base)?.file.state() ?? states.get(base) ?? unknownState(directory, base, archive)
  }

  function begin(): void {
    try {
      makeDirectory(directory)
    } catch (error) {
      trouble.report('directory', `Cannot make ${directory} (${reasonOf(error)}); going on without log files`)
    }
    const bases = new Set(listLogFiles(directory).map(({ base }) => base))
    const complaints: string[] = []
    for (const [base, state] of Object.entries(saved?.files ?? {})) {
      bases.delete(base)
      restoreFile(base, state, complaints)
    }
    for (const base of bases) {
      if (saved) strays.add(base)
      else states.set(base, unknownState(directory, base, archive))
    }
    const more = complaints.length > 3 ? ` (and ${complaints.length - 3} more files)` : ''
    if (complaints.length > 0) context.warn(complaints.slice(0, 3).join('; ') + more)
  }

  function restoreFile(base: string, state: FileState, complaints: string[]): void {
    try {
      const complaint = restore(directory, base, state)
      if (complaint) complaints.push(complaint)
      const found = unknownState(directory, base, archive)
      const { inode, length, previous } = found
      if (inode === 0 && previous.inode === 0 && found.part === 1 && !state.missing) return
      states.set(base, { ...state, inode, length, previous, part: Math.max(state.part, found.part) })
    } catch (error) {
      complaints.push(`${logPath(directory, base)} cannot be brought back to its last entry (${reasonOf(error)})`)
      states.set(base, state)
    }
  }

  /** One that is not ours appeared while no hub was looking, and is kept. */
  function takeOver(base: string): void {
    const current = logPath(directory, base)
    if (!existsSync(current) || startsLikeOurs(current)) restore(directory, base, nothing)
    else renameSync(current, logPath(directory, base, 'previous'))
  }

  function openFile(base: string): RotatingFile {
    if (existsSync(directory)) trouble.heal('directory')
    if (strays.delete(base)) takeOver(base)
    const file = openRotatingFile(
      {
        directory,
        base,
        rotateBytes: options.rotateBytes,
        trouble,
        now: () => context.now(),
        reclaim: makeRoom,
        lost({ lines, from, to }) {
          const name = path.basename(logPath(directory, base))
          const message = `${lines} lines missing in ${name}: it could not be written; the store has them`
          context.gap(sourceOf(base), message, { cause: 'unwritable', file: name, lines, from, to })
        },
      },
      states.get(base) ?? unknownState(directory, base, archive),
    )
    files.set(base, { file, usedAt: saves })
    states.delete(base)
    return file
  }

  /** Parts older than what the last save remembers are free to be moved and removed. */
  function tidy(): void {
    for (const [base, { run, part, keepFrom }] of Object.entries(last.files)) {
      const key = `${part} ${keepFrom}`
      if (run < 0 || tidied.get(base) === key) continue
      tidied.set(base, key)
      tidier.add({ base, below: part, keepFrom })
    }
  }

  begin()

  return {
    position: () => last.position,
    file(base) {
      const known = files.get(base)
      if (!known) return openFile(base)
      known.usedAt = saves
      return known.file
    },
    save(position) {
      let renamed = false
      for (const [, { file, usedAt }] of files) {
        file.sync()
        renamed = file.takeRenamed() || renamed
        if (saves - usedAt > idleSaves) file.closeHandle()
      }
      if (renamed) syncDirectory(directory)
      tidy()
      saves++
      const now: [string, FileState][] = [...states]
      for (const [base, { file }] of files) now.push([base, file.state()])
      last = { version: 1, position, files: Object.fromEntries(now) }
      return last
    },
    report(error) {
      trouble.report('internal', `Log files in ${directory}: ${reasonOf(error)}`)
    },
    idle: () => tidier.idle(),
    close() {
      tidier.close()
      for (const { file } of files.values()) file.closeHandle()
    },
  }
}

const nothing: FileState = {
  inode: 0,
  length: 0,
  run: -1,
  part: 0,
  firstPart: 0,
  keepFrom: 0,
  previous: { inode: 0, length: 0 },
}

function syncDirectory(directory: string): void {
  try {
    const handle = openSync(directory, 'r')
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch {
    // Not every file system lets a directory be synced; what was written is synced all the same.
  }
}

/** Whether the first line is a D2 line, or there is none. */
function startsLikeOurs(file: string): boolean {
  const bytes = Buffer.alloc(64)
  const fd = openSync(file, 'r')
  try {
    const text = bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0))
    return text === '' || /^\[?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\]? /.test(text)
  } finally {
    closeSync(fd)
  }
}
