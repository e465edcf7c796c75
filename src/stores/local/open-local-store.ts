// The writing side of the store: commits to the newest tail file, hands full ones to the seal worker.
import { nodeDisk } from '../../system/disk.ts'
import { keepEverything } from '../../contracts/retention.ts'
import type { Store, StoreOptions } from '../../contracts/store.ts'
import { checkFormat } from './check-format.ts'
import { openLocalReader } from './read/local-reader.ts'
import { dayOf, newestDayFiles } from './names.ts'
import { openTailLog } from './tail/open-tail-log.ts'
import type { Housekeeper } from './keep/housekeeper.ts'
import { diskError, isOfDisk } from './tail/tail-file.ts'
import { watchClock } from './keep/watch-clock.ts'
import { whenToSeal } from './keep/when-to-seal.ts'

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
  const log = openTailLog(disk, directory, warn)
  const { state } = log
  const reader = openLocalReader(options)
  const newestDay = [log.day(), newestDayFiles(disk.readdir(directory)).at(-1)?.day ?? ''].sort().at(-1)!
  const clock = watchClock({ ...options, disk, newestDay })
  let sealing: Promise<void> = Promise.resolve()
  let sealingOf: string | undefined
  let isFull = whenToSeal(retention)
  let isSealing = false
  let thoroughAt = 0
  const closing = new AbortController()

  async function sealClosedTails(): Promise<void> {
    log.settle()
    for (const path of log.closed()) {
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

  if (log.closed().length > 0) void startSealing()

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
      if (isFull({ size: log.size(), day: log.day(), today: day, isSealing })) {
        log.rotate()
        void startSealing()
      }
      log.commit(batches, cursors, day)
    },
    async seal({ all = false } = {}) {
      if (all) log.rotate()
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
      log.close()
      clock.close()
      await reader.close()
    },
  }
}
