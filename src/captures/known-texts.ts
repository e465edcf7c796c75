// The files of a source that an archive may be one of: those that are read, or were, and those that are gone.
import type { FileIdentity, FileRequest } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'
import type { Capture } from './capture.ts'
import { isAnother, isPlaceIn, logOf, mayBeCopy, pathNow, placeKey, withoutNumber } from './compare-files.ts'
import { isSameTime } from './file-times.ts'
import { filePlaces, gonePlaces, isPacked } from './remembered-places.ts'
import type { SourceFiles } from './source-files.ts'

export interface KnownText {
  /** The place that reading has come to; undefined of a file that is not opened yet. */
  place: CursorValue | undefined
  /** Called as the archive is, before that was rotated. */
  isNear: boolean
  /** The file that has the text; undefined when that is gone. */
  path(): string | undefined
  /** The file is read. */
  capture?: Pick<Capture, 'inode' | 'offset' | 'noticeTruncation' | 'cursor'>
  /** The text is in an archive: remembered with that, in the same commit. */
  returned?(): void
}

/** `modified`: of the archive, which tells its own text from that of other archives. */
export function knownTexts(files: SourceFiles, request: FileRequest, modified: number): KnownText[] {
  // A truncation that is seen now leaves a place in what was truncated.
  for (const each of files.captures.originalsOf(files.source, request.path)) each.noticeTruncation()
  return [...textsRead(files, request), ...textsRemembered(files, request, modified), ...textsGone(files, request)]
}

function* textsRead({ source, run, captures, captureOf }: SourceFiles, request: FileRequest): Generator<KnownText> {
  for (const capture of captures.all()) {
    if (capture.origin.source !== source || capture.origin.run !== run || capture.private) continue
    const place = capture.cursor()
    if (isPacked(place)) continue
    yield { place, isNear: mayBeCopy(request.path, capture.log), path: () => capture.path, capture }
  }
  const { original } = request
  if (original && original.inode !== 0 && !captureOf(original))
    yield { place: undefined, isNear: true, path: () => original.path }
}

function* textsRemembered(
  { source, run, cursors, captures, notes }: SourceFiles,
  request: FileRequest,
  modified: number,
): Generator<KnownText> {
  const own = placeKey(source, run, request)
  for (const [key, , file] of filePlaces(source, run, cursors)) {
    const place = notes.current(key)
    if (!place || captures.withKey(key)) continue
    // Archives that are others have texts of their own, though they may be equal, but for one that was moved or packed anew.
    if (isPacked(place)) {
      const isIt = key === own || isSameTime(Number(place.modified), modified)
      if (isIt) yield { place, isNear: true, path: () => undefined }
      continue
    }
    yield {
      place,
      isNear: isNearTo(place, request),
      path: () => pathOf(place, file),
      returned: () => isGone(place, file) && notes.note(key, null),
    }
  }
}

function* textsGone({ source, run, notes, copies }: SourceFiles, request: FileRequest): Generator<KnownText> {
  for (const [key, place] of gonePlaces(source, run, notes.current))
    yield {
      place,
      isNear: isNearTo(place, request),
      path: () => undefined,
      returned: () => notes.note(key, null),
    }
  for (const truncation of copies.notFound(source))
    yield {
      place: truncation.before,
      isNear: mayBeCopy(request.path, logOf(truncation.request)),
      path: () => undefined,
      returned: () => void (truncation.isFound = true),
    }
}

const isNearTo = ({ path, original }: CursorValue, request: FileRequest): boolean =>
  [original, path].some((each) => each !== undefined && mayBeCopy(request.path, withoutNumber(String(each))))

/** Not only truncated, which is told when the file is opened. */
function isGone(place: CursorValue, file: FileIdentity): boolean {
  const path = pathNow(place, file)
  return path === undefined || isAnother(path, place)
}

function pathOf(place: CursorValue, file: FileIdentity): string | undefined {
  const path = pathNow(place, file)
  return path !== undefined && isPlaceIn(path, place) ? path : undefined
}
