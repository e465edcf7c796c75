// The spool of one process: a directory of segments, the newest of which grows. A segment is removed when the hub has it.
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { formatGap } from '../chunk.ts'
import { readPosition, writePosition } from './position-file.ts'
import {
  formatNote,
  formatSegmentName,
  openEnding,
  readSegment,
  sealedEnding,
  timeOfSegment,
  type SegmentNote,
} from './segment.ts'
import { removeSentRange } from './sent-range.ts'

export interface Segment {
  name: string
  path: string
  records: number
  bytes: number
  last?: SegmentNote | undefined
}

export interface Spool {
  /** Lines and the note behind them in one piece. Throws when the disk does not take them; then nothing of them is there. */
  append(lines: string, note: SegmentNote): void
  /** The growing segment grows no more. */
  seal(): void
  /** The oldest segment, for posting; never changed again. With `andGrowing`, the growing one when there is no other. */
  oldest(andGrowing: boolean): Segment | undefined
  /** The hub has it. */
  remove(segment: Segment): void
  /** Kept beside the directories of owners, and not posted again. */
  setAside(segment: Segment): void
  /** Takes up segments that another thread has put into the directory. */
  look(): void
  isEmpty(): boolean
  close(): void
}

export interface SpoolOptions {
  directory: string
  /** Of all segments; beyond it the oldest are given up. */
  maxBytes: number
  /** Of one segment. */
  segmentBytes: number
  /** Part of all names, different in each process. */
  owner: string
}

interface Growing extends Segment {
  descriptor: number
}

export function openSpool({ directory, maxBytes, segmentBytes, owner }: SpoolOptions): Spool {
  /** The oldest first, without the growing one. */
  let sealed: Segment[] = []
  let growing: Growing | undefined
  let count = 0

  const begin = (): Growing => {
    const newest = sealed.at(-1)
    const time = Math.max(Date.now(), newest ? timeOfSegment(newest.name) + 1 : 0)
    const name = formatSegmentName(time, count++, owner)
    const file = path.join(directory, name + openEnding)
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    return { name, path: file, records: 0, bytes: 0, descriptor: openSync(file, 'wx', 0o600) }
  }

  /** True for the segment whose last note alone says how far our log is in the spool. */
  const isNewestOwn = ({ name }: Segment): boolean =>
    !(growing && growing.bytes > 0) && sealed.findLast((other) => other.name.endsWith(owner))?.name === name

  const spool: Spool = {
    append(lines, note) {
      growing ??= begin()
      const bytes = Buffer.from(lines + formatNote(note))
      try {
        for (let at = 0; at < bytes.length;)
          at += writeSync(growing.descriptor, bytes, at, bytes.length - at, growing.bytes + at)
      } catch (error) {
        try {
          ftruncateSync(growing.descriptor, growing.bytes)
        } catch {
          // The next append writes over it, and sealing cuts it off.
        }
        throw error
      }
      growing.bytes += bytes.length
      growing.records += note.records
      growing.last = note
      if (growing.bytes >= segmentBytes) spool.seal()
      while (totalBytes(sealed, growing) > maxBytes && giveUpOldest(directory, sealed));
    },
    seal() {
      if (!growing) return
      const { descriptor, ...segment } = growing
      const sealedPath = path.join(directory, segment.name + sealedEnding)
      try {
        ftruncateSync(descriptor, segment.bytes)
        fdatasyncSync(descriptor)
        renameSync(segment.path, sealedPath)
      } catch {
        // The segment goes on growing; the next append tries again.
        return
      }
      growing = undefined
      closeSync(descriptor)
      sealed.push({ ...segment, path: sealedPath })
      syncDirectory(directory)
    },
    oldest(andGrowing) {
      if (sealed.length === 0 && andGrowing && growing && growing.bytes > 0) spool.seal()
      return sealed[0]
    },
    remove(segment) {
      if (isNewestOwn(segment)) keepPosition(directory, segment)
      rmSync(segment.path, { force: true })
      removeSentRange(segment.path)
      sealed = sealed.filter(({ name }) => name !== segment.name)
    },
    setAside(segment) {
      if (isNewestOwn(segment)) keepPosition(directory, segment)
      renameSync(segment.path, path.join(path.dirname(directory), `${segment.name}.refused`))
      removeSentRange(segment.path)
      sealed = sealed.filter(({ name }) => name !== segment.name)
    },
    look() {
      sealed = existsSync(directory) ? readSegments(directory) : []
    },
    isEmpty: () => sealed.length === 0 && !growing,
    close() {
      if (growing && growing.bytes > 0) spool.seal()
      else if (growing) {
        closeSync(growing.descriptor)
        rmSync(growing.path, { force: true })
        growing = undefined
      }
    },
  }
  spool.look()
  return spool
}

/** Sealed segments, the oldest first. Those that another one stands for are removed: a kill came in between. */
function readSegments(directory: string): Segment[] {
  const names = readdirSync(directory)
    .filter((name) => name.endsWith(sealedEnding))
    .toSorted()
  const replaced = new Set<string>()
  const segments = names.map((file): Segment => {
    const segmentPath = path.join(directory, file)
    const { records, last, replaces } = readSegment(readFileSync(segmentPath))
    for (const name of replaces) replaced.add(name)
    return {
      name: file.slice(0, -sealedEnding.length),
      path: segmentPath,
      records,
      bytes: statSync(segmentPath).size,
      last,
    }
  })
  for (const { name, path: file } of segments) if (replaced.has(name)) rmSync(file, { force: true })
  return segments.filter(({ name }) => !replaced.has(name))
}

/** The last note in the segments that the owner itself has begun, growing ones too, or else what its position file says. */
export function lastNoteOf(directory: string, owner: string): SegmentNote | undefined {
  const newest = readdirSync(directory)
    .filter((name) => name.endsWith(owner + sealedEnding) || name.endsWith(owner + openEnding))
    .toSorted()
  for (const name of newest.toReversed()) {
    const { last } = readSegment(readFileSync(path.join(directory, name)))
    if (last) return last
  }
  const position = readPosition(directory)
  return position && { records: 0, ...position, position: position.last }
}

function totalBytes(sealed: readonly Segment[], growing: Segment | undefined): number {
  return sealed.reduce((sum, { bytes }) => sum + bytes, growing?.bytes ?? 0)
}

/**
 * Puts one line that tells the count in the place of the oldest segment that was surely never posted: all but the first, since segments
 * are posted in order. Two such lines that meet become one. False when nothing can be given up.
 */
function giveUpOldest(directory: string, sealed: Segment[]): boolean {
  const before = sealed[1]?.last?.isGap ? sealed[1] : undefined
  const victim = before ? sealed[2] : sealed[1]
  if (!victim) return false
  const missing = (before?.records ?? 0) + victim.records
  const last: SegmentNote = {
    records: missing,
    position: victim.last?.position,
    isGap: true,
    replaces: before ? [before.name] : [],
  }
  const text = formatGap(timeOfSegment(victim.name), missing, 'the spool was full') + formatNote(last)
  const temporary = path.join(directory, 'gap.tmp')
  try {
    writeFileSync(temporary, text)
    renameSync(temporary, victim.path)
  } catch {
    return false
  }
  if (before) rmSync(before.path, { force: true })
  sealed.splice(1, before ? 2 : 1, { ...victim, records: missing, bytes: text.length, last })
  return true
}

function keepPosition(directory: string, { last }: Segment): void {
  if (!last?.position) return
  const before = readPosition(directory)
  writePosition(directory, { ...before, openedAt: before?.openedAt ?? 0, last: last.position })
}

/** Makes names last over a loss of power, where the file system can do that. */
function syncDirectory(directory: string): void {
  let descriptor: number | undefined
  try {
    descriptor = openSync(directory, 'r')
    fsyncSync(descriptor)
  } catch {
    // Windows has no such thing.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
