// Writes a day's file anew: the one way in which sealed records are merged, removed or mended. The new file takes the old
// one's place as a whole or not at all, and readers of the old one may read it to its end.
import type { Disk } from '../../../system/disk.ts'
import { beginFile, newFile } from '../../../system/new-file.ts'
import { dayFile, newestDayFiles, parseDayFile, type DayName } from '../names.ts'
import { readFrom } from '../frames/read-file.ts'
import type { Damage } from '../frames/scan-frames.ts'
import { diskError } from '../tail/tail-file.ts'

/** The parts of the new file, in order: ranges of the old one, and frames that take the place of others. */
export type Piece = { copy: ByteRange } | { frame: Uint8Array }

/** Of a file's bytes. */
export type ByteRange = Damage

const copyBytes = 1024 * 1024

/** Gives how many bytes it wrote. When it throws, the old file counts, or the new one is complete. */
export function rewriteDay(disk: Disk, directory: string, old: DayName, pieces: Iterable<Piece>): number {
  const path = dayFile(directory, { day: old.day, generation: old.generation + 1 })
  let bytes: number
  try {
    bytes = writeFile(disk, newFile(path), dayFile(directory, old), pieces)
    disk.rename(newFile(path), path)
  } catch (cause) {
    removeIfThere(disk, newFile(path))
    throw diskError(cause)
  }
  try {
    disk.syncDirectory(directory)
    disk.unlink(dayFile(directory, old))
    disk.syncDirectory(directory)
  } catch (cause) {
    throw diskError(cause)
  }
  return bytes
}

function writeFile(disk: Disk, path: string, oldPath: string, pieces: Iterable<Piece>): number {
  const from = disk.open(oldPath, 'r')
  try {
    const to = beginFile(disk, path)
    try {
      let bytes = 0
      for (const piece of pieces) {
        if ('frame' in piece) writeAll(disk, to, piece.frame)
        else copyRange(disk, from, to, piece.copy)
        bytes += 'frame' in piece ? piece.frame.length : piece.copy.bytes
      }
      disk.fsync(to)
      return bytes
    } finally {
      disk.close(to)
    }
  } finally {
    disk.close(from)
  }
}

function copyRange(disk: Disk, from: number, to: number, { offset, bytes }: ByteRange): void {
  for (let at = 0; at < bytes;) {
    const chunk = readFrom(disk, from, offset + at, Math.min(copyBytes, bytes - at))
    if (chunk.length === 0) throw new Error('a file became shorter while it was copied')
    writeAll(disk, to, chunk)
    at += chunk.length
  }
}

function writeAll(disk: Disk, file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += disk.write(file, bytes, at)
}

/** Removes what an interrupted rewriting left: half-written files, and files that a newer one has replaced. */
export function tidyDays(disk: Disk, directory: string): void {
  const names = disk.readdir(directory)
  const newest = new Set(newestDayFiles(names).map((name) => dayFile(directory, name)))
  const halves = names.flatMap((name) => {
    const begun = name.endsWith(newFile('')) ? parseDayFile(name.slice(0, -newFile('').length)) : undefined
    return begun ? newFile(dayFile(directory, begun)) : []
  })
  const replaced = names.flatMap((name) => {
    const day = parseDayFile(name)
    return day && !newest.has(dayFile(directory, day)) ? dayFile(directory, day) : []
  })
  if (halves.length + replaced.length === 0) return
  // Only when the newer ones are certain to be there.
  disk.syncDirectory(directory)
  for (const path of [...halves, ...replaced]) disk.unlink(path)
  disk.syncDirectory(directory)
}

/** A leftover is found and removed later. */
function removeIfThere(disk: Disk, path: string): void {
  try {
    disk.unlink(path)
  } catch {
    // Never begun, or on a disk that takes nothing.
  }
}
