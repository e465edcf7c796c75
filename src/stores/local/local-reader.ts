// The reading side of the store: walks from position to position through blocks and tails, so that sealing and removal
// of files beside it change nothing but where the next stretch is read from.
import { nodeDisk, type Disk } from '../../disk.ts'
import { limitRows } from '../../query/limit-rows.ts'
import { openMatcher, type Matcher } from '../../query/matcher.ts'
import type { SearchRequest, SummaryRequest } from '../../query/request.ts'
import { growSummary } from '../../query/summarize.ts'
import type { OpenSummary } from '../../query/summary.ts'
import type { SearchPage, StoreOptions, StoreReader } from '../../store.ts'
import { readGroup, type Stretch } from './read-group.ts'
import { readInfo } from './read-info.ts'
import { openSegments, type Segment, type Segments } from './segments.ts'
import { summarizeGroup } from './summarize-group.ts'
import { readTailPage } from './tail-index.ts'

/** Bytes of the first page; each further page is twice as large, so first results come at once. */
const firstPageBytes = 64 * 1024
const maxPageBytes = 1024 * 1024

export function openLocalReader({ directory, now, warn, disk = nodeDisk }: StoreOptions): StoreReader {
  const segments = openSegments(disk, directory, warn)
  return {
    search: (request, signal) => search(disk, segments, openMatcher(request, now()), request, signal),
    summarize: (request, signal) =>
      growSummary(request, (summary) => count(disk, segments, openMatcher(request, now()), request, summary), signal),
    info: async () => readInfo(disk, directory),
    close: () => Promise.resolve(),
  }
}

async function* search(
  disk: Disk,
  segments: Segments,
  matcher: Matcher,
  request: SearchRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<SearchPage> {
  const newestFirst = request.order !== 'oldest'
  const range = { after: request.after ?? 0, before: request.before ?? Infinity }
  let remaining = request.limit ?? Infinity
  let pageBytes = firstPageBytes / 2
  const nextPageBytes = (): number => (pageBytes = Math.min(maxPageBytes, pageBytes * 2))
  while (remaining > 0 && range.before - range.after > 1) {
    signal?.throwIfAborted()
    const segment = newestFirst ? segments.newestBefore(range.before) : segments.oldestAfter(range.after)
    if (!segment || (newestFirst ? segment.last <= range.after : segment.first >= range.before)) return
    let found = false
    try {
      for (const stretch of readSegment(disk, segment, range, newestFirst, matcher, nextPageBytes)) {
        found = true
        signal?.throwIfAborted()
        if (newestFirst) range.before = stretch.first
        else range.after = stretch.last
        const limited = limitRows(stretch.batches, remaining, request.order)
        remaining -= limited.count
        yield { batches: limited.batches, cursor: limited.cutAt ?? (newestFirst ? stretch.first : stretch.last) }
        if (remaining <= 0) return
      }
      if (!found) return
    } catch (error) {
      // Sealed and removed meanwhile: the next look finds where its records are now.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}

/** Adds all that matches, newest first; tells after each step down to which id. */
async function* count(
  disk: Disk,
  segments: Segments,
  matcher: Matcher,
  request: SummaryRequest,
  summary: OpenSummary,
): AsyncGenerator<number> {
  const range = { after: request.after ?? 0, before: request.before ?? Infinity }
  while (range.before - range.after > 1) {
    const segment = segments.newestBefore(range.before)
    if (!segment || segment.last <= range.after) return
    try {
      if (segment.kind === 'group') {
        const blocks = summarizeGroup({ ...segment, disk, range, matcher }, summary)
        while (!blocks.next().done) yield range.before
        range.before = segment.first
      } else {
        const [stretch] = readSegment(disk, segment, range, true, matcher, () => maxPageBytes)
        if (!stretch) return
        for (const batch of stretch.batches) summary.add(batch)
        range.before = stretch.first
      }
      yield range.before
    } catch (error) {
      // Sealed and removed meanwhile, before anything of it was counted.
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
): Generator<Stretch> {
  if (segment.kind === 'group') {
    const { path, group, warn } = segment
    return yield* readGroup({ disk, path, group, warn, range: { ...range }, newestFirst, matcher, pageBytes })
  }
  const page = readTailPage(disk, segment.index, range, newestFirst, pageBytes(), (source) =>
    matcher.mayMatch({ sources: [source] }),
  )
  if (!page) return
  yield { ...page, batches: page.batches.map(matcher.filter).filter((batch) => batch !== undefined) }
}
