// Keeps a source's files followed: finds new ones, goes on with those that were renamed, and lets go of those that nobody
// writes to any more. A file is what it is (device and inode), not what it is called.
import { watch, type FSWatcher } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FileIdentity, ForeignTail, SourceContext } from '../source.ts'
import { tellsChanges } from '../tells-changes.ts'
import type { FileOptions } from './file-options.ts'
import { findFiles, isFresh, namedDirectories, type Found, type FoundFile } from './find-files.ts'
import { identityFrom, identityOf } from './identity-of.ts'
import { openArchiveReader } from './read-archives.ts'
import { isFirstLook, unseenFiles } from './unseen-files.ts'

export interface FollowedFiles {
  /** How many are read. */
  count(): number
  /** Not read yet, as of a few seconds ago. */
  backlogBytes(): number
  /** Resolves when what is in the files now is committed. */
  close(): Promise<void>
}

export interface FollowOptions extends FileOptions {
  base: string
  run: number
  /** Something that people should know, once. */
  tell(message: string): void
  /** Files are more or fewer. */
  changed(): void
}

interface Passed {
  modifiedAt: number
  /** Undefined: nothing was read of it. */
  readBytes: number | undefined
}

interface Followed extends FileIdentity {
  tail: ForeignTail
  /** As it was found last. */
  realPath: string
  /** Set while no glob finds it: since when it has not grown, and to where. */
  parting?: { since: number; size: number }
}

/** `told`: where the system tells of everything that could be found. */
const lookMs = { least: 1000, most: 5000, told: 30_000 }
/** Between these, finding files takes at most this share of the time. */
const lookShare = 0.005
const backlogMs = { some: 1000, none: 5000 }
/** Clocks of files are coarse. */
const slackMs = 2000
/** So long it may take from copying to truncating. */
const copiedMs = 10_000
/** News of a directory is waited for so long to be complete. */
const settleMs = 20
const mostOpening = 500
/** So long a file waits for the one before it to be read. */
const orderMs = 5000
/** So long a file that was renamed or removed must have been quiet to be let go. */
const partingMs = { replaced: 2000, gone: 10_000 }

export function followFiles(options: FollowOptions, context: SourceContext): FollowedFiles {
  const followed = new Map<string, Followed>()
  /** Rotated files that are not read: from before, copies, or read to the end and let go. */
  const passed = new Map<string, Passed>()
  /** Not found by the last look. */
  let missed = new Set<string>()
  /** Those that hubs before have read, as long as they are remembered. */
  const remembered = new Set<string>()
  /** Of these, those that the first look did not find: they went while no hub ran. */
  let unseen = new Set<string>()
  const told = new Set<string>()
  const watchers = new Map<string, FSWatcher>()
  let isFirst = true
  /** Whatever was found by this look was opened, or is not to be. */
  let sawAll = true
  /** What this look could have missed will be told. */
  let isTold = false
  let findMs = 0
  let backlogBytes = 0
  let closing = false
  let wake = Promise.withResolvers<void>()
  let looking: Promise<void> = Promise.resolve()

  const tellOnce = (message: string): void => {
    if (!told.has(message)) options.tell(message)
    told.add(message)
  }

  const archives = openArchiveReader({
    open: async (file, start) => (await openTail(file, start, true)) ?? 'moved',
  })

  /** What cannot be read now is tried again at the next look. */
  async function openTail(
    file: FoundFile,
    start: 'beginning' | 'end' | number,
    packed: boolean,
  ): Promise<ForeignTail | 'moved' | 'copy' | undefined> {
    const { device, inode, realPath, original } = file
    const { run, encoding } = options
    const beside = original ? { original } : {}
    const label = isSeveral(options.paths) ? { label: realPath } : {}
    try {
      const request = { run, path: realPath, device, inode, start, encoding, packed, ...beside, ...label }
      return await context.tailForeign(request)
    } catch (error) {
      tellOnce(`${file.path} cannot be read: ${(error as Error).message}`)
      return undefined
    }
  }

  async function open(file: FoundFile, start: 'beginning' | 'end' | number): Promise<void> {
    const { device, inode, realPath } = file
    const tail = await openTail(file, start, false)
    if (tail === 'copy') pass(file)
    else if (tail === undefined || tail === 'moved') sawAll = false
    else followed.set(identityOf(file), { device, inode, tail, realPath })
  }

  async function lookOnce(): Promise<void> {
    const startedAt = performance.now()
    const startedOn = Date.now()
    sawAll = true
    const found = await findFiles(options, options.base)
    findMs = performance.now() - startedAt
    const { files, rotated, refused } = found
    for (const { path, target } of refused)
      tellOnce(
        `${path} is a link to ${target}, which is outside of the directories that are named; allow it with \`allow\``,
      )
    const all = [...found.archives, ...rotated, ...files]
    const unknown = archives.unknown(found.archives)
    const places = isFirst || unknown.length > 0 ? await context.foreignFiles(options.run) : undefined
    if (isFirst) for (const file of places!.files) remembered.add(identityOf(file))
    const isFirstEver = isFirst && isFirstLook(places!)
    const isHistoryWanted = isFirstEver && options.compressed && options.start === 'beginning'
    const isUnseen = places && !isHistoryWanted ? unseenFiles(places, all) : () => true
    await archives.look(found.archives.sort(byAge), isUnseen)
    // One that is empty may be a copy in the making, which nothing tells from others yet.
    const unseen = rotated.filter((file) => file.size > 0 && !followed.has(identityOf(file)) && !isPassed(file))
    const before = followed.size
    // The oldest first, so that their lines come first.
    unseen.sort(byAge)
    if (isFirst) await openRotatedBefore(unseen, isUnseen)
    else for (const file of unseen) await openRotated(file)
    // Of a first look the rule counts, of a file that comes later all.
    await openNew(files.sort(byAge), isFirstEver ? options.start : 'beginning')
    const named = new Set(files.map(identityOf))
    for (const [identity, file] of followed) if (!named.has(identity)) await part(file, found)
    await forgetGone(all, unknown.length > 0 || found.archives.some(isFresh))
    if (sawAll && (isFirst || unseen.length > 0)) await context.sawForeignFiles(options.run, startedOn - slackMs)
    isFirst = false
    isTold = watchDirectories(files) && sawAll && canBeTold(found)
    if (followed.size !== before) options.changed()
  }

  /** While files are renamed a look may miss one, so it counts only when two have. */
  async function forgetGone(all: readonly FoundFile[], mayBeArchived: boolean): Promise<void> {
    const there = new Set(all.map(identityOf))
    const known = new Set([...passed.keys(), ...archives.known(), ...missed, ...remembered])
    const gone = [...known].filter((identity) => !there.has(identity) && !followed.has(identity))
    unseen = isFirst ? new Set(gone) : new Set(gone.filter((identity) => unseen.has(identity)))
    const kept = gone.filter((identity) => !missed.has(identity) || (mayBeArchived && unseen.has(identity)))
    for (const identity of gone) if (!kept.includes(identity)) await forget(identity)
    missed = new Set(kept)
  }

  /** Side by side, but for one that takes the place of another: that is read first. */
  async function openNew(files: readonly FoundFile[], start: FileOptions['start']): Promise<void> {
    const named = new Map([...followed.values()].map((file) => [file.realPath, file]))
    let opening: Promise<void>[] = []
    for (const file of files) {
      const known = followed.get(identityOf(file))
      if (known) await stay(known, file)
      else if (!isPassed(file)) {
        await readToEnd(named.get(file.realPath))
        opening.push(open(file, start))
      }
      if (opening.length < mostOpening) continue
      await Promise.all(opening)
      opening = []
    }
    await Promise.all(opening)
  }

  function pass(file: FoundFile, readBytes?: number): void {
    passed.set(identityOf(file), { modifiedAt: file.modifiedAt, readBytes })
  }

  /** Not read again unless it has grown since. */
  function isPassed(file: FoundFile): boolean {
    const before = passed.get(identityOf(file))
    // Written to since, or another file with its inode.
    if (before?.modifiedAt !== file.modifiedAt || file.size > (before.readBytes ?? Infinity)) return false
    // Its original may have been truncated since: what had not been read of that is read from the copy.
    return before.readBytes !== undefined || file.modifiedAt < Date.now() - copiedMs
  }

  /** At the first look. */
  async function openRotatedBefore(rotated: FoundFile[], isUnseen: (file: FoundFile) => boolean): Promise<void> {
    for (const file of rotated)
      if (isUnseen(file)) await openRotated(file)
      else pass(file)
  }

  /** It is gone for good, so that its inode may be another file's. */
  async function forget(identity: string): Promise<void> {
    passed.delete(identity)
    remembered.delete(identity)
    archives.forget(identity)
    const isUnseen = unseen.delete(identity)
    await context.forgetForeign(options.run, identityFrom(identity), { mayReturn: options.compressed, isUnseen })
  }

  async function openRotated(file: FoundFile): Promise<void> {
    await open(file, passed.get(identityOf(file))?.readBytes ?? 'beginning')
    await readToEnd(followed.get(identityOf(file)))
  }

  /** What comes behind it waits, so that lines stay in order; not for ever, as others may still write to it. */
  async function readToEnd(file: Followed | undefined): Promise<void> {
    if (file) await Promise.race([file.tail.drain(), sleep(orderMs, undefined, { ref: false })])
  }

  async function stay(known: Followed, { realPath }: FoundFile): Promise<void> {
    delete known.parting
    if (known.realPath === realPath) return
    known.realPath = realPath
    await known.tail.rename(realPath)
  }

  /** No glob finds it: it is read as long as it grows, and for a while longer. */
  async function part(file: Followed, { files, rotated }: Found): Promise<void> {
    const elsewhere = rotated.find((each) => isSame(each, file))
    const isReplaced = files.some(({ realPath }) => realPath === file.realPath)
    if (elsewhere && elsewhere.realPath !== file.realPath) await file.tail.rename(elsewhere.realPath)
    const { size } = await file.tail.look()
    if (file.parting?.size !== size) file.parting = { since: performance.now(), size }
    if (performance.now() - file.parting.since < (isReplaced || elsewhere ? partingMs.replaced : partingMs.gone)) return
    followed.delete(identityOf(file))
    await file.tail.finish()
    if (elsewhere) pass(elsewhere, size)
    else await forget(identityOf(file))
  }

  /** Of directories that come and go, links, and files in the making, only looking tells. */
  function canBeTold({ files, rotated, archives: packed, refused }: Found): boolean {
    if (
      !options.paths.every(
        (pattern) => namedDirectories([pattern], options.base)[0] === dirname(resolve(options.base, pattern)),
      )
    )
      return false
    const isParting = [...followed.values()].some(({ parting }) => parting)
    return (
      !isParting &&
      !packed.some(isFresh) &&
      refused.length === 0 &&
      rotated.every(({ size }) => size > 0) &&
      files.every(({ path, realPath }) => path === realPath)
    )
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
      isTold = false
      await (looking = lookOnce().catch((error: Error) => tellOnce(`cannot look for files: ${error.message}`)))
      const tookMs = performance.now() - startedAt
      const pauseMs = isTold ? lookMs.told : Math.min(lookMs.most, Math.max(lookMs.least, findMs / lookShare))
      await Promise.race([wake.promise, sleep(pauseMs, undefined, { ref: false })])
      if (!closing) await sleep(Math.max(settleMs, tookMs), undefined, { ref: false })
    }
  }
  void run()
  // The hub that ends needs no figures.
  watchBacklog().catch(() => undefined)

  return {
    count: () => followed.size,
    backlogBytes: () => backlogBytes,
    async close() {
      closing = true
      wake.resolve()
      for (const watcher of watchers.values()) watcher.close()
      await looking
      const tails = [...followed.values()].map(({ tail }) => tail)
      await archives.close()
      await Promise.all(tails.map((tail) => tail.drain()))
      await Promise.all(tails.map((tail) => tail.close()))
    },
  }
}

const byAge = (a: FoundFile, b: FoundFile): number => a.modifiedAt - b.modifiedAt || byRotation(a.path, b.path)

/** Of numbers the highest is the oldest (`app.log.2`), of dates the lowest (`app.log-20251019`). */
function byRotation(a: string, b: string): number {
  const order = a.localeCompare(b, 'en', { numeric: true })
  return /\d{4}[^/]*$/.test(a) ? order : -order
}

function isSame(a: FileIdentity, b: FileIdentity): boolean {
  return a.device === b.device && a.inode === b.inode
}

const isSeveral = (paths: readonly string[]): boolean => paths.length > 1 || /[*?[\]{}()!]/.test(paths[0] ?? '')
