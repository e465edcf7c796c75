// What a store must remember between commits (head, cursors, sequences), and how it is read back from the files.
import { basename, join } from 'node:path'
import type { Disk } from '../../disk.ts'
import type { CursorValue } from '../../store.ts'
import { parseTailFile } from './names.ts'
import { readRemovals } from './removals.ts'
import { sealedThrough } from './seal.ts'
import { setAside } from './set-aside.ts'
import { readTailHeaders, type CommitNote, type TailScan } from './tail-file.ts'

export interface State {
  head(): number
  sequence(source: string, run: number): number
  lastRuns(): Record<string, number>
  cursors(): ReadonlyMap<string, CursorValue>
  /** Takes in what one frame says. */
  apply(frame: { source: string; run: number }, note: CommitNote): void
  /** What the first frame of a new tail file must say, because the files before it will go. */
  carried(): CommitNote
  /** Drops the sequences of runs that are long over, so that the carried state stays small. */
  forgetOldRuns(): void
}

/** So many runs per source may still be drained or adopted. */
const keptRuns = 4

function openState(sealedHead: number): State {
  let head = sealedHead
  const cursors = new Map<string, CursorValue>()
  const sequences = new Map<string, Map<number, number>>()

  function raise(source: string, run: number, sequence: number): void {
    const ofSource = sequences.get(source) ?? new Map<number, number>()
    sequences.set(source, ofSource.set(run, Math.max(sequence, ofSource.get(run) ?? 0)))
  }

  return {
    head: () => head,
    sequence: (source, run) => sequences.get(source)?.get(run) ?? 0,
    lastRuns: () => Object.fromEntries([...sequences].map(([source, runs]) => [source, Math.max(...runs.keys())])),
    cursors: () => cursors,
    apply({ source, run }, note) {
      for (const [key, cursor] of Object.entries(note.carried?.cursors ?? {})) cursors.set(key, cursor)
      for (const carried of note.carried?.sequences ?? []) raise(...carried)
      if (note.sequence) raise(source, run, note.sequence)
      for (const [key, cursor] of Object.entries(note.cursors ?? {})) {
        if (cursor) cursors.set(key, cursor)
        else cursors.delete(key)
      }
      head = Math.max(head, note.head ?? 0)
    },
    carried: () => ({
      head,
      carried: {
        cursors: Object.fromEntries(cursors),
        sequences: [...sequences].flatMap(([source, runs]) =>
          [...runs].map(([run, sequence]): [string, number, number] => [source, run, sequence]),
        ),
      },
    }),
    forgetOldRuns() {
      for (const runs of sequences.values()) {
        const newest = Math.max(...runs.keys())
        for (const run of runs.keys()) if (run <= newest - keptRuns) runs.delete(run)
      }
    },
  }
}

/** Paths of the tail files, oldest first. */
export function tailFiles(disk: Disk, directory: string): string[] {
  return disk
    .readdir(directory)
    .filter((name) => parseTailFile(name) !== undefined)
    .sort()
    .map((name) => join(directory, name))
}

export interface NewestTail extends TailScan {
  path: string
}

/** Reads all tail files. A newest one that nothing can be read of is set aside, as if it had never been begun. */
export function recoverState(
  disk: Disk,
  directory: string,
  warn: (message: string) => void,
): { state: State; newest: NewestTail | undefined } {
  const paths = tailFiles(disk, directory)
  // No id is given out twice, also when the frame that says which was the last is damaged, and what was sealed is removed.
  const givenOut = paths.map((path) => parseTailFile(basename(path))! - 1)
  const removed = readRemovals(disk, directory).removal.ids.at(-1)?.[1] ?? 0
  const state = openState(Math.max(sealedThrough(disk, directory), removed, ...givenOut))
  let newest: NewestTail | undefined
  for (const [index, path] of paths.entries()) {
    const isNewest = index === paths.length - 1
    const scan = readTailHeaders(disk, path, (header) => state.apply(header, header.rest ?? {}), { closed: !isNewest })
    const { committedBytes, damage } = scan
    const lost = isNewest ? damage.filter(({ offset }) => offset < committedBytes) : damage
    if (lost.length > 0) warn(`${path}: ${lost.reduce((sum, { bytes }) => sum + bytes, 0)} damaged bytes are left out`)
    if (!isNewest) continue
    if (committedBytes > 0) newest = { path, ...scan }
    else {
      setAside(disk, directory, path, { offset: 0, bytes: disk.stat(path).size })
      disk.unlink(path)
    }
  }
  return { state, newest }
}
