// The reading side of the store: walks from position to position through blocks and tails, so that sealing and removal
// of files beside it change nothing but where the next stretch is read from.
import type { RecordBatch } from '../../batch.ts'
import { limitRows } from '../../query/limit-rows.ts'
import { openMatcher, type Matcher } from '../../query/matcher.ts'
import type { SearchRequest } from '../../query/request.ts'
import type { SearchPage, StoreOptions, StoreReader } from '../../store.ts'
import { extentOf } from './block.ts'
import { readBlock } from './read-block.ts'
import { openSegments, type Segment } from './segments.ts'
import { readTailPage } from './tail-index.ts'

/** Tail bytes of the first page; each further page is twice as large, so first results come at once. */
const firstPageBytes = 64 * 1024
const maxPageBytes = 1024 * 1024

export function openLocalReader({ directory, now, warn }: StoreOptions): StoreReader {
  const segments = openSegments(directory, warn)
  return {
    search: (request, signal) => search(segments, openMatcher(request, now()), request, signal),
    close: () => Promise.resolve(),
  }
}

async function* search(
  segments: ReturnType<typeof openSegments>,
  matcher: Matcher,
  request: SearchRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<SearchPage> {
  const newestFirst = request.order !== 'oldest'
  const range = { after: request.after ?? 0, before: request.before ?? Infinity }
  let remaining = request.limit ?? Infinity
  let pageBytes = firstPageBytes
  while (remaining > 0 && range.before - range.after > 1) {
    signal?.throwIfAborted()
    const segment = newestFirst ? segments.newestBefore(range.before) : segments.oldestAfter(range.after)
    if (!segment || (newestFirst ? segment.last <= range.after : segment.first >= range.before)) return
    const stretch = readStretch(segment, range, newestFirst, pageBytes, matcher)
    pageBytes = Math.min(maxPageBytes, pageBytes * 2)
    if (stretch === 'gone') continue
    if (!stretch) return
    if (newestFirst) range.before = stretch.first
    else range.after = stretch.last
    const limited = limitRows(stretch.batches, remaining, request.order)
    remaining -= limited.count
    yield { batches: limited.batches, cursor: limited.cutAt ?? (newestFirst ? stretch.first : stretch.last) }
  }
}

interface Stretch {
  first: number
  last: number
  /** Matching rows only. */
  batches: RecordBatch[]
}

/** The part of a segment next to the position, undefined when none of it is in range; `gone`: sealed meanwhile, look again. */
function readStretch(
  segment: Segment,
  range: { after: number; before: number },
  newestFirst: boolean,
  pageBytes: number,
  matcher: Matcher,
): Stretch | 'gone' | undefined {
  const matching = (batches: RecordBatch[]): RecordBatch[] =>
    batches.map(matcher.filter).filter((batch) => batch !== undefined)
  try {
    if (segment.kind === 'tail') {
      const page = readTailPage(segment.index, range, newestFirst, pageBytes, (source) =>
        matcher.mayMatch({ sources: [source] }),
      )
      return page && { ...page, batches: matching(page.batches) }
    }
    const { group, path } = segment
    const batches = group.blocks
      .filter(({ header }) => header.lastId > range.after && header.firstId < range.before)
      .filter(({ header }) => matcher.mayMatch(extentOf(header)))
      // One after the other, so that a block without matches is garbage before the next is read.
      .flatMap((block) => matching(readBlock(path, block, segment.warn)))
    return { first: group.first, last: group.last, batches }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone'
    throw error
  }
}
