// Files to give up when the disk is full (A9): the oldest rotated files first, then the previous runs' files. Only files
// of names that a sink has written itself, and never the file that is being written.
import { rmSync, statSync, truncateSync } from 'node:fs'
import { listLogFiles, type LogFileInfo } from './log-names.ts'

export interface RoomOptions {
  directory: string
  archive: string | undefined
  /** True for names whose files this sink wrote. */
  owns(base: string): boolean
  gaveUp(file: LogFileInfo): void
  /** Unix milliseconds. */
  now(): number
}

/** While nothing is left to give up, files are not listed again for so long. */
const restMs = 1000

/** A function that frees some space; false when there was nothing left to give up. */
export function createMakeRoom({ directory, archive, owns, gaveUp, now }: RoomOptions): () => boolean {
  let emptyAt = Number.NEGATIVE_INFINITY

  function candidates(): LogFileInfo[] {
    const places =
      archive && archive !== directory && sameDevice(directory, archive) ? [directory, archive] : [directory]
    const files = places.flatMap(listLogFiles).filter((file) => file.role !== 'current' && file.bytes > 0)
    const rank = (file: LogFileInfo) => (file.role === 'rotated' ? 0 : 1)
    return files
      .filter(({ base }) => owns(base))
      .sort((a, b) => rank(a) - rank(b) || a.modifiedAt - b.modifiedAt || (a.part ?? 0) - (b.part ?? 0))
  }

  return () => {
    if (Math.abs(now() - emptyAt) < restMs) return false
    for (const file of candidates()) {
      try {
        if (file.role === 'rotated') rmSync(file.path)
        else truncateSync(file.path)
      } catch {
        // Not ours to remove, or gone: the next one.
        continue
      }
      gaveUp(file)
      return true
    }
    emptyAt = now()
    return false
  }
}

function sameDevice(a: string, b: string): boolean {
  const [first, second] = [a, b].map((place) => statSync(place, { throwIfNoEntry: false })?.dev)
  return first !== undefined && first === second
}
