// Records removed on purpose, written down before they are removed, so that they do not count as missing. An
// entry may speak of records that are still there, when a crash came between; then those count as stored.
import type { Disk } from '../../system/disk.ts'
import { replaceFile } from '../../system/new-file.ts'
import { frameBytes, frameHeaderBytes, sealFrame } from '../../wire/frame.ts'
import { removalsFile } from './names.ts'
import { joinRanges, type Range } from './ranges.ts'
import type { Damage } from './frames/scan-frames.ts'
import type { SequenceClaim } from './sequence-claims.ts'
import { diskError } from './tail/tail-file.ts'
import { walkFrames } from './frames/walk-frames.ts'

export interface Removal {
  /** Ids of groups that went as a whole. */
  ids: Range[]
  runs: RunRemoval[]
  /** Losses told by gap records that were removed, too. */
  claims: SequenceClaim[]
  /** Days that went as a whole, and the generation that their files had: none is ever given twice. */
  days: Record<string, number>
}

export interface RunRemoval {
  source: string
  run: number
  seqs: Range[]
}

/** Number of entries from which they are joined to one. */
const mostEntries = 64

/** All that was ever removed, as one, and what of the file cannot be read: perhaps an entry that was being written. */
export function readRemovals(disk: Disk, directory: string): { removal: Removal; damage: Damage[] } {
  const { entries, damage, end } = readEntries(disk, directory)
  const path = removalsFile(directory)
  const rest = disk.exists(path) ? disk.stat(path).size - end : 0
  return { removal: joinRemovals(entries), damage: rest > 0 ? [...damage, { offset: end, bytes: rest }] : damage }
}

function readEntries(disk: Disk, directory: string): { entries: Removal[]; end: number; damage: Damage[] } {
  const path = removalsFile(directory)
  const entries: Removal[] = []
  if (!disk.exists(path)) return { entries, end: 0, damage: [] }
  const { end, damage } = walkFrames(disk, path, 0, ({ payload }) => {
    const entry = parseEntry(payload)
    if (entry) entries.push(entry)
    return entry !== undefined
  })
  return { entries, end, damage }
}

function parseEntry(payload: Uint8Array): Removal | undefined {
  try {
    const { ids, runs, claims, days } = JSON.parse(Buffer.from(payload).toString('utf8')) as Partial<Removal>
    return ids && runs && claims && days && { ids, runs, claims, days }
  } catch {
    return undefined
  }
}

function joinRemovals(entries: readonly Removal[]): Removal {
  const runs = Map.groupBy(
    entries.flatMap((entry) => entry.runs),
    ({ source, run }) => JSON.stringify([source, run]),
  )
  const claims = new Map(entries.flatMap((entry) => entry.claims).map((claim) => [JSON.stringify(claim), claim]))
  const days: Removal['days'] = {}
  for (const entry of entries)
    for (const [day, generation] of Object.entries(entry.days)) days[day] = Math.max(generation, days[day] ?? 0)
  return {
    ids: joinRanges(entries.flatMap(({ ids }) => ids)),
    runs: [...runs.values()].map((same) => ({ ...same[0]!, seqs: joinRanges(same.flatMap(({ seqs }) => seqs)) })),
    claims: [...claims.values()],
    days,
  }
}

/** Returns when it is certain to be read again. */
export function noteRemoval(disk: Disk, directory: string, removal: Removal): void {
  const { entries, end, damage } = readEntries(disk, directory)
  try {
    // Damaged entries stay as they are: perhaps somebody can read more of it.
    if (entries.length < mostEntries || damage.length > 0) appendEntry(disk, directory, removal, end)
    else replaceEntries(disk, directory, joinRemovals([...entries, removal]))
    disk.syncDirectory(directory)
  } catch (cause) {
    throw diskError(cause)
  }
}

function appendEntry(disk: Disk, directory: string, removal: Removal, end: number): void {
  const file = disk.open(removalsFile(directory), 'a', 0o600)
  try {
    // A torn entry was never relied on.
    disk.ftruncate(file, end)
    const entry = entryOf(removal)
    for (let at = 0; at < entry.length;) at += disk.write(file, entry, at)
    disk.fdatasync(file)
  } finally {
    disk.close(file)
  }
}

function replaceEntries(disk: Disk, directory: string, removal: Removal): void {
  replaceFile(removalsFile(directory), entryOf(removal), { disk })
}

function entryOf(removal: Removal): Uint8Array {
  const json = Buffer.from(JSON.stringify(removal))
  const frame = new Uint8Array(frameBytes(json.length))
  frame.set(json, frameHeaderBytes)
  sealFrame(frame, json.length)
  return frame
}

/** Writes down the same without what is damaged. */
export function mendRemovals(disk: Disk, directory: string): void {
  try {
    replaceEntries(disk, directory, readRemovals(disk, directory).removal)
    disk.syncDirectory(directory)
  } catch (cause) {
    throw diskError(cause)
  }
}

/** The generation for a file of a day that has none now. */
export function nextGeneration(disk: Disk, directory: string, day: string): number {
  const { removal } = readRemovals(disk, directory)
  const last = removal.days[day]
  return last === undefined ? 0 : last + 1
}
