// The state of a store between commits (head, cursors, sequences), and how it is read back from the files.
import { basename, join } from 'node:path'
import type { Disk } from '../../../system/disk.ts'
import type { CursorValue } from '../../../contracts/store.ts'
import { parseTailFile, tailFile } from '../names.ts'
import { acknowledgedBytes, readNotes, unnoted, type Note, type Sequence, type StateChange } from './notes-file.ts'
import { readRemovals } from '../removals.ts'
import { replayTail, type TailLoss } from './replay-tail.ts'
import { sealedThrough } from '../keep/seal.ts'
import { setAside } from '../frames/set-aside.ts'
import type { TailScan } from './tail-file.ts'

export interface State {
  head(): number
  sequence(source: string, run: number): number
  lastRuns(): Record<string, number>
  cursors(): ReadonlyMap<string, CursorValue>
  apply(change: StateChange): void
  /** All that must be said again where the files that said it will go. */
  carried(): StateChange & { head: number }
  /** Drops the sequences of runs that are long over, so that the carried state stays small. */
  forgetOldRuns(): void
}

/** Runs per source that may still be drained or adopted. */
const keptRuns = 4

function openState(sealedHead: number): State {
  let head = sealedHead
  const cursors = new Map<string, CursorValue>()
  const sequences = new Map<string, Map<number, number>>()

  function raise(source: string, run: number, sequence: number): void {
    if (sequence === 0) return
    const ofSource = sequences.get(source) ?? new Map<number, number>()
    sequences.set(source, ofSource.set(run, Math.max(sequence, ofSource.get(run) ?? 0)))
  }

  return {
    head: () => head,
    sequence: (source, run) => sequences.get(source)?.get(run) ?? 0,
    lastRuns: () => Object.fromEntries([...sequences].map(([source, runs]) => [source, Math.max(...runs.keys())])),
    cursors: () => cursors,
    apply(change) {
      if (change.carried) cursors.clear()
      for (const [key, cursor] of Object.entries(change.carried?.cursors ?? {})) cursors.set(key, cursor)
      for (const each of [...(change.carried?.sequences ?? []), ...(change.sequences ?? [])]) raise(...each)
      for (const [key, cursor] of Object.entries(change.cursors ?? {})) {
        if (cursor) cursors.set(key, cursor)
        else cursors.delete(key)
      }
      head = Math.max(head, change.head ?? 0)
    },
    carried: () => ({
      head,
      carried: {
        cursors: Object.fromEntries(cursors),
        sequences: [...sequences].flatMap(([source, runs]) =>
          [...runs].map(([run, sequence]): Sequence => [source, run, sequence]),
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
  /** Something of what was acknowledged is damaged or gone: it is finished as it is. */
  isHarmed: boolean
  /** As far as notes tell. */
  acknowledgedBytes: number
}

/**
 * Reads all tail files, and the notes where these are damaged. A newest one that nothing can be read of, and nothing acknowledged
 * was in, is set aside, as if it had never been begun.
 */
export function recoverState(
  disk: Disk,
  directory: string,
  warn: (message: string) => void,
): { state: State; newest: NewestTail | undefined } {
  const { notes } = readNotes(disk, directory)
  const paths = tailFiles(disk, directory)
  // No id is given out twice, also when the frame that says which was the last is damaged, and what was sealed is removed.
  const givenOut = paths.map((path) => parseTailFile(basename(path))! - 1)
  const removed = readRemovals(disk, directory).removal.ids.at(-1)?.[1] ?? 0
  const state = openState(Math.max(sealedThrough(disk, directory), removed, ...givenOut))
  let newest: NewestTail | undefined
  for (const [index, path] of paths.entries()) {
    const isNewest = index === paths.length - 1
    const first = parseTailFile(basename(path))!
    const own = notes.filter(({ tail }) => tail === first)
    const { scan, loss } = replayTail(disk, path, { notes: own, closed: !isNewest, take: state.apply })
    tellLoss(path, loss, own, warn)
    if (!isNewest) continue
    const isHarmed = loss.damage.length + loss.missingBytes > 0
    if (isHarmed || scan.committedBytes > 0)
      newest = { ...scan, path, isHarmed, acknowledgedBytes: acknowledgedBytes(own) }
    else {
      setAside(disk, directory, path, { offset: 0, bytes: scan.size })
      disk.unlink(path)
    }
  }
  recoverGone(directory, notes, { state, last: givenOut.at(-1) ?? -1, warn })
  return { state, newest }
}

function tellLoss(path: string, loss: TailLoss, notes: readonly Note[], warn: (message: string) => void): void {
  const { damage, missingBytes } = loss
  if (damage.length > 0)
    warn(`${path}: ${damage.reduce((sum, { bytes }) => sum + bytes, 0)} damaged bytes are left out`)
  if (missingBytes > 0) warn(`${path}: its last ${missingBytes} bytes are missing`)
  if (unnoted(notes, damage).length > 0)
    warn(`${path}: how far files were read may have stood there, and stands nowhere else: lines of them may come twice`)
}

/**
 * The newest tail may be gone as a whole; nothing came after what notes say of it. `last`: the last id before the newest that is
 * there.
 */
function recoverGone(
  directory: string,
  notes: readonly Note[],
  { state, last, warn }: { state: State; last: number; warn: (message: string) => void },
): void {
  const gone = notes.filter(({ tail }) => tail - 1 > last)
  const before = state.head()
  for (const note of gone) state.apply(note)
  if (state.head() > before)
    warn(`${tailFile(directory, gone.at(-1)!.tail)} is missing, and records ${before + 1} to ${state.head()} with it`)
}
