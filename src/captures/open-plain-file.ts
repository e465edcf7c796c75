// Opens a followed file that is not compressed: where reading goes on, or begins, or as a copy of what is read elsewhere.
import type { FileRequest } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'
import type { Capture } from './capture.ts'
import {
  assertSame,
  containsAll,
  holds,
  isAnother,
  isPlaceIn,
  mayBeCopy,
  pathNow,
  placeAtEnd,
  placeKey,
  withoutNumber,
} from './compare-files.ts'
import { filePlaces, isPacked, lostPlaces, placeElsewhere } from './remembered-places.ts'
import type { SourceFiles } from './source-files.ts'

export function openPlainFile(files: SourceFiles, request: FileRequest): Capture | 'copy' {
  const { source, run, notes } = files
  assertSame(request)
  const place = files.placeOf(request)
  // Another file has the inode of one that was let go, or never read, or of an archive.
  const isOver = place && (isPacked(place) || ((place.passed || place.left) && !isPlaceIn(request.path, place)))
  const isReplaced = place && !isOver && isAnother(request.path, place)
  const isStale = isOver || isReplaced
  const known = isStale ? undefined : place
  // A log whose place does not hold was truncated; what was rotated may be another file with the same inode.
  const isPlace = known && !known.copy && (!request.original || holds(request.path, known) === 'all')
  if (isPlace) return files.read(request, known)
  const originals = files.captures.originalsOf(source, request.path)
  const found = isCopyOfUnread(files, request)
    ? 'copy'
    : files.copies.recognize(source, request, originals, goneOriginals(files, request))
  if (known && found) files.tellRemoved(known)
  if (isStale) files.keepReplaced(place, request)
  else if (known && (found || request.isPassed) && request.mayReturn) notes.remember(source, run, known)
  if (found === 'copy') return pass(files, request, { copy: 1 })
  if (!found && request.isPassed) return pass(files, request)
  if (!found) {
    const isUnread = known !== undefined && isUnreadCopy(files, request, known)
    const rest = isUnread ? undefined : (known ?? takeLostRest(files, request))
    return rest === 'copy' ? pass(files, request, { copy: 1 }) : files.read(request, rest)
  }
  let capture: Capture
  try {
    capture = files.read(request, found.cursor)
  } catch (error) {
    found.missed()
    throw error
  }
  forgetLostRest(files, request)
  if (found.of) files.captureOf(found.of)?.readAfter(capture)
  return capture
}

/** A copy of a file that nobody has read yet: its text will be read where it is. */
function isCopyOfUnread(files: SourceFiles, request: FileRequest): boolean {
  const { original } = request
  if (!original || files.isRead(original)) return false
  const isCopy = containsAll(original, request)
  if (isCopy) files.copies.unread(placeKey(files.source, files.run, original), request)
  return isCopy
}

/** The copy was left to its log, of which what was read last is older than the copy, and not in it. */
function isUnreadCopy(files: SourceFiles, { original, path }: FileRequest, copy: CursorValue): boolean {
  const place = original && files.placeOf(original)
  // Another log may have the name by now, or the inode.
  if (!copy.copy || !place || !(Number(place.born) <= Number(copy.born)) || isAnother(original.path, place))
    return false
  return Number(place.modified) < Number(copy.modified) && !holds(path, place)
}

/** Places in files that the request may be a copy of, and that are gone or hold something else. */
function* goneOriginals(
  { source, run, cursors, captures }: SourceFiles,
  { path }: FileRequest,
): Generator<CursorValue> {
  for (const [key, place, file] of filePlaces(source, run, cursors)) {
    if (place.path === undefined || isPacked(place) || captures.withKey(key)) continue
    if (!mayBeCopy(path, withoutNumber(String(place.path)))) continue
    const now = pathNow(place, file)
    if (now === undefined || !isPlaceIn(now, place)) yield place
  }
}

function pass({ source, run, notes }: SourceFiles, request: FileRequest, how: CursorValue = {}): 'copy' {
  notes.note(placeKey(source, run, request), { ...placeAtEnd(request), passed: 1, left: 1, ...how })
  return 'copy'
}

/** The rest in the copy of a file that a hub before saw truncated, without finding the copy; `copy`: nothing is left in it. */
function takeLostRest(
  { source, run, notes }: SourceFiles,
  { path, inode }: FileRequest,
): CursorValue | 'copy' | undefined {
  for (const [key, place] of lostPlaces(source, run, notes.current)) {
    if (!mayBeCopy(path, String(place.original))) continue
    const held = holds(path, place)
    if (held === 'part') return 'copy'
    if (!held) continue
    notes.note(key, null)
    return placeElsewhere(place, { inode })
  }
  return undefined
}

/** The copy may have been remembered as not found. */
function forgetLostRest(files: SourceFiles, request: FileRequest): void {
  try {
    takeLostRest(files, request)
  } catch {
    // Renamed meanwhile: it stays remembered, and this copy is known by its place.
  }
}
