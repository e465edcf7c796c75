// The followed files that the pipeline reads: opens them, puts those of one log in their order, and remembers those that are gone.
import type { FileIdentity, FileRequest, ForgetOptions, RememberedFiles } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'
import type { Group } from '../shape/backlog.ts'
import type { Capture } from './capture.ts'
import { isFile, isPlaceIn, logOf, pathNow, placeKey } from './compare-files.ts'
import { openPackedFile } from './open-packed-file.ts'
import { openPlainFile } from './open-plain-file.ts'
import { openPlaceNotes } from './place-notes.ts'
import { gonePlaces, isPacked, lostPlaces, rememberedFiles, seenKey } from './remembered-places.ts'
import { isSamePlace, openRotatedCopies, type Truncated } from './rotated-copies.ts'
import { sourceFiles, type FollowedFilesOptions, type SourceFiles } from './source-files.ts'

export type OpenedFile = Capture | 'moved' | 'copy'

export interface FollowedFiles {
  /** See SourceStorage. */
  open(source: string, request: FileRequest): Promise<OpenedFile>
  /** See SourceStorage.tailLogs. */
  openLogs(
    source: string,
    requests: readonly FileRequest[],
    logs: readonly FileIdentity[][],
  ): (OpenedFile | { failed: string })[]
  forget(source: string, run: number, file: FileIdentity, how?: ForgetOptions): void
  remembered(source: string, run: number): RememberedFiles
  /** All files that were there then have been opened: what was in none of them is told as removed. */
  sawAll(source: string, run: number, at: number): void
  backlogBytes(source: string): number
  /** A file was truncated; told where reading had got. */
  truncated(source: string, request: FileRequest, path: string, before: CursorValue): void
  /** A file cannot be read for the moment. */
  failed(path: string, error: Error): void
  /** Places to be remembered beside those of what is read. */
  collectPlaces(group: Group): void
  hasPlaces(): boolean
  /** Opens the copies of what was truncated, and holds what stands in its place now until they are read. */
  openCopies(group: Group): void
  /** The capture has been read to its very end. */
  ended(capture: Capture): void
}

export function openFollowedFiles(options: FollowedFilesOptions): FollowedFiles {
  const { store, captures } = options
  const copies = openRotatedCopies()
  const notes = openPlaceNotes(store)
  const toldUnreadable = new Set<string>()
  /** How many looks in a row a log has waited for older files of it; by source and path. */
  const waited = new Map<string, number>()
  const filesOf = (source: string, run: number): SourceFiles => sourceFiles(options, { notes, copies }, source, run)

  return {
    openLogs(source, requests, logs) {
      const files = filesOf(source, requests[0]?.run ?? 0)
      const opened = new Map<FileRequest, OpenedFile | { failed: string }>()
      const wanted = new Map(requests.map((request) => [placeKey(source, request.run, request), request]))
      const requestsIn = (log: readonly FileIdentity[]): FileRequest[] =>
        log.flatMap((file) => wanted.get(placeKey(source, files.run, file)) ?? [])
      const early = new Set(logs.flatMap((log) => behindMoved(files, requestsIn(log), waited)))
      for (const request of inOpeningOrder(files, requests))
        opened.set(request, early.has(request) ? 'moved' : openKnown(files, request))
      for (const log of logs) readInOrder(log.map(files.captureOf))
      return requests.map((request) => opened.get(request)!)
    },
    async open(source, request) {
      const files = filesOf(source, request.run)
      // Open already, as the rest in a copy is; later there is nothing left to be read twice.
      if (files.captureOf(request)) return 'moved'
      try {
        return await (request.packed ? openPackedFile(files, request) : openPlainFile(files, request))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'moved'
        throw error
      }
    },
    forget(source, run, file, { mayReturn = false, isUnseen = false } = {}) {
      const key = placeKey(source, run, file)
      const place = notes.current(key)
      // Renamed to where no glob finds it, it may be found again as what was rotated.
      if (!place || pathNow(place, file) !== undefined) return
      notes.note(key, null)
      if (isUnseen) filesOf(source, run).tellRemoved(place)
      if (mayReturn) notes.remember(source, run, place)
    },
    remembered: (source, run) => rememberedFiles(source, run, store.cursors()),
    sawAll(source, run, at) {
      notes.note(seenKey(source, run), { at })
      for (const [key, { unseen, ...place }] of gonePlaces(source, run, notes.current)) {
        if (!unseen) continue
        filesOf(source, run).tellRemoved(place)
        notes.note(key, place)
      }
    },
    backlogBytes: (source) =>
      [...captures.all()]
        .filter((each) => each.origin.source === source && !each.private)
        .reduce((sum, capture) => sum + capture.knownBacklogBytes(), 0),
    truncated: (source, request, path, before) => copies.truncated({ source, request, path, before }),
    failed(path, error) {
      if (toldUnreadable.has(path)) return
      toldUnreadable.add(path)
      options.warn(`${path} cannot be read, which is tried again: ${error.message}`)
    },
    collectPlaces: notes.collect,
    hasPlaces: () => !notes.isEmpty(),
    openCopies(group) {
      const isKnown = (source: string, request: FileRequest): boolean => filesOf(source, request.run).isRead(request)
      for (const truncated of copies.takeTruncations(isKnown)) {
        const { source, request, before } = truncated.truncation
        const { run } = request
        if (openBefore(filesOf(source, run), truncated, group)) continue
        // The next hub must know of it, too, should this one be killed before it finds the copy.
        const isRemembered = lostPlaces(source, run, notes.current).some(([, each]) => isSamePlace(each, before))
        if (!isRemembered) notes.remember(source, run, { ...before, original: logOf(request) })
      }
    },
    ended(capture) {
      const place = capture.cursor()
      // Not to be unpacked again only to see that.
      if (isPacked(place)) notes.noteCapture(capture)
      else if (!notes.isNoted(capture.key) && capture.knownBacklogBytes() === 0)
        notes.note(capture.key, { ...place, left: 1 })
    },
  }
}

/**
 * A truncation is known once the file is open; then its copies are told from files that nobody has read. So first logs and
 * files whose place holds, then others with a place, then those without.
 */
function inOpeningOrder(files: SourceFiles, requests: readonly FileRequest[]): FileRequest[] {
  const turn = (request: FileRequest): number => {
    const place = files.placeOf(request)
    if ((place && !request.original) || files.isRead(request)) return 1
    return place && !place.copy ? 2 : 3
  }
  const turns = new Map(requests.map((request) => [request, turn(request)]))
  return requests.toSorted((a, b) => turns.get(a)! - turns.get(b)!)
}

/**
 * Files of a log behind one that was renamed since it was found: read now, their lines would come before its. They wait for the next
 * look, but for ever not even where names change during each.
 */
function behindMoved(files: SourceFiles, requests: readonly FileRequest[], waited: Map<string, number>): FileRequest[] {
  const wanted = requests.filter((each) => !files.captureOf(each))
  const newest = wanted.at(-1)
  if (!newest) return []
  const moved = wanted.findIndex((request) => !isFile(request.path, request))
  const key = `${files.source} ${logOf(newest)}`
  const looks = waited.get(key) ?? 0
  if (moved < 0 || looks === mostWaited) {
    waited.delete(key)
    return []
  }
  waited.set(key, looks + 1)
  return wanted.slice(moved + 1)
}

const mostWaited = 2

function openKnown(files: SourceFiles, request: FileRequest): OpenedFile | { failed: string } {
  try {
    return files.captureOf(request) ? 'moved' : openPlainFile(files, request)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? 'moved' : { failed: message }
  }
}

/** A file that was truncated is read on after its copies. False: the copy with its rest could not be opened. */
function openBefore(files: SourceFiles, { truncation, known, rest, later }: Truncated, group: Group): boolean {
  const opened = rest && openCopy(files, rest.request, rest.cursor, group)
  if (rest && !opened) rest.missed()
  const last = later.map((each) => openCopy(files, each, undefined, group))
  readInOrder([opened, ...known.map(files.captureOf), ...last, files.captureOf(truncation.request)])
  return truncation.isFound
}

/** Undefined when it could not be opened, as when it was renamed in this very moment: it is recognized under its new name. */
function openCopy(
  files: SourceFiles,
  request: FileRequest,
  cursor: CursorValue | undefined,
  group: Group,
): Capture | undefined {
  // Truncated twice since the last step, each time with the same copy beside it.
  const open = files.captureOf(request)
  if (open) return open
  try {
    const place = files.placeOf(request)
    const capture = files.readToEnd(request, cursor)
    if (place && !isPlaceIn(request.path, place)) files.keepReplaced(place, request)
    if (cursor) group.cursors.set(capture.key, cursor)
    return capture
  } catch {
    return undefined
  }
}

function readInOrder(captures: readonly (Capture | undefined)[]): void {
  const open = captures.filter((capture) => capture !== undefined)
  for (const [index, capture] of open.entries()) if (index > 0) capture.readAfter(open[index - 1]!)
}
