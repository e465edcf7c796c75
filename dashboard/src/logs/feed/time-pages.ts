// Questions of a list in the order of event time: the records around one, and those that came in between.
import type { SearchAnswer, SearchParameters } from '../../../../src/client/index.ts'
import type { LogRecord } from '../../../../src/contracts/record.ts'
import { pageSize } from './feed-state.ts'

const mostAtOnce = 5000

/** The place of a record, to ask for those before or behind it. */
export const pagePast = ({ time, id }: LogRecord): string => `${time},${id}`

export type Search = (parameters: SearchParameters) => Promise<SearchAnswer>

interface Stretch {
  after: number
  before: number
  /** Unix milliseconds. */
  until?: number
}

/** All records with ids in between, many at a time. */
export async function fetchBetween(
  search: Search,
  { after, ...range }: Stretch,
  take: (records: readonly LogRecord[]) => void,
): Promise<void> {
  for (let from = after; ;) {
    const { records, more } = await search({ ...range, after: from, order: 'oldest', limit: mostAtOnce })
    take(records)
    if (!more || records.length === 0) return
    from = records.at(-1)!.id
  }
}

/** The records before and after one; undefined when it is not there. */
export async function searchAround(
  search: Search,
  id: number,
): Promise<{ rows: LogRecord[]; hasOlder: boolean; cursor: number } | undefined> {
  const [record] = (await search({ before: id + 1, order: 'newest', limit: 1 })).records
  if (!record) return undefined
  const page = { past: pagePast(record), limit: pageSize / 2 }
  const [earlier, later] = await Promise.all([
    search({ order: 'latest', ...page }),
    search({ order: 'earliest', ...page }),
  ])
  const rows = [...earlier.records.toReversed(), record, ...later.records]
  return { rows, hasOlder: earlier.more, cursor: Math.min(earlier.cursor, later.cursor) }
}
