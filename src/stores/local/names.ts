// Every name the store gives to a file, in one place.
import { join } from 'node:path'

/** Version of what is written; every version ever released opens. Version 1 never was. */
export const formatVersion = 2

export const formatFile = (directory: string): string => join(directory, 'format.json')

/** Last readings of the clocks, and whether the wall clock is in doubt. */
export const clockFile = (directory: string): string => join(directory, 'clock.json')

/** Frames that say what was removed on purpose, so that it is not missing. */
export const removalsFile = (directory: string): string => join(directory, 'removed.frames')

/** The second copy of what commits say beside their records. */
export const notesFile = (directory: string): string => join(directory, 'notes.frames')

/** Damaged bytes, kept when the files that held them are written anew. */
export const damagedDirectory = (directory: string): string => join(directory, 'damaged')

/** Frames of batches as they were committed; named after the first id that may be in it. */
export const tailFile = (directory: string, firstId: number): string =>
  join(directory, `tail-${String(firstId).padStart(16, '0')}.frames`)

export function parseTailFile(name: string): number | undefined {
  const match = /^tail-(\d{16})\.frames$/.exec(name)
  return match ? Number(match[1]) : undefined
}

export interface DayName {
  /** UTC, `2026-11-22`. */
  day: string
  /** How often the day was written anew; the highest that is there counts. */
  generation: number
}

/** Sealed blocks of all records captured on a UTC day: `day-2026-11-22.blocks`, written anew `day-2026-11-22.1.blocks`. */
export const dayFile = (directory: string, { day, generation }: DayName): string =>
  join(directory, `day-${day}${generation === 0 ? '' : `.${generation}`}.blocks`)

export function parseDayFile(name: string): DayName | undefined {
  const match = /^day-(\d{4}-\d\d-\d\d)(?:\.([1-9]\d*))?\.blocks$/.exec(name)
  return match ? { day: match[1]!, generation: Number(match[2] ?? 0) } : undefined
}

/** Of each day the newest file among these names, by day. */
export function newestDayFiles(names: readonly string[]): DayName[] {
  const newest = new Map<string, DayName>()
  for (const each of names.map(parseDayFile))
    if (each && each.generation >= (newest.get(each.day)?.generation ?? 0)) newest.set(each.day, each)
  return [...newest.values()].sort((a, b) => (a.day < b.day ? -1 : 1))
}

export const dayOf = (unixMs: number): string => new Date(unixMs).toISOString().slice(0, 10)
