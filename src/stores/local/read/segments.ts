// The files of a store as segments of the log in order of id. Looks at the directory anew at every question, but reads
// again only what has grown.
import { basename, join } from 'node:path'
import type { Disk } from '../../../system/disk.ts'
import type { LostRecords } from '../day/damage-gap.ts'
import type { BlockGroup } from '../day/day-file.ts'
import { dayFile, newestDayFiles, parseTailFile, removalsFile } from '../names.ts'
import { openDays } from './known-days.ts'
import { readNotes } from '../tail/notes-file.ts'
import { joinRanges, subtractRanges, type Range } from '../ranges.ts'
import { readRemovals } from '../removals.ts'
import { closeTailIndex, growTailIndex, openTailIndex, type TailIndex } from '../tail/tail-index.ts'

export type Segment =
  | { kind: 'tail'; first: number; last: number; index: TailIndex }
  | { kind: 'group'; first: number; last: number; path: string; group: BlockGroup; warn: (message: string) => void }
  /** Ids that were given out, and that no file has: their group is gone as a whole. */
  | { kind: 'hole'; first: number; last: number; lost: LostRecords }

export interface Segments {
  /** The segment that holds the greatest id below `before`. */
  newestBefore(before: number): Segment | undefined
  /** The segment that holds the smallest id above `after`. */
  oldestAfter(after: number): Segment | undefined
  /** All that hold ids between the two, ascending. */
  within(range: { after: number; before: number }): Segment[]
}

export function openSegments(disk: Disk, directory: string, warn: (message: string) => void): Segments {
  let tails = new Map<string, TailIndex>()
  let removals = { size: 0, ids: [] as Range[] }
  /** The last id that notes spoke of at the first look; who writes has none but those of its files. */
  let acknowledged: number | undefined
  const told = new Set<string>()
  const warnOnce = (message: string): void => {
    if (!told.has(message)) warn(message)
    told.add(message)
  }
  const days = openDays(disk, warnOnce)

  /** Ids of what was removed on purpose; to be asked after the files that are left. */
  function removedIds(): Range[] {
    const path = removalsFile(directory)
    const size = disk.exists(path) ? disk.stat(path).size : 0
    if (size !== removals.size) removals = { size, ids: readRemovals(disk, directory).removal.ids }
    return removals.ids
  }

  /** Ids are given out without a gap from 1 on: what lies between segments is lost, unless it was removed. */
  function holesIn(segments: readonly Segment[], newestTail: number | undefined): Segment[] {
    const end = Math.max(newestTail === undefined ? 0 : newestTail - 1, segments.at(-1)?.last ?? 0, acknowledged ?? 0)
    const covered = segments.map(({ first, last }): Range => [first, last])
    // Asked for only where something is missing.
    if (end === 0 || isCovered(covered, end)) return []
    return subtractRanges([[1, end]], joinRanges([...covered, ...removedIds()])).map(([first, last]) => {
      warnOnce(`${directory}: records ${first} to ${last} are missing`)
      const beside = segments.findLast((segment) => segment.last < first) ?? segments[0]
      return { kind: 'hole', first, last, lost: { id: last, first, last, lines: last - first + 1, ...placeOf(beside) } }
    })
  }

  /** All segments that may be touched, in order. As long as a tail is there, what is sealed of it does not count. */
  function list(): Segment[] {
    for (;;) {
      try {
        // Before the files are listed: then these have all that was acknowledged by now.
        acknowledged ??= readNotes(disk, directory).notes.at(-1)?.head ?? 0
        const names = disk.readdir(directory).sort()
        const tailNames = names.filter((each) => parseTailFile(each) !== undefined)
        const tailFirsts = new Set(tailNames.map((name) => parseTailFile(name)!))
        const paths = newestDayFiles(names).map((name) => dayFile(directory, name))
        const groups = paths
          .flatMap((path) =>
            days
              .at(path, tailFirsts)
              .groups.filter(({ first }) => !tailFirsts.has(first))
              .map((group): Segment => ({
                kind: 'group',
                first: group.first,
                last: group.last,
                path,
                group,
                warn: warnOnce,
              })),
          )
          // Days follow the clock, which may have been set back; ids only grow.
          .sort(byId)
        days.keepOnly(paths)
        const seen = new Map<string, TailIndex>()
        const open: Segment[] = []
        for (const [at, name] of tailNames.entries()) {
          const path = join(directory, name)
          const index = tails.get(path) ?? openTailIndex(path)
          growTailIndex(disk, index, warnOnce)
          seen.set(path, index)
          const next = tailNames[at + 1]
          if (next) closeTailIndex(index, parseTailFile(next)!)
          const first = index.frames[0]?.first
          const last = index.frames.at(-1)?.last
          if (first !== undefined && last !== undefined) open.push({ kind: 'tail', first, last, index })
        }
        tails = seen
        const segments = [...groups, ...open]
        return [...segments, ...holesIn(segments, [...tailFirsts].at(-1))].sort(byId)
      } catch (error) {
        // A tail was sealed and removed between the listing and the look at it: list again.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !disk.exists(directory)) throw error
      }
    }
  }

  return {
    newestBefore: (before) => list().findLast((segment) => segment.first < before),
    oldestAfter: (after) => list().find((segment) => segment.last > after),
    within: ({ after, before }) => list().filter(({ first, last }) => last > after && first < before),
  }
}

function isCovered(ranges: readonly Range[], end: number): boolean {
  const [only, ...others] = joinRanges(ranges)
  return only !== undefined && others.length === 0 && only[0] <= 1 && only[1] >= end
}

const byId = (a: Segment, b: Segment): number => a.first - b.first

/** About when and where, told by a segment beside it. */
function placeOf(segment: Segment | undefined): { time: number; file: string } {
  if (segment?.kind === 'tail')
    return { time: segment.index.frames.at(-1)?.time ?? 0, file: basename(segment.index.path) }
  if (segment?.kind === 'group')
    return { time: segment.group.blocks.at(-1)!.header.timeTo, file: basename(segment.path) }
  return { time: 0, file: 'all that was sealed' }
}
