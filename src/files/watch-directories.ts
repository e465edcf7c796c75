// Tells when names change in directories, and which directory has a name: it may be made late, removed, moved, or another may take
// its place.
import { statSync, watch, type FSWatcher, type Stats } from 'node:fs'
import { dirname } from 'node:path'
import { tellsChanges } from '../system/tells-changes.ts'

export interface DirectoryWatch {
  /** From now on these. True when all of them were watched before, and the system tells of all that happens in them. */
  watch(directories: ReadonlySet<string>): boolean
  /** True when a name leads to another directory than the watched one: a directory above was moved, of which nothing is told. */
  isStale(directories: ReadonlySet<string>): boolean
  close(): void
}

interface Watched {
  watcher: FSWatcher
  device: number
  inode: number
}

export function openDirectoryWatch(changed: () => void): DirectoryWatch {
  const watched = new Map<string, Watched>()

  function stop(directory: string): void {
    watched.get(directory)?.watcher.close()
    watched.delete(directory)
  }

  function isCurrent(directory: string): boolean {
    const before = watched.get(directory)
    const stat = before && statOf(directory)
    return stat !== undefined && stat.ino === before!.inode && stat.dev === before!.device
  }

  function start(directory: string): void {
    stop(directory)
    try {
      const { dev: device, ino: inode } = statSync(directory)
      // Of what happens inside files the tails know.
      const watcher = watch(directory, { persistent: false }, (event) => event === 'rename' && changed())
      watcher.on('error', () => stop(directory))
      watched.set(directory, { watcher, device, inode })
    } catch {
      // Not to be read, or out of watches: it is looked all the same.
    }
  }

  return {
    watch(directories) {
      const nearest = new Set([...directories].map(nearestThere))
      for (const directory of watched.keys()) if (!nearest.has(directory)) stop(directory)
      const wereWatched = [...directories].every((each) => isCurrent(each) && tellsChanges(each))
      for (const directory of nearest) if (!isCurrent(directory)) start(directory)
      return wereWatched
    },
    isStale: (directories) => [...directories].some((each) => watched.has(each) && !isCurrent(each)),
    close() {
      for (const directory of watched.keys()) stop(directory)
    },
  }
}

/** The directory, or what is there above it, in which it will be made. */
function nearestThere(directory: string): string {
  const above = dirname(directory)
  return above === directory || statOf(directory) ? directory : nearestThere(above)
}

/** Undefined for what is not there, or not to be seen: no rights on the way to it, links in a ring, a disk that is gone. */
function statOf(directory: string): Stats | undefined {
  try {
    return statSync(directory, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
