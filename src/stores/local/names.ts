// Every name the store gives to a file, in one place.
import { join } from 'node:path'

/** Version of what is written; every version ever released opens. */
export const formatVersion = 1

export const formatFile = (directory: string): string => join(directory, 'format.json')

/** What is written here takes the place of a file at once, or not at all. */
export const newFile = (path: string): string => `${path}.new`

/** Frames of batches as they were committed; named after the first id that may be in it. */
export const tailFile = (directory: string, firstId: number): string =>
  join(directory, `tail-${String(firstId).padStart(16, '0')}.frames`)

export function parseTailFile(name: string): number | undefined {
  const match = /^tail-(\d{16})\.frames$/.exec(name)
  return match ? Number(match[1]) : undefined
}

/** Sealed blocks of all records captured on a UTC day, `2026-11-22`. */
export const dayFile = (directory: string, day: string): string => join(directory, `day-${day}.blocks`)

export function parseDayFile(name: string): string | undefined {
  return /^day-(\d{4}-\d\d-\d\d)\.blocks$/.exec(name)?.[1]
}

export const dayOf = (unixMs: number): string => new Date(unixMs).toISOString().slice(0, 10)
