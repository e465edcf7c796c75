// Goes through the log from one end to the other for those who want to see all of it, however the files beside it change.
import type { RecordBatch } from '../../../contracts/batch.ts'
import type { Disk } from '../../../system/disk.ts'
import type { Matcher } from '../../../query/match/matcher.ts'
import type { SearchRequest } from '../../../contracts/request.ts'
import { holeGap } from '../day/damage-gap.ts'
import { readTail } from '../tail/read-tail.ts'
import type { Segment, Segments } from './segments.ts'
import type { GroupPart } from './walk-group.ts'

const pageBytes = 1024 * 1024

export interface LogWalk {
  disk: Disk
  segments: Segments
  matcher: Matcher
  /** Bounds of the search, and whether it begins with the earliest. */
  request: Pick<SearchRequest, 'after' | 'before' | 'order'>
  /** Goes through what is sealed of the range; may throw ENOENT before it has taken anything. */
  walkGroup(part: GroupPart): Iterable<undefined>
  /** Matches of the rest. */
  add(batch: RecordBatch): void
}

/**
 * Stops often, for its caller to let others in. Gives the id down to which (or up to which) it has got; undefined in the
 * middle of a group, which is not in the order of the log.
 */
export function* walkSegments(walk: LogWalk): Generator<number | undefined> {
  const { segments, request } = walk
  const newestFirst = request.order !== 'earliest'
  const range = { after: request.after ?? 0, before: request.before ?? Infinity }
  const reached = (): number => (newestFirst ? range.before : range.after)
  for (;;) {
    const list = segments.within(range)
    if (list.length === 0) return
    // Records written from now on are not waited for.
    range.before = Math.min(range.before, list.at(-1)!.last + 1)
    try {
      for (const segment of newestFirst ? list.toReversed() : list) {
        yield* walkSegment(segment)
        if (newestFirst) range.before = Math.min(range.before, segment.first)
        else range.after = Math.max(range.after, segment.last)
        yield reached()
      }
      return
    } catch (error) {
      // Sealed or written anew, and removed meanwhile: the next look finds where its records are now.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }

  function* walkSegment(segment: Segment): Generator<number | undefined> {
    const { disk, matcher } = walk
    if (segment.kind === 'group') return yield* walk.walkGroup({ ...segment, disk, range, matcher })
    if (segment.kind === 'hole') {
      const gap = matcher.filter(holeGap(segment.lost, range))
      if (gap) walk.add(gap)
      return
    }
    for (;;) {
      const page = readTail(disk, segment.index, range, newestFirst, matcher, pageBytes)
      if (!page) return
      page.batches.forEach(walk.add)
      if (newestFirst) range.before = page.first
      else range.after = page.last
      yield reached()
    }
  }
}
