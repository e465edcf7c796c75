// Looks for pipes when one comes: the system tells of it, as `openPipeFiles` touches their directory; where it does not, by the clock.
import { statSync, watch, type FSWatcher } from 'node:fs'
import { makeDirectory } from '../../system/make-directory.ts'
import { tellsChanges } from '../../system/tells-changes.ts'
import { pipesDirectory } from './pipe-files.ts'

interface PipeWatch {
  captureDirectory: string
  /** Called again after a while when it fails. */
  look(): Promise<void>
  /** Why looking fails, or undefined once it does not. */
  onTrouble(message: string | undefined): void
}

const lookMs = 500

/** Resolves after the first look. `close` resolves when no look is under way any more. */
export async function watchPipes({
  captureDirectory,
  look,
  onTrouble,
}: PipeWatch): Promise<{ close(): Promise<void> }> {
  const directory = pipesDirectory(captureDirectory)
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let isAsked = false
  let looking: Promise<void> | undefined

  let watched: Watched | undefined

  /** A directory that is made anew is not the one that is watched. */
  const isWatched = (): boolean =>
    watched !== undefined && statSync(directory, { throwIfNoEntry: false })?.ino === watched.inode

  function watchAnew(): void {
    watched?.watcher.close()
    const own = openWatch(directory, () => void ask())
    watched = own
    own?.watcher
      .on('error', () => own.watcher.close())
      .on('close', () => {
        if (isClosed || watched !== own) return
        watched = undefined
        void ask()
      })
  }

  async function lookOnce(): Promise<boolean> {
    try {
      await look()
      onTrouble(undefined)
      return true
    } catch (error) {
      onTrouble((error as Error).message)
      return false
    }
  }

  async function lookWhileAsked(): Promise<void> {
    let isDone = true
    while (isAsked && !isClosed) {
      isAsked = false
      // First, so that this look sees what came before the watch stood.
      if (!isWatched()) watchAnew()
      isDone = await lookOnce()
    }
    looking = undefined
    if (!isClosed && (!isDone || !isWatched())) timer = setTimeout(ask, lookMs).unref()
  }

  function ask(): Promise<void> {
    clearTimeout(timer)
    isAsked = true
    return (looking ??= lookWhileAsked())
  }

  await ask()
  return {
    async close() {
      isClosed = true
      clearTimeout(timer)
      watched?.watcher.close()
      await looking
    },
  }
}

interface Watched {
  watcher: FSWatcher
  inode: number
}

function openWatch(directory: string, onChange: () => void): Watched | undefined {
  try {
    makeDirectory(directory)
    if (!tellsChanges(directory)) return undefined
    const watcher = watch(directory, { persistent: false }, onChange)
    return { watcher, inode: statSync(directory).ino }
  } catch {
    // No more watches, or a disk that cannot be written.
    return undefined
  }
}
