// Searches of a spool: of the little that is still there, for a process that waits for one of its own lines.
import { isTimeOrder, type SearchRequest } from '../../contracts/request.ts'
import type { StoreInfo } from '../../contracts/store-info.ts'
import type { SearchPage, StoreReader } from '../../contracts/store.ts'
import { openMatcher } from '../../query/match/matcher.ts'
import { limitRows } from '../../query/read/limit-rows.ts'
import { searchByTime } from '../../query/read/top-by-time.ts'
import { summarizePages } from '../../query/summary/summarize.ts'
import type { SpoolFiles } from './spool-files.ts'

interface Read {
  files: SpoolFiles
  head(): number
  now(): number
}

export function spoolReader({ files, head, now }: Read): Pick<StoreReader, 'search' | 'summarize' | 'info'> {
  async function* search(request: SearchRequest, signal?: AbortSignal): AsyncGenerator<SearchPage> {
    const { order } = request
    if (isTimeOrder(order)) {
      const all = { ...request, order: 'newest', limit: Infinity } as const
      return yield* searchByTime(
        request,
        async function* addAll(top) {
          for await (const page of search(all, signal)) {
            page.batches.forEach(top.add)
            yield
          }
        },
        signal,
      )
    }
    const newestFirst = order !== 'oldest'
    const matcher = openMatcher(request, now())
    const range = { after: request.after ?? 0, before: Math.min(request.before ?? Infinity, head() + 1) }
    let remaining = request.limit ?? Infinity
    const list = files.list()
    for (const file of newestFirst ? list.toReversed() : list) {
      for (;;) {
        signal?.throwIfAborted()
        const page = remaining > 0 ? files.page(file, range, newestFirst) : undefined
        if (!page) break
        if (newestFirst) range.before = page.first
        else range.after = page.last
        const matching = page.batches.map(matcher.filter).filter((batch) => batch !== undefined)
        const limited = limitRows(matching, remaining, order)
        remaining -= limited.count
        yield { batches: limited.batches, cursor: limited.cutAt ?? (newestFirst ? page.first : page.last) }
      }
    }
  }

  return { search, summarize: summarizePages(search), info: () => Promise.resolve(infoOf(files, head())) }
}

function infoOf(files: SpoolFiles, head: number): StoreInfo {
  const list = files.list()
  const bytes = files.bytes()
  return { head, records: 0, rawBytes: bytes, bytes, files: { days: 0, tails: list.length }, sources: [], days: [] }
}
