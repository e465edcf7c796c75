// Watches a directory and all below it, one watch per directory: the recursive watch of Node.js would take one per file on Linux,
// also where nobody wants it, and a user has only so many.
import { watch, type FSWatcher } from 'node:fs'
import { lstat, readdir, stat } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'

export interface TreeOptions {
  /** Absolute. */
  root: string
  /** Whether what lies in a directory is wanted. */
  enters(directory: string): boolean
  /** A file was made, written, renamed or removed; directories as such are not told. */
  onChange(path: string): void
  /** The system does not let us: nothing is watched any more. */
  onFailure(error: NodeJS.ErrnoException): void
}

export interface TreeWatch {
  /** Directories that are watched. */
  size(): number
  /** Looks for directories that were not noticed: the system's queue holds only so many changes. */
  look(): Promise<void>
  close(): void
}

/** Errors of files that are gone, or not ours to see: these are passed over. */
const passedOver = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP'])

/** Resolves when all that is there is watched. */
export async function watchTree({ root, enters, onChange, onFailure }: TreeOptions): Promise<TreeWatch> {
  const directories = new Map<string, { watcher: FSWatcher; inode: number }>()
  let closed = false

  const close = () => {
    closed = true
    for (const { watcher } of directories.values()) watcher.close()
    directories.clear()
  }

  const fail = (error: unknown) => {
    if (closed) return
    close()
    onFailure(error as NodeJS.ErrnoException)
  }

  const leave = (directory: string) => {
    for (const [path, { watcher }] of directories) {
      if (path !== directory && !path.startsWith(directory + sep)) continue
      watcher.close()
      directories.delete(path)
    }
  }

  /** `isNew`: what is in it has come since, and not before, we began to watch. */
  const enter = async (directory: string, isNew: boolean): Promise<void> => {
    const { ino: inode } = await stat(directory)
    if (closed) return
    const known = directories.get(directory)
    if (known && known.inode !== inode) leave(directory)
    if (!directories.has(directory)) {
      const watcher = watch(directory, { persistent: false }, (_, name) => {
        if (name !== null) void onEvent(directory, name).catch(fail)
      })
      watcher.on('error', () => leave(directory))
      directories.set(directory, { watcher, inode })
    } else if (isNew) return
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) await enterIfWanted(path, isNew)
      else if (isNew) onChange(path)
    }
  }

  const enterIfWanted = async (directory: string, isNew: boolean): Promise<void> => {
    if (closed || !enters(directory)) return
    try {
      await enter(directory, isNew)
    } catch (error) {
      if (!passedOver.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }

  const onEvent = async (directory: string, name: string): Promise<void> => {
    const path = join(directory, name)
    const found = await lstat(path).catch(() => undefined)
    if (closed) return
    if (found?.isDirectory()) return enterIfWanted(path, true)
    // A directory tells its own end by its own name.
    if (!found && name === basename(directory) && !(await stat(directory).catch(() => undefined)))
      return leave(directory)
    if (!found && directories.has(path)) return leave(path)
    onChange(path)
  }

  const look = async (): Promise<void> => {
    // In turn: a new directory is met while its parent is read.
    for (const directory of [...directories.keys()].toSorted()) {
      const entries = await readdir(directory, { withFileTypes: true }).catch(() => undefined)
      if (!entries) leave(directory)
      for (const entry of entries ?? []) {
        const path = join(directory, entry.name)
        if (entry.isDirectory() && !directories.has(path)) await enterIfWanted(path, true)
      }
    }
  }

  try {
    await enter(root, false)
  } catch (error) {
    fail(error)
  }
  return { size: () => directories.size, look: () => look().catch(fail), close }
}
