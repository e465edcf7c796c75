// Has the system tell of changes of quiet files, of so many at a time.
import { watch, type FSWatcher } from 'node:fs'
import { inodeAt } from '../tail/tailed-file.ts'

export interface FileWatch {
  isOn(): boolean
  /** Watches what has the path now, unless that is another file than the inode's, or the system has no watch left. */
  start(path: string, inode: number | undefined): void
  stop(): void
}

export interface FileWatchOptions {
  /** The file has changed. */
  changed(): void
  /** The watch is gone. */
  failed(): void
}

/** Files that are watched while they are quiet; others are looked at every second. */
const mostWatched = 2000
let watched = 0

export const areAllWatchesTaken = (): boolean => watched >= mostWatched

export function openFileWatch({ changed, failed }: FileWatchOptions): FileWatch {
  let watcher: FSWatcher | undefined

  function stop(): void {
    if (!watcher) return
    watcher.close()
    watcher = undefined
    watched--
  }

  return {
    isOn: () => watcher !== undefined,
    start(path, inode) {
      try {
        watcher = watch(path, { persistent: false }, changed)
      } catch {
        // Out of watches: the driver looks at every file now and then all the same.
        return
      }
      watched++
      watcher.on('error', () => {
        stop()
        failed()
      })
      // Changes of another file that has the name by now would not be those of this one.
      if (inodeAt(path) !== inode) stop()
    },
    stop,
  }
}
