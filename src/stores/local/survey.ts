// The files of a store and what the headers in them say, for those who keep house: retention, merging, verification, figures.
import { join } from 'node:path'
import type { Disk } from '../../system/disk.ts'
import { newFile } from '../../system/new-file.ts'
import { readDay, type Day } from './day/day-file.ts'
import { damagedDirectory, dayFile, newestDayFiles, parseTailFile, type DayName } from './names.ts'
import type { Damage } from './frames/scan-frames.ts'

export interface DaySurvey extends Day {
  name: DayName
  path: string
  bytes: number
}

export interface TailSurvey {
  path: string
  /** The first id that may be in it. */
  first: number
  bytes: number
}

export interface Survey {
  /** By day. */
  days: DaySurvey[]
  /** By id. */
  tails: TailSurvey[]
  /** Of all files, also those that are not looked at. */
  bytes: number
}

/**
 * `isWanted`: days to look at, by default all. Throws ENOENT when a file goes meanwhile: not in the thread that removes
 * them.
 */
export function surveyStore(
  disk: Disk,
  directory: string,
  isWanted: (name: DayName, index: number, all: readonly DayName[]) => boolean = () => true,
): Survey {
  const names = disk.readdir(directory)
  const days = newestDayFiles(names)
    .filter(isWanted)
    .map((name) => {
      const path = dayFile(directory, name)
      return { name, path, bytes: disk.stat(path).size, ...readDay(disk, path) }
    })
  const tails = names
    .flatMap((name) => {
      const first = parseTailFile(name)
      const path = join(directory, name)
      return first === undefined ? [] : { path, first, bytes: disk.stat(path).size }
    })
    .sort((a, b) => a.first - b.first)
  return { days, tails, bytes: storeBytes(disk, directory) }
}

/** Of all files, but for what is only being written and for damaged bytes that were set aside. */
export function storeBytes(disk: Disk, directory: string): number {
  return disk
    .readdir(directory)
    .map((name) => join(directory, name))
    .filter((path) => path !== damagedDirectory(directory) && !path.endsWith(newFile('')))
    .reduce((sum, path) => sum + disk.stat(path).size, 0)
}

/** Groups from this id on are not to be touched: their tails are still there, and would be sealed again. */
export function sealedBefore({ tails }: Survey): number {
  return tails[0]?.first ?? Infinity
}

/** Bytes of a day's file that are no frame and should be: not what a seal that was interrupted left at its end. */
export function damageOf({ tails }: Survey, { damage, frameEnd, bytes }: DaySurvey): Damage[] {
  const isInterrupted = tails.length > 1
  return isInterrupted || bytes <= frameEnd ? damage : [...damage, { offset: frameEnd, bytes: bytes - frameEnd }]
}
