// Spools of processes that died: their segments become ours, and what their log has beyond is added. A kill at any moment
// leaves a directory that the next process takes over in the same way.
import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import type { LogPosition } from '../chunk.ts'
import { formatGap } from '../chunk.ts'
import { lastNoteOf } from '../spool/open-spool.ts'
import { formatOwner, here, ownerLife, parseOwner, startTicksOf, type OwnerLife } from '../spool/owner.ts'
import { readPosition, removePosition, type PositionFile } from '../spool/position-file.ts'
import {
  formatNote,
  formatSegmentName,
  openEnding,
  readSegment,
  sealedEnding,
  timeOfSegment,
} from '../spool/segment.ts'
import { endOfLog, findMissedParts, listLogFiles } from './log-files.ts'
import { formatRecoveredLines } from './recovered-lines.ts'

export interface TakeOverOptions {
  /** Holds a directory for each owner. */
  spoolDirectory: string
  /** Ours. */
  directory: string
  /** Name of the logger, for records of a log that does not tell it. */
  logger: string
  utc: boolean
}

/** Gives the number of spools that were taken over, and how many must be asked for again: nobody can tell yet whether their owners live. */
export function takeOver(options: TakeOverOptions): { taken: number; undecided: number } {
  const { spoolDirectory, directory } = options
  const own = path.basename(directory)
  const names = readdirSync(spoolDirectory).filter(
    (name) => name !== own && parseOwner(name) && isOurs(path.join(spoolDirectory, name)),
  )
  const lives = names.map((name) => lifeOf(spoolDirectory, name))
  const dead = names.filter((_, index) => lives[index] === 'dead')
  const taken = dead.flatMap((name) => {
    const nested = path.join(directory, name)
    try {
      // Of two that want it one gets it.
      renameSync(path.join(spoolDirectory, name), nested)
    } catch {
      return []
    }
    return flatten(nested)
  })
  const inOrder = taken
    .map((nested) => ({ nested, position: readPosition(nested) }))
    .toSorted((a, b) => (a.position?.openedAt ?? 0) - (b.position?.openedAt ?? 0))
  const positions = [
    ...inOrder.map(({ position }) => position),
    ...[...names, own].map((name) => readPosition(path.join(spoolDirectory, name))),
  ]
  for (const { nested, position } of inOrder) {
    try {
      takeIn(nested, options, position, position && startOfNext(position, positions))
    } catch {
      // A full disk, or damage: left to the next start.
      const owner = parseOwner(path.basename(nested))!
      renameSync(nested, path.join(spoolDirectory, formatOwner({ ...owner, pid: 0 })))
    }
  }
  return { taken: inOrder.length, undecided: lives.filter((life) => life === 'unknown').length }
}

/** Spools of other users stay unread: their records would go to the hub as ours, and so would any file that they name. */
function isOurs(place: string): boolean {
  try {
    return process.getuid === undefined || lstatSync(place).uid === process.getuid()
  } catch {
    return false
  }
}

function lifeOf(spoolDirectory: string, name: string): OwnerLife {
  const owner = parseOwner(name)!
  try {
    const untouchedMs = Date.now() - statSync(path.join(spoolDirectory, name)).mtimeMs
    return ownerLife(owner, { here: here(), startTicks: startTicksOf(owner.pid), untouchedMs })
  } catch {
    // Another process has taken it meanwhile.
    return 'alive'
  }
}

/** The place in the same log where the next owner's records begin. */
function startOfNext(one: PositionFile, all: readonly (PositionFile | undefined)[]): LogPosition | undefined {
  return all
    .filter((other) => other !== undefined)
    .filter(({ log, openedAt }) => log && log.file === one.log?.file && openedAt > one.openedAt)
    .toSorted((a, b) => a.openedAt - b.openedAt)[0]?.start
}

/** The directory and those that its owner had taken over and not yet taken in. */
function flatten(directory: string): string[] {
  const inner = readdirSync(directory).filter((name) => parseOwner(name))
  return [...inner.flatMap((name) => flatten(path.join(directory, name))), directory]
}

/** Moves all segments of a dead owner, the oldest first, so that the last note leaves last. */
function takeIn(
  nested: string,
  options: TakeOverOptions,
  position: PositionFile | undefined,
  until: LogPosition | undefined,
): void {
  for (const name of readdirSync(nested))
    if (name.endsWith(openEnding)) mend(path.join(nested, name), position?.log !== undefined)
  if (position) addMissed(nested, options, position, until)
  removePosition(nested)
  const names = readdirSync(nested).filter((name) => /\.ndjson(\.sent)?$/.test(name))
  // The file that says how far a segment is sent moves before the segment.
  for (const name of names.toSorted(
    (a, b) => Number(b.endsWith('.sent')) - Number(a.endsWith('.sent')) || compare(a, b),
  ))
    renameSync(path.join(nested, name), path.join(options.directory, name))
  rmSync(nested, { recursive: true, force: true })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A segment that grew when its owner was killed: what is torn is cut off; with a log file it is read from there. */
function mend(file: string, hasLog: boolean): void {
  const bytes = readFileSync(file)
  const { wholeBytes, last } = readSegment(bytes)
  const end = hasLog ? wholeBytes : Math.max(wholeBytes, bytes.lastIndexOf(10) + 1)
  if (end === 0) return rmSync(file)
  truncateSync(file, end)
  if (end > wholeBytes) {
    let records = 0
    for (let at = wholeBytes; at < end; at = bytes.indexOf(10, at) + 1) records++
    writeFileSync(file, formatNote({ ...last, records }), { flag: 'a' })
  }
  renameSync(file, `${file.slice(0, -openEnding.length)}${sealedEnding}`)
}

/** Adds a segment with what the log has beyond the last note. Its own note is then the last, so that nothing is added twice. */
function addMissed(
  nested: string,
  { logger, utc }: TakeOverOptions,
  { log, openedAt }: PositionFile,
  until: LogPosition | undefined,
): void {
  const owner = parseOwner(path.basename(nested))!.id
  const last = lastNoteOf(nested, owner)?.position
  if (!log || !last) return
  const end = until ?? endOfLog(log.file)
  const { parts, isLost } = findMissedParts(listLogFiles(log), last, end, openedAt)
  if (parts.length === 0 && !isLost) return
  const names = readdirSync(nested).filter((name) => name.endsWith(sealedEnding))
  const newest = names.toSorted().at(-1)
  const time = Math.max(newest ? timeOfSegment(newest) + 1 : 0, openedAt)
  const { text, records } = formatRecoveredLines(parts.map(readPart).join(''), { logger, utc })
  const lost = isLost
    ? formatGap(time, undefined, 'a log file was removed or compressed before all of it was sent')
    : ''
  const file = path.join(nested, formatSegmentName(time, 0, owner) + sealedEnding)
  writeFileSync(`${file}.tmp`, lost + text + formatNote({ records, position: end }))
  renameSync(`${file}.tmp`, file)
}

function readPart({ path: file, from, to }: { path: string; from: number; to: number }): string {
  const bytes = Buffer.alloc(to - from)
  const descriptor = openSync(file, 'r')
  try {
    for (let at = 0; at < bytes.length;) {
      const count = readSync(descriptor, bytes, at, bytes.length - at, from + at)
      if (count === 0) return bytes.toString('utf8', 0, at)
      at += count
    }
  } finally {
    closeSync(descriptor)
  }
  return bytes.toString()
}

/** A living owner's sign for those that cannot see its process. */
export function touch(directory: string): void {
  const now = new Date()
  utimesSync(directory, now, now)
}
