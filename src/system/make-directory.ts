// Like mkdir -p, for private directories.
import { dirname } from 'node:path'
import { nodeDisk, type Disk } from './disk.ts'

/**
 * Makes the directory and those above it, mode 0700, where they are not there; throws what the system says. Node's own
 * goes round for ever where the system refuses a directory as if its parent were missing, as it does in /proc.
 */
export function makeDirectory(directory: string, disk: Disk = nodeDisk): void {
  if (disk.exists(directory)) return
  makeDirectory(dirname(directory), disk)
  try {
    disk.mkdir(directory, { mode: 0o700 })
  } catch (error) {
    // Somebody else was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
