// The writing side of the store: commits to the newest tail file, hands full ones to the seal worker.
import { nodeDisk } from '../../system/disk.ts'
import { emptyBatch, type RecordBatch } from '../../contracts/batch.ts'
import { keepEverything } from '../../contracts/retention.ts'
import { openSlab } from '../../system/slab.ts'
import type { Store, StoreOptions } from '../../contracts/store.ts'
import { encodeBatch } from '../../wire/batch-codec.ts'
import { checkFormat } from './check-format.ts'
import { openLocalReader } from './read/local-reader.ts'
import { basename } from 'node:path'
import { dayOf, newestDayFiles, parseTailFile, tailFile } from './names.ts'
import { openNotesFile, type Sequence } from './tail/notes-file.ts'
import { recoverState, tailFiles, type NewestTail } from './tail/recover-state.ts'
import { setAside } from './frames/set-aside.ts'
import type { Housekeeper } from './keep/housekeeper.ts'
import { beginTailFile, diskError, isOfDisk, openTailFile, type CommitNote, type TailFile } from './tail/tail-file.ts'
import { watchClock } from './keep/watch-clock.ts'
import { whenToSeal } from './keep/when-to-seal.ts'

/** Frames of most commits fit in. */
const frameSlabBytes = 4 * 1024 * 1024
/** So often all days are looked at. */
const thoroughMs = 3_600_000

export async function openLocalStore(options: StoreOptions, housekeeper: Housekeeper): Promise<Store> {
  try {
    return open(options, housekeeper)
  } catch (cause) {
    throw isOfDisk(cause) ? diskError(cause) : cause
  }
}

function open(options: StoreOptions, housekeeper: Housekeeper): Store {
  const { directory, now, warn, disk = nodeDisk } = options
  let { retention = keepEverything } = options
  checkFormat(disk, directory, warn)
  const { state, newest } = recoverState(disk, directory, warn)
  const reader = openLocalReader(options)
  const slab = openSlab(frameSlabBytes)
  let tailDay = newest?.day ?? ''
  let tail = newest && !newest.isHarmed ? openTailFile(disk, newest.path, newest) : beginTailAfter(newest)
  const notes = openNotesFile(disk, directory, () => ({
    ...state.carried(),
    tail: parseTailFile(basename(tail.path))!,
    from: 0,
    to: tail.size(),
  }))
  const newestDay = [tailDay, newestDayFiles(disk.readdir(directory)).at(-1)?.day ?? ''].sort().at(-1)!
  const clock = watchClock({ ...options, disk, newestDay })
  let sealing: Promise<void> = Promise.resolve()
  let sealingOf: string | undefined
  let isFull = whenToSeal(retention)
  let isSealing = false
  let thoroughAt = 0
  const closing = new AbortController()

  const closedTails = (): string[] => tailFiles(disk, directory).filter((path) => path !== tail.path)

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

  async function sealClosedTails(): Promise<void> {
    // Files go only when the one that says what they said is certain to be there.
    tail.settle()
    for (const path of closedTails()) {
      sealingOf = path
      await housekeeper.run({ name: 'seal', directory, path })
    }
    sealingOf = undefined
  }

  async function keepHouse(): Promise<void> {
    if (newestDayFiles(disk.readdir(directory)).length === 0) return
    const time = now()
    const thorough = dayOf(time) !== dayOf(thoroughAt) || time - thoroughAt >= thoroughMs
    const rules = clock.look() ? keepEverything : retention
    await housekeeper.run({ name: 'keep house', directory, rules, now: time, thorough }, closing.signal)
    if (thorough) thoroughAt = time
  }

  function rotate(): void {
    // A tail without records would have the name of the next.
    if (tailDay === '') return
    // A closed file counts as it stands.
    tail.settle()
    const full = tail
    tail = beginTail()
    full.close()
    tail.settle()
    notes.begin()
  }

  function startSealing(): Promise<void> {
    isSealing = true
    const mine: Promise<void> = sealing
      .then(sealClosedTails)
      .catch((error: Error) => warn(`Sealing ${sealingOf ?? directory} failed: ${error.message}`))
      // Also when that failed: perhaps for want of the space that this frees.
      .then(keepHouse)
      .catch((error: Error) => closing.signal.aborted || warn(`Tidying ${directory} failed: ${error.message}`))
      .then(() => void (isSealing &&= sealing !== mine))
    return (sealing = mine)
  }

  try {
    tail.settle()
  } catch (cause) {
    tail.close()
    throw cause
  }
  notes.begin()
  if (closedTails().length > 0) void startSealing()

  /** Nothing that is only being written. */
  const committed = <Request extends { before?: number }>(request: Request): Request => ({
    ...request,
    before: Math.min(request.before ?? Infinity, state.head() + 1),
  })

  return {
    head: state.head,
    sequence: state.sequence,
    lastRuns: state.lastRuns,
    cursors: state.cursors,
    async commit(batches, cursors) {
      clock.glance()
      const day = dayOf(now())
      if (isFull({ size: tail.size(), day: tailDay, today: day, isSealing })) {
        rotate()
        void startSealing()
      }
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
    async seal({ all = false } = {}) {
      if (all) rotate()
      await startSealing()
    },
    retain({ rules = retention, dryRun = false } = {}) {
      const report = sealing.then(() => {
        if (!dryRun) clock.believe()
        return housekeeper.run({ name: 'retain', directory, rules, now: now(), dryRun })
      })
      sealing = report.then(
        () => undefined,
        () => undefined,
      )
      return report.then((each) => each!)
    },
    setRetention(rules) {
      retention = rules
      isFull = whenToSeal(rules)
      thoroughAt = 0
    },
    hold: clock.look,
    info: reader.info,
    search: (request, signal) => reader.search(committed(request), signal),
    summarize: (request, signal) => reader.summarize(committed(request), signal),
    async close() {
      // Work left undone is taken up by the next store.
      closing.abort()
      await sealing
      await housekeeper.close()
      tail.close()
      notes.close()
      clock.close()
      await reader.close()
    },
  }
}

/** Gives the rows the ids behind `last`, and returns the last of those. */
function numberRows(last: number, { id, count }: RecordBatch): number {
  for (let i = 0; i < count; i++) id[i] = last + 1 + i
  return last + count
}
