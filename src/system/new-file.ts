// The one way in which a file comes into being under a name that somebody may have prepared: never through a link that lies there,
// and never half. Whoever writes a file that takes the place of another does it here.
import { chmodSync, lstatSync } from 'node:fs'
import { nodeDisk, type Disk } from './disk.ts'

/** Being written; of no meaning until it is renamed. */
export const newFile = (path: string): string => `${path}.new`

/** Opens an empty file for writing, mode 0600. Leftovers and links of that name go, a directory is put aside. */
export function beginFile(disk: Disk, path: string): number {
  const open = (): number => disk.open(path, 'ax', 0o600)
  try {
    return open()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  try {
    disk.unlink(path)
  } catch (error) {
    // Linux says EISDIR, others EPERM, as they do of what may not be removed.
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EISDIR' && code !== 'EPERM') throw error
    disk.rename(path, asideName(path, disk))
  }
  return open()
}

export interface ReplaceOptions {
  disk?: Disk
  /** Whether it must be there after a loss of power. */
  isLasting?: boolean
}

/** Puts a file in the place of another: as a whole or not at all. */
export function replaceFile(
  path: string,
  content: string | Uint8Array,
  { disk = nodeDisk, isLasting = true }: ReplaceOptions = {},
): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const file = beginFile(disk, newFile(path))
  try {
    try {
      for (let at = 0; at < bytes.length;) at += disk.write(file, bytes, at)
      if (isLasting) disk.fsync(file)
    } finally {
      disk.close(file)
    }
    disk.rename(newFile(path), path)
  } catch (error) {
    removeIfThere(newFile(path), disk)
    throw error
  }
}

/** A leftover that cannot be removed goes when the next file is begun. */
function removeIfThere(path: string, disk: Disk): void {
  try {
    disk.unlink(path)
  } catch {
    // On a disk that takes nothing.
  }
}

/** A free name beside `path` for what is damaged there: kept, because somebody may make something of it. */
export function asideName(path: string, disk: Disk = nodeDisk): string {
  const nth = (n: number): string => `${path}.damaged${n > 1 ? `-${n}` : ''}`
  let n = 1
  while (disk.exists(nth(n))) n++
  return nth(n)
}

/** Makes a file its owner's alone, without opening it. */
export function makePrivate(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat?.isFile() && (stat.mode & 0o777) !== 0o600) chmodSync(path, 0o600)
}
