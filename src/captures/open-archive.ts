// Opens a compressed file where its text was not read yet. What was read of it, as a file like others, is known by what stood at
// its beginning and before the place that reading had got to; what is read of it elsewhere, by its bytes.
import { closeSync, readSync, statSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { FileRequest } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'
import { inodeAt, openSame } from '../tail/tailed-file.ts'
import { rememberedBytes } from '../tail/position.ts'
import type { StreamFile } from '../tail/stream-file.ts'
import { openUnpackedFile } from '../tail/unpacked-file.ts'
import { beginsWith } from './compare-files.ts'
import { decideArchive, type GoneText, type TextThere } from './decide-archive.ts'
import { isBefore } from './file-times.ts'
import type { KnownText } from './known-texts.ts'
import { placeElsewhere } from './remembered-places.ts'

export interface OpenedArchive {
  /** Undefined: at least as much was read of it. */
  file?: StreamFile
  /** Place to go on at; undefined: nothing of the text has been read. */
  cursor?: CursorValue | undefined
  /** The place that reading had reached in the file that was compressed. */
  place?: CursorValue | undefined
}

const comparedBytes = 256 * 1024
/** A copy may be younger than what its original had by the time it was complete. */
const copyingMs = 1000

/** `moved`: it is read before it was compressed, so ask again later. */
export async function openArchive(request: FileRequest, known: readonly KnownText[]): Promise<OpenedArchive | 'moved'> {
  const open = (): Promise<StreamFile> => openUnpackedFile(request.path, request)
  let file = await open()
  let isReadOn = false
  /** The file at its beginning, to be read on from there: opened anew only where it was, as the text is read forwards only. */
  async function again(): Promise<StreamFile> {
    if (!isReadOn) {
      isReadOn = true
      return file
    }
    file.close()
    return (file = await open())
  }
  try {
    const there: TextThere[] = []
    const gone: KnownText[] = []
    for (const each of known.filter((text) => resembles(file, text))) {
      const path = each.path()
      if (path === undefined) gone.push(each)
      else {
        const text = await textIn(await again(), path, each)
        if (text === 'rewritten') return leave('moved')
        if (text) there.push(text)
      }
    }
    const decision = decideArchive(gone.length === 0 ? [] : await textsIn(await again(), gone), there)
    if (decision === 'wait') return leave('moved')
    if (decision === 'nothing') return leave({})
    await again()
    if (decision === 'everything') return { file }
    const place = decision.rest
    await file.passTo(Number(place.offset))
    return { file, cursor: placeElsewhere(place, request), place }
  } catch (error) {
    file.close()
    throw error
  }

  function leave<Answer>(answer: Answer): Answer {
    file.close()
    return answer
  }
}

/** Of ten thousand files that are read only those of the archive's name are opened to see how they begin. */
function resembles(file: StreamFile, { place, isNear, path, capture }: KnownText): boolean {
  if (place && (beginsSo(file, place) || isBeginningOf(file, place))) return true
  const now = isNear && (!place || capture) ? path() : undefined
  return now !== undefined && beginsWith(now, file.beginning)
}

/** `rewritten`: the file has another name, or none, or was truncated; what is known of it is told by the next look. */
async function textIn(
  file: StreamFile,
  path: string,
  { place, isNear, capture }: KnownText,
): Promise<TextThere | 'rewritten' | undefined> {
  capture?.noticeTruncation()
  if (capture && (capture.inode !== inodeAt(path) || capture.offset() < Number(place?.offset))) return 'rewritten'
  const length = await lengthIn(file, path)
  if (length === undefined) return undefined
  const readBytes = capture?.offset() ?? Number(place?.offset ?? 0)
  return { isNear, isRead: readBytes >= length, isYounger: isBefore(file.stat().mtimeMs, statSync(path).birthtimeMs) }
}

/** Length of the text when the file at the path begins with all of it. */
async function lengthIn(file: StreamFile, path: string): Promise<number | undefined> {
  const { ino: inode, dev: device } = statSync(path)
  const fd = openSame(path, { inode, device })
  const there = Buffer.allocUnsafe(comparedBytes)
  try {
    for (let at = 0; ;) {
      const text = await file.next(at, comparedBytes)
      if (text.length === 0) return at
      const count = readSync(fd, there, 0, text.length, at)
      if (!there.subarray(0, count).equals(text)) return undefined
      at += text.length
    }
  } finally {
    closeSync(fd)
  }
}

/** The places in the order of their offsets, as the text is read forwards only. */
async function textsIn(file: StreamFile, texts: readonly KnownText[]): Promise<GoneText<CursorValue>[]> {
  const held: GoneText<CursorValue>[] = []
  for (const { place = {}, isNear } of texts.toSorted((a, b) => Number(a.place?.offset) - Number(b.place?.offset))) {
    const holds = await howItHolds(file, place)
    // An archive written later than the text that was read is no part of it, though it begins alike.
    if (holds === 'part' && isBefore(Number(place.modified) + copyingMs, file.stat().mtimeMs)) continue
    if (holds) held.push({ place, isNear, holds, offset: Number(place.offset) })
  }
  return held
}

async function howItHolds(file: StreamFile, place: CursorValue): Promise<GoneText<CursorValue>['holds'] | undefined> {
  if (isBeginningOf(file, place)) return 'part'
  if (!beginsSo(file, place)) return undefined
  if (!(await file.passTo(Number(place.offset)))) return 'part'
  return standsBefore(file, place) ? 'all' : undefined
}

function beginsSo({ beginning }: StreamFile, { head, headBytes, headAt = 0 }: CursorValue): boolean {
  const length = Number(headBytes ?? 0)
  const { at, bytes } = beginning
  return length > 0 && at === Number(headAt) && bytes.length >= length && crc32(bytes.subarray(0, length)) === head
}

/** The whole text is shorter than the known beginning of what was read, and begins like it. */
function isBeginningOf(file: StreamFile, { headStart, headBytes, headAt = 0, offset }: CursorValue): boolean {
  const { at, bytes } = file.beginning
  const length = Math.min(rememberedBytes, Number(headBytes ?? 0))
  const end = at + bytes.length
  const isShorter = file.isWhole() && bytes.length < Number(headBytes ?? 0) && end <= Number(offset)
  return isShorter && at === Number(headAt) && bytes.length >= length && crc32(bytes.subarray(0, length)) === headStart
}

function standsBefore(file: StreamFile, { offset, check }: CursorValue): boolean {
  const length = Math.min(rememberedBytes, Number(offset))
  const before = file.read(Number(offset) - length, length)
  return before.length === length && crc32(before) === check
}
