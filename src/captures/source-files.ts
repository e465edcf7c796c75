// The followed files of one source and run, for those who decide what a file is: what is read, what is remembered, and how both
// grow.
import type { Entry, FileIdentity, FilePlace, FileRequest } from '../contracts/source-storage.ts'
import type { CursorValue, Store } from '../contracts/store.ts'
import { fileGap } from '../text/gaps.ts'
import type { StreamFile } from '../tail/stream-file.ts'
import type { CaptureSet } from './capture-set.ts'
import type { Capture } from './capture.ts'
import { isPlaceIn, logOf, placeKey, withoutNumber } from './compare-files.ts'
import type { PlaceNotes } from './place-notes.ts'
import type { RotatedCopies } from './rotated-copies.ts'

export interface FollowedFilesOptions {
  store: Store
  captures: Pick<CaptureSet, 'all' | 'withKey' | 'originalsOf'>
  /** Opens the file and adds it to the captures. */
  add(source: string, request: FileRequest, cursor: CursorValue | undefined, file?: StreamFile): Capture
  /** Makes a record that says what is missing. */
  tell(source: string, run: number, gap: Entry): void
  warn(message: string): void
}

export interface SourceFiles {
  source: string
  run: number
  cursors: ReturnType<Store['cursors']>
  notes: PlaceNotes
  copies: RotatedCopies
  captures: Pick<CaptureSet, 'all' | 'withKey' | 'originalsOf'>
  placeOf(file: FileIdentity): CursorValue | undefined
  captureOf(file: FileIdentity): Capture | undefined
  /** The file is read, or was, and is more than a known copy of another. */
  isRead(file: FilePlace): boolean
  /** Throws ENOENT when the path names another file by now. */
  read(request: FileRequest, cursor: CursorValue | undefined, file?: StreamFile): Capture
  /** Reads a file that nobody writes to any more. */
  readToEnd(request: FileRequest, cursor: CursorValue | undefined, file?: StreamFile): Capture
  /** Keeps the place in a file whose inode another has: its text may be in an archive; what was not let go is told otherwise. */
  keepReplaced(place: CursorValue, by: FileRequest): void
  /** Tells that a file went, unless its end was seen. */
  tellRemoved(place: CursorValue): void
}

export function sourceFiles(
  { store, captures, add, tell }: FollowedFilesOptions,
  { notes, copies }: { notes: PlaceNotes; copies: RotatedCopies },
  source: string,
  run: number,
): SourceFiles {
  const cursors = store.cursors()
  const placeOf = (file: FileIdentity): CursorValue | undefined => notes.current(placeKey(source, run, file))
  const captureOf = (file: FileIdentity): Capture | undefined => captures.withKey(placeKey(source, run, file))

  function read(request: FileRequest, cursor: CursorValue | undefined, file?: StreamFile): Capture {
    const capture = add(source, request, cursor, file)
    if (!cursor || cursor !== cursors.get(capture.key)) notes.noteCapture(capture)
    return capture
  }

  function tellRemoved({ path, offset, left, ended }: CursorValue): void {
    if (left || ended) return
    const gap = fileGap({ cause: 'removed', from: Number(offset), to: Number(offset), bytes: 'unknown' })
    const fields = { ...gap.extras?.fields, ...(path === undefined ? {} : { 'log.file.path': path }) }
    tell(source, run, { ...gap, extras: { fields } })
  }

  return {
    source,
    run,
    cursors,
    notes,
    copies,
    captures,
    placeOf,
    captureOf,
    isRead(file) {
      const place = placeOf(file)
      return captureOf(file) !== undefined || (place !== undefined && !place.copy && isPlaceIn(file.path, place))
    },
    read,
    readToEnd(request, cursor, file) {
      const capture = read(request, cursor, file)
      // A hub that gives up leaves the rest to the next one.
      capture.finish().catch(() => undefined)
      return capture
    },
    keepReplaced(place, by) {
      const isOver = place.left || place.passed || place.ended
      if (!isOver && !by.mayReturn) tellRemoved(place)
      if (isOver && !by.mayReturn) return
      const original = place.path === undefined ? logOf(by) : withoutNumber(String(place.path))
      notes.remember(source, run, isOver ? place : { ...place, original, ...(by.mayReturn ? { unseen: 1 } : {}) })
    },
    tellRemoved,
  }
}
