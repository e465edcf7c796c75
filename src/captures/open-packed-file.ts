// Opens a compressed file that was rotated: what was not read of its text before it was compressed is read.
import { statSync } from 'node:fs'
import type { FileRequest } from '../contracts/source-storage.ts'
import { packedSum } from '../tail/unpacked-file.ts'
import type { Capture } from './capture.ts'
import { placeKey } from './compare-files.ts'
import { knownTexts } from './known-texts.ts'
import { openArchive } from './open-archive.ts'
import { isSamePlace } from './rotated-copies.ts'
import type { SourceFiles } from './source-files.ts'

/** `moved`: the text is read where it is, before it was compressed, so ask again later. */
export async function openPackedFile(files: SourceFiles, request: FileRequest): Promise<Capture | 'moved' | 'copy'> {
  const { source, run, notes } = files
  const { path, inode } = request
  const packed = packedSum(path, request)
  const modified = statSync(path).mtimeMs
  const known = files.placeOf(request)
  if (known?.ended && known.packed === packed) return 'copy'
  const texts = knownTexts(files, request, modified)
  const opened = await openArchive(request, texts)
  if (opened === 'moved') return 'moved'
  const isOther = known && !(opened.place && isSamePlace(known, opened.place))
  if (isOther) files.keepReplaced(known, request)
  const isWanted = opened.cursor !== undefined || request.start !== 'end'
  // A text that an archive has is not another's: the next one with the same text is new.
  for (const { place, isNear, returned } of texts)
    if (opened.cursor ? place && isSamePlace(place, opened.place!) : isWanted && isNear && place?.headBytes === 0)
      returned?.()
  if (opened.file && isWanted) return files.readToEnd(request, opened.cursor, opened.file)
  opened.file?.close()
  notes.note(placeKey(source, run, request), { inode, packed, modified, ended: 1, passed: 1 })
  return 'copy'
}
