// Opens a compressed file where its text was not read yet. What was read of it, as a file like others, is known by what stood at
// its beginning and before the place that reading had got to.
import { crc32 } from 'node:zlib'
import type { FileRequest } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'
import { beginsWith } from './compare-files.ts'
import { rememberedBytes } from '../tail/position.ts'
import { openUnpackedFile, type UnpackedFile } from '../tail/unpacked-file.ts'

export interface OpenedArchive {
  /** Undefined: at least as much was read of it. */
  file?: UnpackedFile
  /** Place to go on at; undefined: nothing of the text has been read. */
  cursor?: CursorValue | undefined
  /** The place that reading had reached in the file that was compressed. */
  place?: CursorValue | undefined
}

/** Places in files of which this may be one. */
export interface KnownPlaces {
  places: readonly CursorValue[]
  /** Of those that are read now. */
  open: readonly CursorValue[]
  /** Paths of files that are read now, or will be. */
  beside: readonly string[]
}

/** `moved`: it is read before it was compressed, so ask again later. */
export async function openArchive(
  request: FileRequest,
  { places, open, beside }: KnownPlaces,
): Promise<OpenedArchive | 'moved'> {
  let file = await openUnpackedFile(request.path, request)
  try {
    if (open.some((place) => beginsSo(file, place)) || beside.some((path) => beginsWith(path, file.beginning))) {
      file.close()
      return 'moved'
    }
    const longer = places.find((place) => isBeginningOf(file, place))
    if (longer) {
      file.close()
      return { place: longer }
    }
    const candidates = places
      .filter((place) => beginsSo(file, place))
      .sort((a, b) => Number(a.offset) - Number(b.offset))
    let cursor: CursorValue | undefined
    let found: CursorValue | undefined
    for (const place of candidates) {
      if (!(await file.passTo(Number(place.offset)))) {
        file.close()
        return { place }
      }
      if (!standsBefore(file, place)) continue
      cursor = { ...withoutEnd(place), inode: request.inode }
      found = place
    }
    if (candidates.at(-1)?.offset !== cursor?.offset) {
      // The text was passed, or it is another file's place.
      file.close()
      file = await openUnpackedFile(request.path, request)
      await file.passTo(Number(cursor?.offset ?? 0))
    }
    return { file, cursor, place: found }
  } catch (error) {
    file.close()
    throw error
  }
}

function beginsSo({ beginning }: UnpackedFile, { head, headBytes, headAt = 0 }: CursorValue): boolean {
  const length = Number(headBytes ?? 0)
  const { at, bytes } = beginning
  return length > 0 && at === Number(headAt) && bytes.length >= length && crc32(bytes.subarray(0, length)) === head
}

/** The whole text is shorter than the known beginning of what was read, and begins like it. */
function isBeginningOf(file: UnpackedFile, { headStart, headBytes, headAt = 0, offset }: CursorValue): boolean {
  const { at, bytes } = file.beginning
  const length = Math.min(rememberedBytes, Number(headBytes ?? 0))
  const end = at + bytes.length
  const isShorter = file.isWhole() && bytes.length < Number(headBytes ?? 0) && end <= Number(offset)
  return isShorter && at === Number(headAt) && bytes.length >= length && crc32(bytes.subarray(0, length)) === headStart
}

function standsBefore(file: UnpackedFile, { offset, check }: CursorValue): boolean {
  const length = Math.min(rememberedBytes, Number(offset))
  const before = file.read(Number(offset) - length, length)
  return before.length === length && crc32(before) === check
}

function withoutEnd(place: CursorValue): CursorValue {
  const open = { ...place }
  delete open.ended
  delete open.left
  return open
}
