// Keeps a source's files followed, one look at a time: finds new ones, goes on with those that were renamed, and lets go of those
// that nobody writes to any more. A file is what it is (device and inode), not what it is called.
import { dirname, resolve } from 'node:path'
import type { SourceContext } from '../contracts/source.ts'
import type { FileIdentity, FileRequest, FileTail, OpenedTail } from '../contracts/source-storage.ts'
import type { FileOptions } from './file-options.ts'
import { findFiles, isFresh, namedDirectories, type Found, type FoundFile } from './find-files.ts'
import { identityFrom, identityOf } from './identity-of.ts'
import { openArchiveReader } from './read-archives.ts'
import { isFirstLook, unseenFiles } from './unseen-files.ts'

export interface FollowOptions extends FileOptions {
  base: string
  run: number
  /** Something that people should know, once. */
  tell(message: string): void
  /** Files are more or fewer. */
  changed(): void
  /** Finds what there is. Default: on the disk. */
  find?: typeof findFiles
}

export interface FileFollower {
  look(): Promise<Look>
  /** How many files are read. */
  count(): number
  tellOnce(message: string): void
  /** Resolves when what is in the files now is committed. */
  close(): Promise<void>
}

export interface Look {
  files: FoundFile[]
  findMs: number
  /** All that was found is opened, and only names that change could tell more. */
  isSettled: boolean
}

type Start = FileRequest['start']

interface Passed {
  modifiedAt: number
  /** So much of it is not to be read again. */
  readBytes: number
  /** Once it is no longer new, a copy has no rest that is still to be read. */
  mayHaveRest: boolean
}

interface Followed extends FileIdentity {
  tail: FileTail
  /** As it was found last. */
  realPath: string
  /** Set while no glob finds it: since when it has not grown, and to where. */
  parting?: { since: number; size: number }
}

/** Clocks of files are coarse. */
const slackMs = 2000
/** So long it may take from copying to truncating. */
const copiedMs = 10_000
const mostOpening = 500
/** So long a file that was renamed or removed must have been quiet to be let go. */
const partingMs = { replaced: 2000, gone: 10_000 }

export function openFileFollower(options: FollowOptions, context: SourceContext): FileFollower {
  const { find = findFiles, run } = options
  const { now } = context
  const followed = new Map<string, Followed>()
  /** Rotated files that are not read: from before, copies, or read to the end and let go. */
  const passed = new Map<string, Passed>()
  /** What was followed under a name before this look. */
  let predecessors = new Map<string, Followed>()
  /** Not found by the last look. */
  let missed = new Set<string>()
  /** Those that hubs before have read, as long as they are remembered. */
  const remembered = new Set<string>()
  /** Of these, those that the first look did not find: they went while no hub ran. */
  let unseen = new Set<string>()
  const told = new Set<string>()
  let isFirst = true
  /** Whatever was found by this look was opened, or is not to be. */
  let sawAll = true

  const tellOnce = (message: string): void => {
    if (!told.has(message)) options.tell(message)
    told.add(message)
  }

  const archives = openArchiveReader({
    open: async (file, start) => (await openTail(file, start, { packed: true, seenBytes: 0 })) ?? 'moved',
  })

  function requestOf(file: FoundFile, start: Start): FileRequest {
    const { device, inode, realPath, original, size } = file
    const beside = original ? { original } : {}
    const label = isSeveral(options.paths) ? { label: realPath } : {}
    const { encoding, compressed: mayReturn } = options
    return { run, path: realPath, device, inode, encoding, start, seenBytes: size, mayReturn, ...beside, ...label }
  }

  /** What cannot be read now is tried again at the next look. */
  async function openTail(
    file: FoundFile,
    start: Start,
    how: Pick<FileRequest, 'packed' | 'isPassed' | 'seenBytes'>,
  ): Promise<FileTail | 'moved' | 'copy' | undefined> {
    try {
      return await context.tailFile({ ...requestOf(file, start), ...how })
    } catch (error) {
      tellUnreadable(file, (error as Error).message)
      return undefined
    }
  }

  const tellUnreadable = ({ path }: FoundFile, why: string): void => tellOnce(`${path} cannot be read: ${why}`)

  function opened(file: FoundFile, tail: OpenedTail): void {
    const { device, inode, realPath } = file
    if (tail === 'copy') pass(file, 0, true)
    else if (tail === 'moved') sawAll = false
    else if ('failed' in tail) {
      tellUnreadable(file, tail.failed)
      sawAll = false
    } else followed.set(identityOf(file), { device, inode, tail, realPath })
  }

  async function look(): Promise<Look> {
    const startedAt = performance.now()
    const startedOn = now()
    sawAll = true
    const found = await find(options, options.base, startedOn)
    const findMs = performance.now() - startedAt
    const { files, rotated, refused } = found
    for (const { path, target } of refused)
      tellOnce(
        `${path} is a link to ${target}, which is outside of the directories that are named; allow it with \`allow\``,
      )
    const all = [...found.archives, ...rotated, ...files]
    const unknown = archives.unknown(found.archives)
    const places = isFirst || unknown.length > 0 ? await context.rememberedFiles(run) : undefined
    if (isFirst) for (const file of places!.files) remembered.add(identityOf(file))
    const isFirstEver = isFirst && isFirstLook(places!)
    const isHistoryWanted = isFirstEver && options.start === 'beginning'
    const isUnseen = places && !isHistoryWanted ? unseenFiles(places, all) : () => true
    await archives.look(found.archives.sort(byAge), isUnseen)
    // One that is empty may be a copy in the making, which nothing tells from others yet.
    const beside = rotated.filter((file) => file.size > 0 || (isFirst && remembered.has(identityOf(file))))
    const unread = beside.filter(isNew)
    const before = followed.size
    predecessors = new Map([...followed.values()].map((file) => [file.realPath, file]))
    for (const file of files) await stay(file)
    if (isFirstEver && options.start === 'end') {
      await openNew(files, 'end')
      for (const file of unread) await passBefore(file)
    } else {
      const older = isFirst ? unread.filter((file) => !isUnseen(file)) : []
      for (const file of older) await passBefore(file)
      await openNew([...beside.filter((file) => !older.includes(file)), ...files], 'beginning')
    }
    const named = new Set(files.map(identityOf))
    for (const [identity, file] of followed) if (!named.has(identity)) await part(file, found)
    await forgetGone(all, unknown.length > 0 || found.archives.some((file) => isFresh(file, now())))
    if (sawAll && (isFirst || unread.length > 0)) await context.sawAllFiles(run, startedOn - slackMs)
    isFirst = false
    if (followed.size !== before) options.changed()
    return { files, findMs, isSettled: sawAll && canBeTold(found) }
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

  /**
   * Opens what is new. What was rotated of a log is read before what took its place, the oldest first; all is opened before any
   * of it is read, so that it is seen when one is truncated before its turn.
   */
  async function openNew(files: readonly FoundFile[], start: Start): Promise<void> {
    const logs = new Map<string, FoundFile[]>()
    for (const file of files.toSorted(byAge)) {
      const log = file.original?.path ?? file.realPath
      const there = logs.get(log)
      if (there) there.push(file)
      else logs.set(log, [file])
    }
    let some: FoundFile[][] = []
    for (const log of logs.values()) {
      some.push(log)
      if (some.flat().length < mostOpening) continue
      await openLogs(some, start)
      some = []
    }
    await openLogs(some, start)
  }

  async function openLogs(logs: FoundFile[][], start: Start): Promise<void> {
    const wanted = logs.flat().filter(isNew)
    if (wanted.length === 0) return
    const requests = wanted.map((file) => requestOf(file, start))
    const inOrder = logs.map((files) => {
      const present = files.filter(({ original }) => !original)
      const rotated = files.filter(({ original }) => original)
      const before = present.map(({ realPath }) => predecessors.get(realPath)).filter((each) => each !== undefined)
      const gone = before.filter((each) => !files.some((file) => isSame(file, each)))
      return [...gone, ...rotated, ...present].map(identity)
    })
    const tails = await context.tailLogs(requests, inOrder)
    for (const [index, file] of wanted.entries()) opened(file, tails[index]!)
  }

  const isNew = (file: FoundFile): boolean => !followed.has(identityOf(file)) && !isPassed(file)

  function pass({ modifiedAt, ...file }: FoundFile, readBytes: number, mayHaveRest = false): void {
    passed.set(identityOf(file), { modifiedAt, readBytes, mayHaveRest })
  }

  /** Older than all that is read. */
  async function passBefore(file: FoundFile): Promise<void> {
    const answer = await openTail(file, 'end', { isPassed: true })
    if (answer === 'copy') pass(file, file.size)
    else sawAll = false
  }

  /** Not read again unless it has grown since. */
  function isPassed(file: FoundFile): boolean {
    const before = passed.get(identityOf(file))
    // Written to since, or another file with its inode.
    if (before?.modifiedAt !== file.modifiedAt) return false
    // Its original may have been truncated since: what had not been read of that is read from the copy.
    if (before.mayHaveRest) return file.modifiedAt < now() - copiedMs
    return file.size <= before.readBytes
  }

  /** It is gone for good, so that its inode may be another file's. */
  async function forget(identity: string): Promise<void> {
    passed.delete(identity)
    remembered.delete(identity)
    archives.forget(identity)
    const isUnseen = unseen.delete(identity)
    await context.forgetFile(run, identityFrom(identity), { mayReturn: options.compressed, isUnseen })
  }

  async function stay({ realPath, ...file }: FoundFile): Promise<void> {
    const known = followed.get(identityOf(file))
    delete known?.parting
    if (!known || known.realPath === realPath) return
    known.realPath = realPath
    await known.tail.rename(realPath)
  }

  /** No glob finds it: it is read as long as it grows, and for a while longer. */
  async function part(file: Followed, { files, rotated }: Found): Promise<void> {
    const elsewhere = rotated.find((each) => isSame(each, file))
    const isReplaced = files.some(({ realPath }) => realPath === file.realPath)
    if (elsewhere && elsewhere.realPath !== file.realPath) await file.tail.rename(elsewhere.realPath)
    const { size } = await file.tail.look()
    if (file.parting?.size !== size) file.parting = { since: now(), size }
    if (now() - file.parting.since < (isReplaced || elsewhere ? partingMs.replaced : partingMs.gone)) return
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
      !packed.some((file) => isFresh(file, now())) &&
      refused.length === 0 &&
      rotated.every(({ size }) => size > 0) &&
      files.every(({ path, realPath }) => path === realPath)
    )
  }

  return {
    look,
    count: () => followed.size,
    tellOnce,
    async close() {
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

const identity = ({ device, inode }: FileIdentity): FileIdentity => ({ device, inode })

const isSame = (a: FileIdentity, b: FileIdentity): boolean => a.device === b.device && a.inode === b.inode

const isSeveral = (paths: readonly string[]): boolean => paths.length > 1 || /[*?[\]{}()!]/.test(paths[0] ?? '')
