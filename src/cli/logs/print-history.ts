// The past as `logboom logs` prints it, and the place from which the present is to be followed.
import type { SearchRequest } from '../../contracts/request.ts'
import type { LogRecord } from '../../contracts/record.ts'
import type { LogReader } from './log-reader.ts'
import type { PrintRecords } from './record-printer.ts'
import { sortByTime } from './sort-by-time.ts'

const sortWindow = 5000

export type HistoryRequest = Omit<SearchRequest, 'order' | 'past'> &
  (
    | { /** The last so many in the order of time. */ order: 'latest'; limit: number }
    | { /** As they were captured, sorted by time within a window. */ order: 'oldest' }
  )

/** Prints what matches, the earliest first. Gives the cursor behind which nothing has been looked at yet. */
export async function printHistory(reader: LogReader, request: HistoryRequest, print: PrintRecords): Promise<number> {
  // Matches may be old, or none at all; all that was there before has been considered nevertheless.
  let cursor = await newestId(reader)
  if (request.order === 'latest') {
    const latest: LogRecord[] = []
    for await (const { records } of reader.search({ ...request, before: cursor + 1 })) latest.push(...records)
    await print(latest.reverse())
    return cursor
  }
  async function* pages(): AsyncGenerator<LogRecord[]> {
    for await (const page of reader.search(request)) {
      cursor = Math.max(cursor, page.cursor)
      yield page.records
    }
  }
  for await (const records of sortByTime(pages(), sortWindow)) await print(records)
  return cursor
}

async function newestId(reader: LogReader): Promise<number> {
  for await (const { records } of reader.search({ order: 'newest', limit: 1 })) return records[0]?.id ?? 0
  return 0
}
