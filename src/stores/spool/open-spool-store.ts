// The writing side of a spool: commits go to tail files like those of the store, which are never sealed but removed when what they
// hold is where it was to go, or when there are too many of them.
import type { Spool, SpoolOptions } from '../../contracts/hosts/spool.ts'
import type { Store, StoreOptions } from '../../contracts/store.ts'
import { nodeDisk } from '../../system/disk.ts'
import { shapeLost, type LostOfRun } from './shape-lost.ts'
import { checkFormat } from '../local/check-format.ts'
import { dayOf } from '../local/names.ts'
import { joinRanges, type Range } from '../local/ranges.ts'
import { openTailLog } from '../local/tail/open-tail-log.ts'
import { diskError, isOfDisk } from '../local/tail/tail-file.ts'
import { countLost } from './count-lost.ts'
import { openSpoolFiles, type SpoolFile } from './spool-files.ts'
import { spoolReader } from './spool-reader.ts'

const defaultLimitBytes = 1024 * 1024 * 1024
/** A file of a spool, and what may be under way to the other store, is no larger than this part of it. */
const partsOfSpool = 8
const largestFileBytes = 8 * 1024 * 1024
const smallestFileBytes = 64 * 1024
/** After a start nobody knows what of these was under way when the one before it was killed: one was released, two were read. */
const filesOfUnknownFate = 3
const givenUpKey = 'spool/given-up'

export async function openSpoolStore(options: StoreOptions): Promise<Store> {
  try {
    return open(options)
  } catch (cause) {
    throw isOfDisk(cause) ? diskError(cause) : cause
  }
}

function open(options: StoreOptions): Store {
  const { directory, now, warn, disk = nodeDisk } = options
  const { limitBytes, whenFull }: SpoolOptions = options.spool ?? { limitBytes: defaultLimitBytes, whenFull: 'gap' }
  const fileBytes = Math.max(smallestFileBytes, Math.min(largestFileBytes, Math.floor(limitBytes / partsOfSpool)))
  checkFormat(disk, directory, warn)
  const log = openTailLog(disk, directory, warn)
  const { state } = log
  /** Ids of files that were given up, as far as files before them are still there. */
  let givenUp = JSON.parse(String(state.cursors().get(givenUpKey)?.['ranges'] ?? '[]')) as Range[]
  const files = openSpoolFiles(disk, log, () => givenUp, warn)
  let released = 0
  /** Records up to this one may be on their way, so that nobody may say that they went unsent. */
  let read = files.list().at(filesOfUnknownFate)?.first ?? state.head()
  let dropped = 0

  /** Whole files. */
  const heldBytes = (): number => files.list().reduce((sum, file) => sum + (file.last > released ? file.bytes : 0), 0)
  const isFull = (): boolean => whenFull === 'block' && heldBytes() >= limitBytes

  function remove(file: SpoolFile): void {
    log.settle()
    disk.unlink(file.path)
    files.forget(file)
  }

  /** The oldest files that are one too many, of whose records none is on its way. */
  function surplus(): SpoolFile[] {
    let bytes = whenFull === 'gap' ? files.bytes() : 0
    const free = files.closed().filter(({ first }) => first > Math.max(released, read))
    return free.filter((file) => bytes > limitBytes && (bytes -= file.bytes) > -Infinity)
  }

  /** Gives up what is one too many, told in the same commit: whoever is killed in between goes on where it was. */
  function commitFull(doomed: readonly SpoolFile[], ...[batches, cursors]: Parameters<Store['commit']>): void {
    const lost: LostOfRun[] = []
    const lostCount = doomed.reduce((sum, { path }) => sum + countLost(disk, path, lost), 0)
    const before = givenUp
    const ranges = doomed.map(({ first, last }): Range => [first, last])
    const kept = givenUp.filter(([, last]) => last > released).map(([from, to]): Range => [from, to])
    givenUp = joinRanges([...kept, ...ranges])
    try {
      const told = { ranges: JSON.stringify(givenUp) }
      log.commit([...shapeLost(lost, now()), ...batches], new Map([...cursors, [givenUpKey, told]]), dayOf(now()))
    } catch (cause) {
      givenUp = before
      throw cause
    }
    dropped += lostCount
    doomed.forEach(remove)
  }

  // Whoever was killed in between had told of them, and not removed them.
  const isGivenUp = ({ first, last }: SpoolFile): boolean => givenUp.some(([from, to]) => from <= first && last <= to)
  files.closed().filter(isGivenUp).forEach(remove)

  const spool: Spool = {
    read(after, mostBytes) {
      const part = files.read(after, mostBytes)
      if (part) read = Math.max(read, part.last)
      return part
    },
    release(through) {
      released = Math.max(released, through)
      read = Math.max(read, released)
      // The newest of them stays, for whoever asks what a source has just said.
      for (const file of files.closed().slice(0, -1)) if (file.last <= released) remove(file)
    },
    isFull,
    state() {
      const bytes = Math.max(0, heldBytes() - files.offsetOf(released))
      const oldestAt = state.head() > released ? files.timeBehind(released) : undefined
      return { bytes, ...(oldestAt === undefined ? {} : { oldestAt }), isFull: isFull(), dropped }
    },
  }

  return {
    head: state.head,
    sequence: state.sequence,
    lastRuns: state.lastRuns,
    cursors: state.cursors,
    async commit(batches, cursors) {
      if (log.size() >= fileBytes) log.rotate()
      const doomed = surplus()
      if (doomed.length > 0) commitFull(doomed, batches, cursors)
      else log.commit(batches, cursors, dayOf(now()))
    },
    ...spoolReader({ files, head: state.head, now }),
    spool,
    seal: () => Promise.resolve(),
    // The bound is the only rule of a spool.
    retain: () => Promise.resolve({ records: 0, bytes: 0, sources: [], days: [] }),
    setRetention: () => undefined,
    hold: () => undefined,
    close() {
      log.close()
      return Promise.resolve()
    },
  }
}
