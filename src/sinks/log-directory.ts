// The files that one sink writes into one directory: opened on demand, brought back to the last save at the start, made
// durable together, and tidied behind.
import { accessSync, closeSync, constants, fsyncSync, openSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { makeDirectory } from '../system/make-directory.ts'
import type { SinkContext } from '../contracts/sink.ts'
import type { EntryLines } from './entry-lines.ts'
import {
  complaintAbout,
  restore,
  restoreUnknown,
  takeUp,
  unknownState,
  type FilePlace,
  type FileState,
} from './file-state.ts'
import { listLogFiles, logPath } from './log-names.ts'
import { archiveOf, type LogOptions } from './log-options.ts'
import { givenUpGap, logFileGap } from '../text/gaps.ts'
import { createMakeRoom } from './make-room.ts'
import { openRotatingFile, type RotatingFile } from './rotating-file.ts'
import { knownIn, parseSavedLogs, type SavedLogs } from './saved-logs.ts'
import { createTidier } from './tidy-rotated.ts'
import { createTrouble, fileKey, reasonOf } from './trouble.ts'

export interface LogDirectoryOptions {
  /** Absolute. */
  directory: string
  options: LogOptions
  context: SinkContext
  /** The source whose gap it is when something of a file is lost. */
  sourceOf(base: string): string
}

export interface LogDirectory {
  /** The position of the last save. */
  position(): number
  /** `lines`: what is written next. */
  file(base: string, lines: EntryLines): RotatingFile
  /** Makes all files durable, which hold everything up to `position`. */
  save(position: number): SavedLogs
  /** Reports once what should never happen. */
  report(error: unknown): void
  /** Trouble that lasts, for people. */
  trouble(): string[]
  /** Why nothing of this name gets into a file. */
  obstacle(base: string): string | undefined
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
  /** Of files that have not been written to yet. */
  const states = new Map<string, FileState>()
  /** Entries that came after this save are given again. */
  const unrestored = new Set<string>()
  const tidier = createTidier({ ...options, directory, archive, trouble })
  const tidied = new Map<string, string>()
  const place = (base: string): FilePlace => ({ directory, base, archive })
  checkDirectory()
  const realDirectory = realPath(directory)
  const known = saved && knownIn(realDirectory, saved)
  let last: SavedLogs = savedLogs(saved?.position ?? 0, Object.entries(known?.files ?? {}))
  let saves = 0

  const makeRoom = createMakeRoom({
    directory,
    archive,
    now: () => context.now(),
    owns: (base) => stateOf(base).run >= 0,
    gaveUp: (file) => context.gap(sourceOf(file.base), givenUpGap(path.basename(file.path), file.bytes)),
  })

  function stateOf(base: string): FileState {
    return files.get(base)?.file.state() ?? states.get(base) ?? unknownState(place(base))
  }

  function savedLogs(position: number, now: [string, FileState][]): SavedLogs {
    const others = known && Object.keys(known.others).length > 0 ? { others: known.others } : {}
    return { version: 1, position, directory: realDirectory, files: Object.fromEntries(now), ...others }
  }

  function checkDirectory(): void {
    try {
      makeDirectory(directory)
      if (!statSync(directory).isDirectory()) throw new Error('ENOTDIR: it is no directory')
      accessSync(directory, constants.W_OK | constants.X_OK)
      trouble.heal('directory')
    } catch (error) {
      trouble.report(
        'directory',
        `Cannot write log files in ${directory} (${reasonOf(error)}); going on without log files`,
      )
    }
  }

  function begin(): void {
    const complaints: string[] = []
    for (const [base, state] of Object.entries(known?.files ?? {})) {
      try {
        const complaint = known!.isLast ? complaintAbout(place(base), state) : undefined
        if (complaint) complaints.push(complaint)
        const { inode, previous, part } = unknownState(place(base))
        if (inode === 0 && previous.inode === 0 && part === 1 && !state.missing) continue
        if (known!.isLast) unrestored.add(base)
        states.set(base, known!.isLast ? state : takeUp(place(base), state))
      } catch (error) {
        complaints.push(`${logPath(directory, base)} cannot be looked at (${reasonOf(error)})`)
        states.set(base, state)
      }
    }
    const more = complaints.length > 3 ? ` (and ${complaints.length - 3} more files)` : ''
    if (complaints.length > 0) context.warn(complaints.slice(0, 3).join('; ') + more)
    if (known?.isLast) return
    // Files that lie there were there before this log.
    for (const { base } of listLogFiles(directory)) if (!states.has(base)) states.set(base, unknownState(place(base)))
  }

  /** The state to go on from, when `entry` is what comes next. */
  function stateFrom(base: string, entry: Uint8Array): FileState {
    const state = states.get(base)
    try {
      if (state) return unrestored.has(base) ? restore(place(base), state, entry) : state
      return known?.isLast ? restoreUnknown(place(base), entry) : unknownState(place(base))
    } catch (error) {
      context.warn(`${logPath(directory, base)} cannot be brought back to its last entry (${reasonOf(error)})`)
      return state ?? unknownState(place(base))
    }
  }

  function openFile(base: string, lines: EntryLines): RotatingFile {
    const state = stateFrom(base, lines.bytes.subarray(0, lines.ends[0] ?? 0))
    const file = openRotatingFile(
      {
        directory,
        base,
        rotateBytes: options.rotateBytes,
        trouble,
        now: () => context.now(),
        reclaim: makeRoom,
        lost: (missing) =>
          context.gap(sourceOf(base), logFileGap({ ...missing, file: path.basename(logPath(directory, base)) })),
      },
      state,
    )
    files.set(base, { file, usedAt: saves })
    states.delete(base)
    unrestored.delete(base)
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
    file(base, lines) {
      const opened = files.get(base)
      if (!opened) return openFile(base, lines)
      opened.usedAt = saves
      return opened.file
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
      last = savedLogs(position, now)
      return last
    },
    report(error) {
      trouble.report('internal', `Log files in ${directory}: ${reasonOf(error)}`)
    },
    trouble() {
      const hadNoDirectory = trouble.lasting('directory') !== undefined
      if (hadNoDirectory) checkDirectory()
      // The trouble must not be over for people while lines still pass the files by.
      const isBack = hadNoDirectory && trouble.lasting('directory') === undefined
      for (const { file } of files.values()) file.look(isBack)
      return trouble.all()
    },
    obstacle: (base) => trouble.lasting('directory') ?? trouble.lasting(fileKey(logPath(directory, base))),
    idle: () => tidier.idle(),
    close() {
      tidier.close()
      for (const { file } of files.values()) file.closeHandle()
    },
  }
}

/** Also of a directory that cannot be made: what of it exists is followed. */
function realPath(directory: string): string {
  try {
    return realpathSync(directory)
  } catch {
    const parent = path.dirname(directory)
    return parent === directory ? directory : path.join(realPath(parent), path.basename(directory))
  }
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
