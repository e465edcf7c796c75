// The files of a spool, in order, and where in them a record lies: only of those that are being read is more known than their names.
import { basename } from 'node:path'
import type { RecordBatch } from '../../contracts/batch.ts'
import type { SpoolPart } from '../../contracts/hosts/spool.ts'
import type { Disk } from '../../system/disk.ts'
import { encodeBatch } from '../../wire/batch-codec.ts'
import { checkFrame, frameBytes, framePayload } from '../../wire/frame.ts'
import { damageGap } from '../local/day/damage-gap.ts'
import { readFrom } from '../local/frames/read-file.ts'
import { parseTailFile } from '../local/names.ts'
import type { Range } from '../local/ranges.ts'
import type { TailLog } from '../local/tail/open-tail-log.ts'
import { closeTailIndex, growTailIndex, openTailIndex, readTailPage, type TailIndex } from '../local/tail/tail-index.ts'

export interface SpoolFile {
  path: string
  /** Ids of the first record that may be in it, and of the last that is. */
  first: number
  last: number
  bytes: number
}

export interface SpoolFiles {
  list(): SpoolFile[]
  /** All but the newest. */
  closed(): SpoolFile[]
  bytes(): number
  forget(file: SpoolFile): void
  /** See `Spool.read`. */
  read(after: number, mostBytes: number): SpoolPart | undefined
  /** Bytes of the file that has this record, up to and with it. */
  offsetOf(id: number): number
  /** When the record behind this one was captured. */
  timeBehind(id: number): number | undefined
  /** Batches of one file in a range of ids. */
  page(
    file: SpoolFile,
    range: { after: number; before: number },
    newestFirst: boolean,
  ): { first: number; last: number; batches: RecordBatch[] } | undefined
}

/** Files whose frames are known by their places. */
const mostIndexes = 4
const pageBytes = 1024 * 1024
/** Records that are read at once: those without text take next to no bytes here, and their columns where they are unpacked. */
const mostRows = 65_536

/** `given`: ids of files that were given up, which are no damage. */
export function openSpoolFiles(
  disk: Disk,
  log: TailLog,
  given: () => readonly Range[],
  warn: (message: string) => void,
): SpoolFiles {
  const indexes = new Map<string, TailIndex>()
  let known: SpoolFile[] = []
  let newest = ''
  let closedBytes = 0

  /** Looked up anew when a file was begun. */
  function closed(): SpoolFile[] {
    if (newest === log.path()) return known
    newest = log.path()
    const paths = log.closed()
    known = paths.map((path, at) => ({
      path,
      first: firstOf(path),
      last: lastBefore(firstOf(paths[at + 1] ?? newest)),
      bytes: disk.stat(path).size,
    }))
    closedBytes = known.reduce((sum, { bytes }) => sum + bytes, 0)
    return known
  }

  /** The last id of the file in front of the one that begins with this id. */
  const lastBefore = (next: number): number => (given().find(([, last]) => last === next - 1)?.[0] ?? next) - 1

  const list = (): SpoolFile[] => [
    ...closed(),
    { path: log.path(), first: firstOf(log.path()), last: log.state.head(), bytes: log.size() },
  ]

  function indexOf({ path, last }: SpoolFile): TailIndex {
    const index = indexes.get(path) ?? openTailIndex(path)
    indexes.delete(path)
    indexes.set(path, index)
    for (const other of indexes.keys()) if (indexes.size > mostIndexes) indexes.delete(other)
    growTailIndex(disk, index, warn)
    if (path !== log.path() && index.nextId <= last) closeTailIndex(index, last + 1)
    return index
  }

  const fileBehind = (id: number): SpoolFile | undefined => list().find(({ last }) => last > id)

  return {
    list,
    closed,
    bytes: () => (closed(), closedBytes + log.size()),
    forget({ path, bytes }) {
      known = known.filter((each) => each.path !== path)
      closedBytes -= bytes
      indexes.delete(path)
    },
    read(after, mostBytes) {
      const file = fileBehind(after)
      if (!file) return undefined
      const index = indexOf(file)
      const from = index.frames.findIndex(({ last }) => last > after)
      const begin = index.frames[from]
      if (!begin) return undefined
      if (begin.bytes === 0) return damagedPart(begin, index.path)
      let to = from + 1
      let end = begin.offset + begin.bytes
      for (let next = index.frames[to]; next && next.bytes > 0; next = index.frames[++to]) {
        if (next.offset + next.bytes - begin.offset > mostBytes || next.last - begin.first >= mostRows) break
        end = next.offset + next.bytes
      }
      const frames = readWhole(disk, index.path, begin.offset, end - begin.offset)
      // Damage since the last look is found by the next one.
      if (!areWhole(frames)) {
        indexes.delete(file.path)
        return undefined
      }
      return { frames, first: begin.first, last: index.frames[to - 1]!.last }
    },
    offsetOf(id) {
      const file = list().find(({ first, last }) => first <= id && id <= last)
      if (!file) return 0
      const frame = indexOf(file).frames.findLast(({ last }) => last <= id)
      return frame ? frame.offset + frame.bytes : 0
    },
    timeBehind(id) {
      const file = fileBehind(id)
      return file && indexOf(file).frames.find(({ last }) => last > id)?.time
    },
    page: (file, range, newestFirst) => readTailPage(disk, indexOf(file), range, newestFirst, pageBytes, () => true),
  }
}

const firstOf = (path: string): number => parseTailFile(basename(path))!

function damagedPart(lost: { first: number; last: number; time: number }, path: string): SpoolPart {
  const { first, last, time } = lost
  const gap = damageGap({ id: last, first, last, lines: last - first + 1, time, file: basename(path) })
  return { frames: encodeBatch(gap) as Uint8Array<ArrayBuffer>, first, last }
}

/** In memory of its own, which can be given away. */
function readWhole(disk: Disk, path: string, offset: number, length: number): Uint8Array<ArrayBuffer> {
  const fd = disk.open(path, 'r')
  try {
    const { buffer, byteOffset, length: got } = readFrom(disk, fd, offset, length)
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, got)
  } finally {
    disk.close(fd)
  }
}

function areWhole(frames: Uint8Array): boolean {
  for (let at = 0; at < frames.length;) {
    const frame = frames.subarray(at)
    const payload = framePayload(frame)
    if (!checkFrame(frame, payload)) return false
    at += frameBytes(payload.length)
  }
  return true
}
