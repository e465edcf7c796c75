// Reads what matches of a tail a page at a time, as read-group.ts does for what is sealed.
import type { Disk } from '../../../system/disk.ts'
import type { Matcher } from '../../../query/match/matcher.ts'
import type { LogPage } from '../read/read-group.ts'
import { readTailPage, type TailIndex } from './tail-index.ts'

/** About `pageBytes` from the end of the range that is asked for; undefined when nothing of the tail is in range. */
export function readTail(
  disk: Disk,
  index: TailIndex,
  range: Readonly<{ after: number; before: number }>,
  newestFirst: boolean,
  matcher: Matcher,
  pageBytes: number,
): LogPage | undefined {
  const page = readTailPage(disk, index, range, newestFirst, pageBytes, (source) =>
    matcher.mayMatch({ sources: [source] }),
  )
  return page && { ...page, batches: page.batches.map(matcher.filter).filter((batch) => batch !== undefined) }
}
