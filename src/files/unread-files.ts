// Rotated files that were never read: those that are younger than what was read of the files of their name, and younger than the
// last look at all of them. What is read has a place that is remembered; what was there before all that has none and is older.
import type { RememberedFiles } from '../contracts/source-storage.ts'
import type { FoundFile } from './find-files.ts'
import { identityOf } from './identity-of.ts'

const originalPath = (file: FoundFile): string => file.original?.path ?? file.realPath

/** Nobody has ever looked. */
export const isFirstLook = ({ files, seenAt }: RememberedFiles): boolean => files.length === 0 && seenAt === undefined

/** `found`: all that there is. */
export function unreadFiles(remembered: RememberedFiles, found: readonly FoundFile[]): (file: FoundFile) => boolean {
  if (isFirstLook(remembered)) return () => false
  const { files, seenAt = Infinity } = remembered
  const places = new Map(files.map((place) => [identityOf(place), place]))
  const oldest = new Map<string, number>()
  for (const file of found) {
    const place = places.get(identityOf(file))
    if (!place || place.isPassed) continue
    const readUntil = Math.min(file.modifiedAt, place.modifiedAt ?? Infinity)
    for (const path of new Set([file.realPath, originalPath(file)]))
      oldest.set(path, Math.min(readUntil, oldest.get(path) ?? Infinity))
  }
  return (file) =>
    places.has(identityOf(file)) ||
    !file.original ||
    file.modifiedAt >= Math.min(seenAt, oldest.get(originalPath(file)) ?? Infinity)
}
