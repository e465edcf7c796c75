// Looks for a source's files again and again: when the system tells that something has another name, and as often as it takes
// where the system does not tell.
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceContext } from '../contracts/source.ts'
import { openFileFollower, type FollowOptions } from './file-follower.ts'
import { namedDirectories } from './find-files.ts'
import { openDirectoryWatch } from './watch-directories.ts'

export interface FollowedFiles {
  /** How many are read. */
  count(): number
  /** Not read yet, as of a few seconds ago. */
  backlogBytes(): number
  /** Resolves when what is in the files now is committed. */
  close(): Promise<void>
}

/** `told`: where the system tells of everything that could be found. */
const lookMs = { least: 1000, most: 5000, told: 30_000 }
/** Between these, finding files takes at most this share of the time. */
const lookShare = 0.005
const backlogMs = { some: 1000, none: 5000 }
/** News of a directory is waited for so long to be complete. */
const settleMs = 20

export function followFiles(options: FollowOptions, context: SourceContext): FollowedFiles {
  const follower = openFileFollower(options, context)
  const watched = openDirectoryWatch(() => wake.resolve())
  const named: ReadonlySet<string> = new Set(namedDirectories(options.paths, options.base))
  let directories = named
  let backlogBytes = 0
  let closing = false
  let wake = Promise.withResolvers<void>()
  let looking: Promise<void> = Promise.resolve()

  /** Looks, and returns how long the next look can wait when nothing is told. */
  async function look(): Promise<number> {
    // What comes while it is looked is told, too.
    const wereWatched = watched.watch(directories)
    const { files, findMs, isSettled } = await follower.look()
    directories = new Set([...named, ...files.map(({ realPath }) => dirname(realPath))])
    const isTold = watched.watch(directories) && wereWatched && isSettled
    return isTold ? lookMs.told : Math.min(lookMs.most, Math.max(lookMs.least, findMs / lookShare))
  }

  async function watchBacklog(): Promise<void> {
    while (!closing) {
      const before = backlogBytes
      backlogBytes = await context.backlogBytes()
      if (backlogBytes !== before) options.changed()
      await sleep(backlogBytes > 0 ? backlogMs.some : backlogMs.none, undefined, { ref: false })
    }
  }

  async function pause(ms: number): Promise<void> {
    let isWoken = false
    const woken = wake.promise.then(() => void (isWoken = true))
    for (let left = ms; left > 0 && !isWoken && !watched.isStale(named); left -= lookMs.least)
      await Promise.race([woken, sleep(Math.min(left, lookMs.least), undefined, { ref: false })])
  }

  async function run(): Promise<void> {
    while (!closing) {
      wake = Promise.withResolvers<void>()
      const startedAt = performance.now()
      let pauseMs = lookMs.least
      const looked = look().then(
        (nextMs) => void (pauseMs = nextMs),
        (error: Error) => follower.tellOnce(`cannot look for files: ${error.message}`),
      )
      await (looking = looked)
      const tookMs = performance.now() - startedAt
      await pause(pauseMs)
      if (!closing) await sleep(Math.max(settleMs, tookMs), undefined, { ref: false })
    }
  }
  void run()
  // The hub that ends needs no figures.
  watchBacklog().catch(() => undefined)

  return {
    count: follower.count,
    backlogBytes: () => backlogBytes,
    async close() {
      closing = true
      wake.resolve()
      await looking
      watched.close()
      await follower.close()
    },
  }
}
