// The log as a row of tail files: commits go to the newest, and what files before it said is carried over, so that any of them may
// go. Knows nothing of what becomes of full files: the store seals them, the spool removes them.
import { basename } from 'node:path'
import { emptyBatch, type RecordBatch } from '../../../contracts/batch.ts'
import type { CursorValue } from '../../../contracts/store.ts'
import type { Disk } from '../../../system/disk.ts'
import { openSlab } from '../../../system/slab.ts'
import { encodeBatch } from '../../../wire/batch-codec.ts'
import { setAside } from '../frames/set-aside.ts'
import { parseTailFile, tailFile } from '../names.ts'
import { openNotesFile, type Sequence } from './notes-file.ts'
import { recoverState, tailFiles, type NewestTail, type State } from './recover-state.ts'
import { beginTailFile, openTailFile, type CommitNote, type TailFile } from './tail-file.ts'

/** Frames of most commits fit in. */
const frameSlabBytes = 4 * 1024 * 1024

export interface TailLog {
  state: State
  /** UTC day of the newest file's records; empty while it has none. */
  day(): string
  /** Bytes of the newest file, and its path. */
  size(): number
  path(): string
  /** Paths of the files before it, oldest first. */
  closed(): string[]
  /** Files go only when the one that says what they said is certain to be there. */
  settle(): void
  /** Begins a new file, where the newest has records. */
  rotate(): void
  /** See `Store.commit`. `day`: of records that begin a file. */
  commit(batches: readonly RecordBatch[], cursors: ReadonlyMap<string, CursorValue | null>, day: string): void
  close(): void
}

export function openTailLog(disk: Disk, directory: string, warn: (message: string) => void): TailLog {
  const { state, newest } = recoverState(disk, directory, warn)
  const slab = openSlab(frameSlabBytes)
  let tailDay = newest?.day ?? ''
  let tail = newest && !newest.isHarmed ? openTailFile(disk, newest.path, newest) : beginTailAfter(newest)
  const notes = openNotesFile(disk, directory, () => ({
    ...state.carried(),
    tail: parseTailFile(basename(tail.path))!,
    from: 0,
    to: tail.size(),
  }))

  /** Starts a file with what must outlive the removal of the files before it. */
  function beginTail(): TailFile {
    state.forgetOldRuns()
    const file = beginTailFile(disk, tailFile(directory, state.head() + 1), encodeBatch(emptyBatch, state.carried()))
    tailDay = ''
    return file
  }

  /** A harmed tail is finished as it is: the first frame of the next one says again what stands there only once by now. */
  function beginTailAfter(harmed: NewestTail | undefined): TailFile {
    if (harmed) finishTail(harmed)
    return beginTail()
  }

  function finishTail({ path, size, lastCommitAt, committedBytes, acknowledgedBytes }: NewestTail): void {
    const end = Math.min(size, Math.max(committedBytes, acknowledgedBytes))
    const finished = openTailFile(disk, path, { committedBytes: end, lastCommitAt })
    try {
      finished.settle()
    } finally {
      finished.close()
    }
    // Another is begun in its place, where no records were in it.
    if (path === tailFile(directory, state.head() + 1) && size > 0)
      setAside(disk, directory, path, { offset: 0, bytes: end })
  }

  try {
    tail.settle()
  } catch (cause) {
    tail.close()
    throw cause
  }
  notes.begin()

  return {
    state,
    day: () => tailDay,
    size: () => tail.size(),
    path: () => tail.path,
    closed: () => tailFiles(disk, directory).filter((path) => path !== tail.path),
    settle: () => tail.settle(),
    rotate() {
      // A tail without records would have the name of the next.
      if (tailDay === '') return
      // A closed file counts as it stands.
      tail.settle()
      const full = tail
      tail = beginTail()
      full.close()
      tail.settle()
      notes.begin()
    },
    commit(batches, cursors, day) {
      const before = state.head()
      const head = batches.reduce(numberRows, before)
      const written: readonly RecordBatch[] = batches.length > 0 ? batches : [emptyBatch]
      const beginsDay = tailDay === '' && head > before
      const said = written.map((batch, i): CommitNote => ({
        ...(beginsDay && i === 0 ? { day } : {}),
        sequence: batch.seq[batch.count - 1] ?? 0,
        ...(i < written.length - 1
          ? { more: true }
          : { head, cursors: Object.fromEntries(cursors), ...(i > 0 ? { frames: written.length } : {}) }),
      }))
      const change = {
        head,
        cursors: Object.fromEntries(cursors),
        sequences: batches.map(({ source, run, seq, count }): Sequence => [source, run, seq[count - 1] ?? 0]),
      }
      slab.reset()
      const from = tail.size()
      tail.append(written.map((batch, i) => encodeBatch(batch, said[i], slab.take)))
      if (beginsDay) tailDay = day
      state.apply(change)
      notes.add({ ...change, tail: parseTailFile(basename(tail.path))!, from, to: tail.size() })
    },
    close() {
      tail.close()
      notes.close()
    },
  }
}

/** Gives the rows the ids behind `last`, and returns the last of those. */
function numberRows(last: number, { id, count }: RecordBatch): number {
  for (let i = 0; i < count; i++) id[i] = last + 1 + i
  return last + count
}
