// The files of others that the pipeline reads: which of them are opened, where reading begins, and what is remembered of those
// that are gone.
import type {
  Entry,
  FileIdentity,
  FilePlace,
  ForeignRequest,
  ForgetOptions,
  RememberedFiles,
} from '../contracts/source-storage.ts'
import type { CursorValue, Store } from '../contracts/store.ts'
import { packedSum, type UnpackedFile } from '../tail/unpacked-file.ts'
import type { Group } from '../shape/backlog.ts'
import type { CaptureSet } from './capture-set.ts'
import type { Capture } from './capture.ts'
import { isSamePlace, openCopies, type Truncated } from './copies.ts'
import {
  assertSame,
  containsAll,
  foreignKey,
  holds,
  logOf,
  mayBeCopy,
  pathNow,
  placeAtEnd,
  withoutNumber,
} from './foreign-files.ts'
import { filePlaces, keyOfGone, lostPlaces, placesOf, rememberedFiles, seenKey } from './foreign-places.ts'
import { fileGap } from '../text/gaps.ts'
import { openArchive } from './open-archive.ts'

export type OpenedForeign = Capture | 'moved' | 'copy'

export interface ForeignTails {
  /** See SourceContext. */
  open(source: string, request: ForeignRequest): OpenedForeign | Promise<OpenedForeign>
  /** See SourceContext.tailLogs. */
  openLogs(
    source: string,
    requests: readonly ForeignRequest[],
    logs: readonly FileIdentity[][],
  ): (OpenedForeign | { failed: string })[]
  forget(source: string, run: number, file: FileIdentity, how?: ForgetOptions): void
  remembered(source: string, run: number): RememberedFiles
  /** All files that were there then have been opened. */
  sawAll(source: string, run: number, at: number): void
  backlogBytes(source: string): number
  /** It was truncated; told where reading had got. */
  truncated(source: string, request: ForeignRequest, path: string, before: CursorValue): void
  /** It cannot be read for the moment. */
  failed(path: string, error: Error): void
  /** What is to be remembered beside what is read. */
  collectPlaces(group: Group): void
  /** There is some of that. */
  hasPlaces(): boolean
  /** Opens the copies of what was truncated, and holds what stands in its place now until they are read. */
  openCopies(group: Group): void
  /** It has been read to its very end. */
  ended(capture: Capture): void
}

export interface ForeignTailsOptions {
  store: Store
  captures: Pick<CaptureSet, 'all' | 'withKey' | 'originalsOf'>
  /** Opens it and adds it to them. */
  add(source: string, request: ForeignRequest, cursor: CursorValue | undefined, file?: UnpackedFile): Capture
  /** Makes a record that says what is missing. */
  tell(source: string, run: number, gap: Entry): void
  warn(message: string): void
}

export function openForeignTails({ store, captures, add, tell, warn }: ForeignTailsOptions): ForeignTails {
  const copies = openCopies()
  /** Where reading begins or has ended is remembered, also when nothing comes. */
  const places: Capture[] = []
  const marks = new Map<string, CursorValue | null>()
  /** As was told. */
  const unreadable = new Set<string>()

  function* live(source: string): Generator<Capture> {
    for (const each of captures.all()) if (each.origin.source === source && !each.private) yield each
  }

  function read(
    source: string,
    request: ForeignRequest,
    cursor: CursorValue | undefined,
    file?: UnpackedFile,
  ): Capture {
    const capture = add(source, request, cursor, file)
    if (!cursor || cursor !== store.cursors().get(capture.key)) places.push(capture)
    return capture
  }

  const captureOf = (source: string, run: number, file: FileIdentity): Capture | undefined =>
    captures.withKey(foreignKey(source, run, file))

  function readInOrder(first: Capture | undefined, second: Capture | undefined): void {
    if (first) second?.readAfter(first)
  }

  /** Nobody writes to it any more. */
  function readToEnd(capture: Capture): Capture {
    // Who gives up leaves the rest to the next hub.
    capture.finish().catch(() => undefined)
    return capture
  }

  /** In the file beside which it lies, while nobody reads that yet. */
  function placeBefore(source: string, { run, original }: ForeignRequest): CursorValue | undefined {
    const key = original && foreignKey(source, run, original)
    return key === undefined || captures.withKey(key) ? undefined : store.cursors().get(key)
  }

  function failed(path: string, error: Error): void {
    if (unreadable.has(path)) return
    unreadable.add(path)
    warn(`${path} cannot be read, which is tried again: ${error.message}`)
  }

  function openPlain(source: string, request: ForeignRequest): OpenedForeign {
    assertSame(request)
    const key = foreignKey(source, request.run, request)
    const place = store.cursors().get(key)
    // Another file has the inode of one that was let go, or never read, or of an archive.
    const isStale = place && (isPacked(place) || ((place.passed || place.left) && !isPlaceIn(request.path, place)))
    const known = isStale ? undefined : place
    // A log whose place does not hold was truncated; what was rotated may be another file with the same inode.
    const isPlace = known && !known.copy && (!request.original || holds(request.path, known) === 'all')
    if (isPlace) return read(source, request, known)
    const found = isCopyInTheMaking(source, request)
      ? 'copy'
      : copies.recognize(source, request, captures.originalsOf(source, request.path), placesGone(source, request))
    if (known && found) tellRemovedUnseen(source, request.run, known)
    const isReplaced = isStale || (known && (found || request.isPassed))
    if (isReplaced && request.mayReturn) remember(source, request.run, place!)
    if (found === 'copy') return pass(source, request, { copy: 1 })
    if (!found && request.isPassed) return pass(source, request)
    if (!found) {
      const rest = known ?? lostCopy(source, request)
      return rest === 'copy' ? pass(source, request, { copy: 1 }) : read(source, request, rest)
    }
    let capture: Capture
    try {
      capture = read(source, request, found.cursor)
    } catch (error) {
      found.missed()
      throw error
    }
    forgetLost(source, request)
    if (found.of) readInOrder(capture, captureOf(source, request.run, found.of))
    return capture
  }

  /** Of a file that nobody has read yet, which will be read where it is. */
  function isCopyInTheMaking(source: string, request: ForeignRequest): boolean {
    const { run, original } = request
    if (!original || isRead(source, run, original)) return false
    const isCopy = containsAll(original, request)
    if (isCopy) copies.unread(foreignKey(source, run, original), request)
    return isCopy
  }

  /** Places in files that the request may be a copy of, and that are gone or hold something else. */
  function* placesGone(source: string, { run, path }: ForeignRequest): Generator<CursorValue> {
    for (const [key, place, file] of filePlaces(source, run, store.cursors())) {
      const mayBe = place.path !== undefined && !isPacked(place)
      if (
        mayBe &&
        mayBeCopy(path, withoutNumber(String(place.path))) &&
        !captures.withKey(key)
      ) {
        const now = pathNow(place, file)
        if (now === undefined || !isPlaceIn(now, place)) yield place
      }
    }
  }

  function pass(source: string, request: ForeignRequest, how: CursorValue = {}): 'copy' {
    marks.set(foreignKey(source, request.run, request), { ...placeAtEnd(request), passed: 1, left: 1, ...how })
    return 'copy'
  }

  /** It may have been remembered as not found. */
  function forgetLost(source: string, request: ForeignRequest): void {
    try {
      lostCopy(source, request)
    } catch {
      // Renamed meanwhile: it stays remembered, and this copy is known by its place.
    }
  }

  /** The rest in the copy of a file that a hub before saw truncated, without finding the copy; `copy`: it has none. */
  function lostCopy(source: string, { run, path, inode }: ForeignRequest): CursorValue | 'copy' | undefined {
    for (const [key, place] of lostPlaces(source, run, store.cursors())) {
      if (marks.has(key) || !mayBeCopy(path, String(place.original))) continue
      const held = holds(path, place)
      if (held === 'part') return 'copy'
      if (!held) continue
      marks.set(key, null)
      const rest: CursorValue = { ...place, inode }
      delete rest.original
      return rest
    }
    return undefined
  }

  function remember(source: string, run: number, place: CursorValue): void {
    if (isPacked(place)) return
    const placeAt = (key: string): CursorValue | undefined => marks.get(key) ?? store.cursors().get(key)
    marks.set(keyOfGone(source, run, placeAt), place)
  }

  async function openPacked(source: string, request: ForeignRequest): Promise<OpenedForeign> {
    const { run, path, inode, original } = request
    const key = foreignKey(source, run, request)
    const packed = packedSum(path, request)
    const known = store.cursors().get(key)
    if (known?.ended && known.packed === packed) return 'copy'
    // What is read, or will be, where it is.
    const before = placeBefore(source, request)
    const isBeforeValid = original && before && holds(original.path, before) === 'all'
    const open = [...[...live(source)].map((each) => each.cursor()), ...(isBeforeValid ? [before] : [])]
    const opened = await openArchive(request, {
      places: [...placesOf(source, run, store.cursors()), ...copies.places(source)],
      open,
      beside: [...captures.originalsOf(source, path), ...(original ? [original] : [])].map((each) => each.path),
    })
    if (opened === 'moved') return 'moved'
    // Another file had the archive's inode.
    if (known && known !== opened.place) remember(source, run, known)
    const isWanted = opened.cursor || request.start !== 'end'
    if (opened.place) noteReturned(source, run, (place) => place === opened.place)
    // What had been empty when it was read last, and may be in this archive now, is known by its name alone.
    else if (isWanted) noteReturned(source, run, (place) => !place.headBytes && mayBeCopy(path, String(place.path)))
    if (opened.file && isWanted) return readToEnd(read(source, request, opened.cursor, opened.file))
    opened.file?.close()
    marks.set(key, { inode, packed, ended: 1, passed: 1 })
    return 'copy'
  }

  /** An archive has its text, or may have, unless it is still there: remembered in the commit that remembers the archive. */
  function noteReturned(source: string, run: number, isIt: (place: CursorValue) => boolean): void {
    for (const [key, place, file] of filePlaces(source, run, store.cursors()))
      if (isIt(place) && !captures.withKey(key) && pathNow(place, file) === undefined) marks.set(key, { ...place, left: 1 })
  }

  function tellRemovedUnseen(source: string, run: number, place: CursorValue): void {
    if (!place.left && !place.ended) tellRemoved(source, run, place)
  }

  function tellRemoved(source: string, run: number, { path, offset }: CursorValue): void {
    const gap = fileGap({ cause: 'removed', from: Number(offset), to: Number(offset), bytes: 'unknown' })
    const fields = { ...gap.extras?.fields, ...(path === undefined ? {} : { 'log.file.path': path }) }
    tell(source, run, { ...gap, extras: { fields } })
  }

  /** It is read, or was, and not only known as a copy of what is. */
  function isRead(source: string, run: number, file: FilePlace): boolean {
    const key = foreignKey(source, run, file)
    const place = store.cursors().get(key)
    return captures.withKey(key) !== undefined || (place !== undefined && !place.copy && isPlaceIn(file.path, place))
  }

  const isRemembered = (source: string, request: ForeignRequest): boolean => {
    const place = store.cursors().get(foreignKey(source, request.run, request))
    return place !== undefined && !place.copy
  }

  /** An inode may be another file's by now. */
  function isPlaceIn(path: string, place: CursorValue): boolean {
    try {
      return !place.headBytes || holds(path, place) === 'all'
    } catch {
      return false
    }
  }

  /** Undefined when it could not be opened, as when it was renamed in this very moment: it is recognized under its new name. */
  function openCopy(
    source: string,
    request: ForeignRequest,
    cursor: CursorValue | undefined,
    group: Group,
  ): Capture | undefined {
    try {
      const capture = readToEnd(read(source, request, cursor))
      if (cursor) group.cursors.set(capture.key, cursor)
      return capture
    } catch {
      return undefined
    }
  }

  /** What was truncated is read on after what its copies have. False: the copy with its rest could not be opened. */
  function openBefore({ truncation, known, rest, later }: Truncated, group: Group): boolean {
    const { source, request } = truncation
    const opened = rest ? openCopy(source, rest.request, rest.cursor, group) : undefined
    if (rest && !opened) rest.missed()
    const first = known.map((each) => captureOf(source, each.run, each))
    const last = later.map((each) => openCopy(source, each, undefined, group))
    const inOrder = [opened, ...first, ...last, captureOf(source, request.run, request)].filter(
      (capture) => capture !== undefined,
    )
    for (const [index, capture] of inOrder.entries()) readInOrder(inOrder[index - 1], capture)
    return truncation.isFound
  }

  function collectMarks(group: Group): void {
    for (const [key, mark] of marks) group.cursors.set(key, mark)
    marks.clear()
  }

  function openKnown(source: string, request: ForeignRequest): OpenedForeign | { failed: string } {
    try {
      // As the rest in a copy is; later there is nothing left to be read twice.
      return captureOf(source, request.run, request) ? 'moved' : openPlain(source, request)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      return code === 'ENOENT' ? 'moved' : { failed: message }
    }
  }

  return {
    openLogs(source, requests, logs) {
      // Of what a file was truncated is known once it is open; then its copies are told from what nobody has read.
      const pass = requests.map((request) => {
        const isLog = !request.original && store.cursors().has(foreignKey(source, request.run, request))
        return isLog || isRead(source, request.run, request) ? 1 : isRemembered(source, request) ? 2 : 3
      })
      const opened = new Map<ForeignRequest, OpenedForeign | { failed: string }>()
      for (const now of [1, 2, 3])
        for (const [index, request] of requests.entries())
          if (pass[index] === now) opened.set(request, openKnown(source, request))
      const run = requests[0]?.run ?? 0
      for (const files of logs) {
        const inOrder = files.map((file) => captureOf(source, run, file)).filter((capture) => capture !== undefined)
        for (const [index, capture] of inOrder.entries()) readInOrder(inOrder[index - 1], capture)
      }
      return requests.map((request) => opened.get(request)!)
    },
    async open(source, request) {
      // As the rest in a copy is; later there is nothing left to be read twice.
      if (captures.withKey(foreignKey(source, request.run, request))) return 'moved'
      try {
        return await (request.packed ? openPacked(source, request) : openPlain(source, request))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'moved'
        throw error
      }
    },
    forget(source, run, file, { mayReturn = false, isUnseen = false } = {}) {
      const key = foreignKey(source, run, file)
      const place = marks.get(key) ?? store.cursors().get(key)
      // Renamed to where no glob finds it, it may be found again as what was rotated.
      if (!place || pathNow(place, file) !== undefined) return
      marks.set(key, null)
      if (isUnseen) tellRemovedUnseen(source, run, place)
      if (mayReturn) remember(source, run, place)
    },
    remembered: (source, run) => rememberedFiles(source, run, store.cursors()),
    sawAll: (source, run, at) => void marks.set(seenKey(source, run), { at }),
    backlogBytes: (source) => [...live(source)].reduce((sum, capture) => sum + capture.knownBacklogBytes(), 0),
    truncated: (source, request, path, before) => copies.truncated({ source, request, path, before }),
    failed,
    collectPlaces(group) {
      for (const capture of places.splice(0)) group.cursors.set(capture.key, capture.cursor())
      // What is forgotten is forgotten, whatever was remembered of it just before.
      collectMarks(group)
    },
    hasPlaces: () => places.length > 0 || marks.size > 0,
    openCopies(group) {
      const isKnown = (source: string, request: ForeignRequest): boolean => isRead(source, request.run, request)
      for (const truncated of copies.takeTruncations(isKnown)) {
        if (openBefore(truncated, group)) continue
        // The next hub must know of it, too, should this one be killed before it finds the copy.
        const { source, request, before } = truncated.truncation
        const isRemembered = lostPlaces(source, request.run, store.cursors()).some(([, each]) =>
          isSamePlace(each, before),
        )
        if (!isRemembered) remember(source, request.run, { ...before, original: logOf(request) })
      }
      collectMarks(group)
    },
    ended(capture) {
      const place = capture.cursor()
      // Not to be unpacked again only to see that.
      if (isPacked(place)) places.push(capture)
      else if (!marks.has(capture.key) && capture.knownBacklogBytes() === 0)
        marks.set(capture.key, { ...place, left: 1 })
    },
  }
}

const isPacked = ({ packed }: CursorValue): boolean => packed !== undefined
