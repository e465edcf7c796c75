// Keeps bytes that cannot be read before the file they are in is written anew or removed: somebody may make something of them.
import { basename, join } from 'node:path'
import type { Disk } from '../../../system/disk.ts'
import { makeDirectory } from '../../../system/make-directory.ts'
import { beginFile } from '../../../system/new-file.ts'
import { damagedDirectory } from '../names.ts'
import { readFrom } from './read-file.ts'
import type { Damage } from './scan-frames.ts'

/** The file for damaged bytes, named after their place. */
export const asidePath = (directory: string, path: string, { offset }: Damage): string =>
  join(damagedDirectory(directory), `${basename(path)}-${offset}`)

export function setAside(disk: Disk, directory: string, path: string, damage: Damage): void {
  const { offset, bytes } = damage
  makeDirectory(damagedDirectory(directory), disk)
  const target = asidePath(directory, path, damage)
  const from = disk.open(path, 'r')
  try {
    const to = beginFile(disk, target)
    try {
      const damaged = readFrom(disk, from, offset, bytes)
      for (let at = 0; at < damaged.length;) at += disk.write(to, damaged, at)
      disk.fsync(to)
    } finally {
      disk.close(to)
    }
  } finally {
    disk.close(from)
  }
  disk.syncDirectory(damagedDirectory(directory))
  disk.syncDirectory(directory)
}
