// The files of a store as they are at one moment, for who reads for long beside a hub: what is sealed, written anew or
// removed meanwhile stays as it was.
import { join } from 'node:path'
import type { Disk } from '../../../system/disk.ts'
import { newFile } from '../../../system/new-file.ts'

export interface Snapshot {
  /** Only for reading. */
  disk: Disk
  close(): void
}

interface Held {
  file: number
  size: number
}

export function openSnapshot(disk: Disk, directory: string): Snapshot {
  const { names, held } = holdFiles(disk, directory)
  const at = (path: string): Held => {
    const found = held.get(path)
    if (!found) throw Object.assign(new Error(`ENOENT: '${path}'`), { code: 'ENOENT', syscall: 'open' })
    return found
  }
  const sizes = new Map([...held.values()].map(({ file, size }) => [file, size]))
  const refuse = (): never => {
    throw new Error('a snapshot is only for reading')
  }
  return {
    disk: {
      open: (path) => at(path).file,
      close: () => undefined,
      read(file, into, offset, length, position) {
        // Bytes behind the snapshot came later.
        const rest = Math.max(0, Math.min(length, sizes.get(file)! - position))
        return rest === 0 ? 0 : disk.read(file, into, offset, rest, position)
      },
      fstat: (file) => ({ size: sizes.get(file)! }),
      stat: (path) => ({ size: at(path).size }),
      exists: (path) => path === directory || held.has(path),
      readdir: () => names,
      write: refuse,
      writev: refuse,
      pwrite: refuse,
      fdatasync: refuse,
      fsync: refuse,
      ftruncate: refuse,
      mkdir: refuse,
      syncDirectory: refuse,
      rename: refuse,
      unlink: refuse,
    },
    close: () => held.forEach(({ file }) => disk.close(file)),
  }
}

/** Opens all of them while none comes or goes. */
function holdFiles(disk: Disk, directory: string): { names: string[]; held: Map<string, Held> } {
  const list = (): string[] =>
    disk
      .readdir(directory)
      .filter((name) => /\.(json|frames|blocks)$/.test(name) && !name.endsWith(newFile('')))
      .sort()
  for (;;) {
    const names = list()
    const held = new Map<string, Held>()
    try {
      for (const name of names) {
        const path = join(directory, name)
        held.set(path, { file: disk.open(path, 'r'), size: 0 })
      }
      for (const each of held.values()) each.size = disk.fstat(each.file).size
      if (list().join() === names.join()) return { names, held }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !disk.exists(directory)) throw error
    }
    for (const { file } of held.values()) disk.close(file)
  }
}
