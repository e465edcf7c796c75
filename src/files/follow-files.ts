// Looks for a source's files again and again: when the system tells that something has another name, and as often as it takes
// where the system does not tell.
import { watch, type FSWatcher } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceContext } from '../contracts/source.ts'
import { tellsChanges } from '../system/tells-changes.ts'
import { openFileFollower, type FollowOptions } from './file-follower.ts'
import { namedDirectories, type FoundFile } from './find-files.ts'

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
  const watchers = new Map<string, FSWatcher>()
  let backlogBytes = 0
  let closing = false
  let wake = Promise.withResolvers<void>()
  let looking: Promise<void> = Promise.resolve()

  /** Looks, and returns how long the next look can wait when nothing is told. */
  async function look(): Promise<number> {
    const { files, findMs, isSettled } = await follower.look()
    const isTold = watchDirectories(files) && isSettled
    return isTold ? lookMs.told : Math.min(lookMs.most, Math.max(lookMs.least, findMs / lookShare))
  }

  /** True when all were watched before this look, and the system tells of all that happens in them. */
  function watchDirectories(files: readonly FoundFile[]): boolean {
    let wereWatched = true
    const wanted = new Set(namedDirectories(options.paths, options.base))
    for (const { realPath } of files) wanted.add(realPath.slice(0, realPath.lastIndexOf('/')) || '/')
    for (const [directory, watcher] of watchers)
      if (!wanted.has(directory)) {
        watcher.close()
        watchers.delete(directory)
      }
    for (const directory of wanted) {
      wereWatched &&= watchers.has(directory) && tellsChanges(directory)
      if (watchers.has(directory)) continue
      try {
        // Of what happens inside files the tails know.
        const watcher = watch(directory, { persistent: false }, (event) => event === 'rename' && wake.resolve())
        watcher.on('error', () => watchers.delete(directory))
        watchers.set(directory, watcher)
      } catch {
        // Not there yet, or out of watches: it is looked all the same.
      }
    }
    return wereWatched
  }

  async function watchBacklog(): Promise<void> {
    while (!closing) {
      const before = backlogBytes
      backlogBytes = await context.backlogBytes()
      if (backlogBytes !== before) options.changed()
      await sleep(backlogBytes > 0 ? backlogMs.some : backlogMs.none, undefined, { ref: false })
    }
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
      await Promise.race([wake.promise, sleep(pauseMs, undefined, { ref: false })])
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
      for (const watcher of watchers.values()) watcher.close()
      await looking
      await follower.close()
    },
  }
}
