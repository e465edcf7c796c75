// Day files as they were at the last look; only what has grown since is read.
import type { Disk } from '../../../system/disk.ts'
import { readDay, type Day } from '../day/day-file.ts'

export interface KnownDays {
  /** `tailFirsts`: first ids of the tails that are there, for groups of the same are not whole yet. */
  at(path: string, tailFirsts: ReadonlySet<number>): Day
  /** Forgets all others. */
  keepOnly(paths: readonly string[]): void
}

const nothingYet: Day = { groups: [], damage: [], wholeBytes: 0, frameEnd: 0 }

export function openDays(disk: Disk, warn: (message: string) => void): KnownDays {
  let days = new Map<string, { size: number; day: Day }>()
  return {
    at(path, tailFirsts) {
      const { size } = disk.stat(path)
      let entry = days.get(path)
      if (!entry || size < entry.size) entry = { size: 0, day: nothingYet }
      if (size > entry.size) {
        const grown = readDay(disk, path, entry.day.wholeBytes)
        const before = entry.day.groups.filter(({ isOpen }) => !isOpen)
        entry = { size, day: { ...grown, groups: [...before, ...grown.groups] } }
        // Leftovers of an interrupted seal will be written again, perhaps in as many bytes: not to be remembered.
        const isOfTail = grown.groups.some(({ first }) => tailFirsts.has(first))
        if (isOfTail || (tailFirsts.size > 1 && grown.wholeBytes < size)) return entry.day
        for (const { bytes } of grown.damage) warn(`${path}: ${bytes} damaged bytes are left out`)
      }
      days.set(path, entry)
      return entry.day
    },
    keepOnly(paths) {
      days = new Map(paths.flatMap((path) => (days.has(path) ? [[path, days.get(path)!]] : [])))
    },
  }
}
