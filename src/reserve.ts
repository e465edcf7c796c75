// A little space on the state directory's disk, kept for a bad day: when the disk is full it is given up, so that the hub's
// own small writes (catalogue, hub.json) still succeed, in this hub and in one that starts there.
import { randomBytes } from 'node:crypto'
import { rmSync, statSync, writeFileSync } from 'node:fs'
import { freeBytes } from './storage/capture-space.ts'

export interface Reserve {
  /** Gives it up. */
  release(): void
  /** Sees that it is there, if the disk can spare it. */
  keep(): void
}

const reserveBytes = 512 * 1024
const spareBytes = 8 * reserveBytes

export function openReserve(directory: string): Reserve {
  const path = `${directory}/reserve`
  const release = (): void => rmSync(path, { force: true })
  return {
    release,
    keep() {
      if (statSync(path, { throwIfNoEntry: false })?.size === reserveBytes || freeBytes(directory) < spareBytes) return
      try {
        // Not zeros, for which a file system that compresses would take no space.
        writeFileSync(path, randomBytes(reserveBytes), { mode: 0o600 })
      } catch {
        release()
      }
    },
  }
}
