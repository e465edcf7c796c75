// The reading side of the store: walks from position to position through blocks and tails, so that sealing and removal
// of files beside it change nothing but where the next page is read from.
import { nodeDisk, type Disk } from '../../../system/disk.ts'
import { limitRows } from '../../../query/read/limit-rows.ts'
import { openMatcher, type Matcher } from '../../../query/match/matcher.ts'
import { isTimeOrder, type IdOrder, type SearchRequest } from '../../../contracts/request.ts'
import { growSummary } from '../../../query/summary/summarize.ts'
import { searchByTime } from '../../../query/read/top-by-time.ts'
import type { SearchPage, StoreOptions, StoreReader } from '../../../contracts/store.ts'
import { holeGap } from '../day/damage-gap.ts'
import { readGroup, type LogPage } from './read-group.ts'
import { readClockState } from '../keep/clock-file.ts'
import { readInfo } from './read-info.ts'
import { openSegments, type Segment, type Segments } from './segments.ts'
import { summarizeGroup } from './summarize-group.ts'
import { readTail } from '../tail/read-tail.ts'
import { topOfGroup } from './top-of-group.ts'
import { holdOf } from '../keep/watch-clock.ts'
import { nextClockState } from '../keep/clock-doubt.ts'
import { walkSegments, type LogWalk } from './walk-segments.ts'

/** Bytes of the first page; each further page is twice as large, so first results come at once. */
const firstPageBytes = 64 * 1024
const maxPageBytes = 1024 * 1024

export function openLocalReader({ directory, now, uptime, warn, disk = nodeDisk }: StoreOptions): StoreReader {
  const segments = openSegments(disk, directory, warn)
  const walk = (request: SearchRequest, visitor: Pick<LogWalk, 'walkGroup' | 'add'>): Generator<number | undefined> =>
    walkSegments({ disk, segments, matcher: openMatcher(request, now()), request, ...visitor })
  return {
    search(request, signal) {
      const { order } = request
      if (!isTimeOrder(order)) {
        return searchById(disk, segments, openMatcher(request, now()), { ...request, order }, signal)
      }
      return searchByTime(
        request,
        (top) => walk(request, { walkGroup: (part) => topOfGroup(part, request, top), add: top.add }),
        signal,
      )
    },
    summarize: (request, signal) =>
      growSummary(
        request,
        (summary) => walk(request, { walkGroup: (part) => summarizeGroup(part, summary), add: summary.add }),
        signal,
      ),
    async info() {
      const known = uptime && readClockState(disk, directory)
      const hold = known && holdOf(nextClockState(known, { wallMs: now(), uptime: uptime() }))
      return { ...readInfo(disk, directory), ...(hold ? { hold } : {}) }
    },
    close: () => Promise.resolve(),
  }
}

async function* searchById(
  disk: Disk,
  segments: Segments,
  matcher: Matcher,
  { order, limit = Infinity, after = 0, before = Infinity }: SearchRequest & { order: IdOrder | undefined },
  signal: AbortSignal | undefined,
): AsyncGenerator<SearchPage> {
  const newestFirst = order !== 'oldest'
  const range = { after, before }
  let remaining = limit
  let pageBytes = firstPageBytes / 2
  const nextPageBytes = (): number => (pageBytes = Math.min(maxPageBytes, pageBytes * 2))
  while (remaining > 0 && range.before - range.after > 1) {
    signal?.throwIfAborted()
    const segment = newestFirst ? segments.newestBefore(range.before) : segments.oldestAfter(range.after)
    if (!segment || (newestFirst ? segment.last <= range.after : segment.first >= range.before)) return
    let found = false
    try {
      for (const page of readSegment(disk, segment, range, newestFirst, matcher, nextPageBytes)) {
        found = true
        signal?.throwIfAborted()
        if (newestFirst) range.before = page.first
        else range.after = page.last
        const limited = limitRows(page.batches, remaining, order)
        remaining -= limited.count
        yield { batches: limited.batches, cursor: limited.cutAt ?? (newestFirst ? page.first : page.last) }
        if (remaining <= 0) return
      }
      if (!found) return
    } catch (error) {
      // Sealed and removed meanwhile: the next look finds where its records are now.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}

/** The segment's part in range, page by page from the end that is asked for. */
function* readSegment(
  disk: Disk,
  segment: Segment,
  range: Readonly<{ after: number; before: number }>,
  newestFirst: boolean,
  matcher: Matcher,
  pageBytes: () => number,
): Generator<LogPage> {
  if (segment.kind === 'group') {
    const { path, group, warn } = segment
    return yield* readGroup({ disk, path, group, warn, range: { ...range }, newestFirst, matcher, pageBytes })
  }
  if (segment.kind === 'hole') {
    const gap = matcher.filter(holeGap(segment.lost, range))
    return yield { first: segment.first, last: segment.last, batches: gap ? [gap] : [] }
  }
  const page = readTail(disk, segment.index, range, newestFirst, matcher, pageBytes())
  if (page) yield page
}
