// Keeps a source's files followed, one look at a time: finds new ones, goes on with those that were renamed, and lets go of those
// that nobody writes to any more. A file is what it is (device and inode), not what it is called.
import { dirname, resolve } from 'node:path'
import type { SourceContext } from '../contracts/source.ts'
import type { FileIdentity, FileRequest, FileTail, OpenedTail } from '../contracts/source-storage.ts'
import type { FileOptions } from './file-options.ts'
import {
  byAge,
  groupByLog,
  isSame,
  isStillPassed,
  isTold,
  nextParting,
  partGone,
  readingOrder,
  type Parting,
  type Passed,
} from './compare-looks.ts'
import { findFiles, namedDirectories, type Found, type FoundFile } from './find-files.ts'
import { identityFrom, identityOf } from './identity-of.ts'
import { openArchiveReader } from './read-archives.ts'
import { isFirstLook, unreadFiles } from './unread-files.ts'

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

interface Followed extends FileIdentity {
  tail: FileTail
  /** As it was found last. */
  realPath: string
  /** Set while no glob finds it. */
  parting?: Parting
}

/** Clocks of files are coarse. */
const slackMs = 2000
const mostOpening = 500

export function openFileFollower(options: FollowOptions, context: SourceContext): FileFollower {
  const { find = findFiles, run } = options
  const { now } = context
  const followed = new Map<string, Followed>()
  /** Rotated files that are not read: from before, copies, or read to the end and let go. */
  const passed = new Map<string, Passed>()
  /** Files followed before this look, by path. */
  let predecessors = new Map<string, Followed>()
  /** Not found by the last look. */
  let missed = new Set<string>()
  /** Files that hubs before have read, as long as they are remembered. */
  const remembered = new Set<string>()
  /** Remembered files that the first look did not find: they went while no hub ran. */
  let goneBefore = new Set<string>()
  const told = new Set<string>()
  let isFirst = true
  /** Files have come that the last word of what was seen does not have. */
  let hasNews = true
  /** All files that this look found were opened, or are not to be. */
  let sawAll = true

  const tellOnce = (message: string): void => {
    if (!told.has(message)) options.tell(message)
    told.add(message)
  }

  const archives = openArchiveReader({
    open: (file, start) => openTail(file, start, { packed: true, seenBytes: 0 }),
  })

  function requestOf(file: FoundFile, start: Start): FileRequest {
    const { device, inode, realPath, original, size } = file
    const beside = original ? { original } : {}
    const label = isSeveral(options.paths) ? { label: realPath } : {}
    const { encoding, compressed: mayReturn } = options
    return { run, path: realPath, device, inode, encoding, start, seenBytes: size, mayReturn, ...beside, ...label }
  }

  /** Files that cannot be read now are tried again at the next look. */
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
    const undecided = (): boolean => archives.undecided(found.archives, startedOn).length > 0
    const wasUndecided = undecided()
    const places = isFirst || wasUndecided ? await context.rememberedFiles(run) : undefined
    if (isFirst) for (const file of places!.files) remembered.add(identityOf(file))
    const isFirstEver = isFirst && isFirstLook(places!)
    const isHistoryWanted = isFirstEver && options.start === 'beginning'
    // Until all is decided on, for the next hub, too.
    if (isHistoryWanted) await context.sawAllFiles(run, 0)
    const isUnread = places && !isHistoryWanted ? unreadFiles(places, all) : () => true
    if (isFirstEver && options.start === 'end') for (const file of found.archives) delete file.isUnfinished
    await archives.look(found.archives.sort(byAge), isUnread)
    // An empty file may be a copy in the making, which nothing tells from others yet.
    const beside = rotated.filter((file) => file.size > 0 || (isFirst && remembered.has(identityOf(file))))
    const newRotated = beside.filter(isNew)
    const before = followed.size
    predecessors = new Map([...followed.values()].map((file) => [file.realPath, file]))
    for (const file of files) await stay(file)
    if (isFirstEver && options.start === 'end') {
      await openNew(files, 'end')
      for (const file of newRotated) await passBefore(file)
    } else {
      const older = isFirst ? newRotated.filter((file) => !isUnread(file)) : []
      for (const file of older) await passBefore(file)
      await openNew([...beside.filter((file) => !older.includes(file)), ...files], 'beginning')
    }
    const named = new Set(files.map(identityOf))
    for (const [identity, file] of followed) if (!named.has(identity)) await letGo(file, found)
    const mayBeArchived = undecided()
    await forgetGone(all, mayBeArchived)
    hasNews ||= newRotated.length > 0 || wasUndecided
    if (sawAll && hasNews && !mayBeArchived) {
      await context.sawAllFiles(run, startedOn - slackMs)
      hasNews = false
    }
    isFirst = false
    if (followed.size !== before) options.changed()
    return { files, findMs, isSettled: sawAll && canBeTold(found) }
  }

  async function forgetGone(all: readonly FoundFile[], mayBeArchived: boolean): Promise<void> {
    const found = new Set([...all.map(identityOf), ...followed.keys()])
    const identities = new Set([...passed.keys(), ...archives.known(), ...missed, ...remembered])
    const gone = partGone(found, { identities, missed, goneBefore }, { isFirst, mayBeArchived })
    ;({ missed, goneBefore } = gone)
    for (const identity of gone.forgotten) await forget(identity)
  }

  /**
   * Opens what is new: many files at once, before any of them is read, so that it is seen when one is truncated before its turn.
   */
  async function openNew(files: readonly FoundFile[], start: Start): Promise<void> {
    let some: FoundFile[][] = []
    for (const log of groupByLog(files)) {
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
    const tails = await context.tailLogs(
      requests,
      logs.map((files) => readingOrder(files, predecessors)),
    )
    for (const [index, file] of wanted.entries()) opened(file, tails[index]!)
  }

  const isNew = (file: FoundFile): boolean =>
    !followed.has(identityOf(file)) && !isStillPassed(passed.get(identityOf(file)), file, now())

  function pass({ modifiedAt, ...file }: FoundFile, readBytes: number, mayHaveRest = false): void {
    passed.set(identityOf(file), { modifiedAt, readBytes, mayHaveRest })
  }

  /** Older than all that is read. */
  async function passBefore(file: FoundFile): Promise<void> {
    const answer = await openTail(file, 'end', { isPassed: true })
    if (answer === 'copy') pass(file, file.size)
    else sawAll = false
  }

  /** The file is gone for good, so that its inode may be another file's. */
  async function forget(identity: string): Promise<void> {
    passed.delete(identity)
    remembered.delete(identity)
    archives.forget(identity)
    const isUnseen = goneBefore.delete(identity)
    await context.forgetFile(run, identityFrom(identity), { mayReturn: options.compressed, isUnseen })
  }

  async function stay({ realPath, ...file }: FoundFile): Promise<void> {
    const known = followed.get(identityOf(file))
    delete known?.parting
    if (!known || known.realPath === realPath) return
    known.realPath = realPath
    await known.tail.rename(realPath)
  }

  /** Lets a file go that no glob finds, and that has not grown for a while. */
  async function letGo(file: Followed, { files, rotated }: Found): Promise<void> {
    const elsewhere = rotated.find((each) => isSame(each, file))
    const isReplaced = elsewhere !== undefined || files.some(({ realPath }) => realPath === file.realPath)
    if (elsewhere && elsewhere.realPath !== file.realPath) await file.tail.rename(elsewhere.realPath)
    const { size } = await file.tail.look()
    const parting = nextParting(file.parting, size, now(), isReplaced)
    if (parting !== 'over') return void (file.parting = parting)
    followed.delete(identityOf(file))
    await file.tail.finish()
    if (elsewhere) pass(elsewhere, size)
    else await forget(identityOf(file))
  }

  /** Directories that come and go are not told of. */
  function canBeTold(found: Found): boolean {
    const isNamed = (pattern: string): boolean =>
      namedDirectories([pattern], options.base)[0] === dirname(resolve(options.base, pattern))
    const isParting = [...followed.values()].some(({ parting }) => parting)
    return options.paths.every(isNamed) && !isParting && isTold(found, now())
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

const isSeveral = (paths: readonly string[]): boolean => paths.length > 1 || /[*?[\]{}()!]/.test(paths[0] ?? '')
