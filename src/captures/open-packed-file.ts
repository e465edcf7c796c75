// Opens a compressed file that was rotated: what was not read of its text before it was compressed is read.
import type { FileRequest } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'
import { packedSum } from '../tail/unpacked-file.ts'
import type { Capture } from './capture.ts'
import { holds, mayBeCopy, pathNow, placeKey } from './compare-files.ts'
import { openArchive } from './open-archive.ts'
import { filePlaces, placesOf } from './remembered-places.ts'
import type { SourceFiles } from './source-files.ts'

/** `moved`: the text is read where it is, before it was compressed, so ask again later. */
export async function openPackedFile(files: SourceFiles, request: FileRequest): Promise<Capture | 'moved' | 'copy'> {
  const { source, run, cursors, notes, copies, captures } = files
  const { path, inode, original } = request
  const packed = packedSum(path, request)
  const known = files.placeOf(request)
  if (known?.ended && known.packed === packed) return 'copy'
  const opened = await openArchive(request, {
    places: [...placesOf(source, run, cursors), ...copies.places(source)],
    open: [...openPlaces(files), ...placeInOriginal(files, request)],
    beside: [...captures.originalsOf(source, path), ...(original ? [original] : [])].map((each) => each.path),
  })
  if (opened === 'moved') return 'moved'
  // Another file had the archive's inode.
  if (known && known !== opened.place) notes.remember(source, run, known)
  const isWanted = opened.cursor || request.start !== 'end'
  if (opened.place) noteReturned(files, (place) => place === opened.place)
  // A file that was empty when it was read last, and may be in this archive now, is known by its name alone.
  else if (isWanted) noteReturned(files, (place) => !place.headBytes && mayBeCopy(path, String(place.path)))
  if (opened.file && isWanted) return files.readToEnd(request, opened.cursor, opened.file)
  opened.file?.close()
  notes.note(placeKey(source, run, request), { inode, packed, ended: 1, passed: 1 })
  return 'copy'
}

function* openPlaces({ source, captures }: SourceFiles): Generator<CursorValue> {
  for (const each of captures.all()) if (each.origin.source === source && !each.private) yield each.cursor()
}

/** The place in the archive's original, while nobody reads that yet. */
function placeInOriginal(files: SourceFiles, { original }: FileRequest): CursorValue[] {
  const place = original && !files.captureOf(original) ? files.placeOf(original) : undefined
  return original && place && holds(original.path, place) === 'all' ? [place] : []
}

/** The text of files that are gone is in an archive: remembered in the commit that remembers the archive. */
function noteReturned(
  { source, run, cursors, captures, notes }: SourceFiles,
  isIt: (place: CursorValue) => boolean,
): void {
  for (const [key, place, file] of filePlaces(source, run, cursors))
    if (isIt(place) && !captures.withKey(key) && pathNow(place, file) === undefined)
      notes.note(key, { ...place, left: 1 })
}
