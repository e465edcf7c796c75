// What `logboom logs` prints of the past, and from where what comes is to be followed.
import type { SearchRequest } from '../query/request.ts'
import type { LogRecord } from '../record.ts'
import type { LogReader } from './log-reader.ts'
import type { PrintRecords } from './record-printer.ts'
import { byTime, sortByTime } from './sort-by-time.ts'

const sortWindow = 5000

/** Prints what matches. Gives the cursor behind which nothing has been looked at yet. */
export async function printHistory(reader: LogReader, request: SearchRequest, print: PrintRecords): Promise<number> {
  // What matches may be old, or nothing at all; all that was there before has been considered nevertheless.
  let cursor = await newestId(reader)
  async function* pages(): AsyncGenerator<LogRecord[]> {
    for await (const page of reader.search(request)) {
      if (request.order === 'oldest') cursor = Math.max(cursor, page.cursor)
      else cursor = Math.max(cursor, ...page.records.slice(0, 1).map(({ id }) => id))
      yield page.records
    }
  }
  if (request.order === 'oldest') {
    for await (const records of sortByTime(pages(), sortWindow)) await print(records)
  } else {
    const newest = []
    for await (const records of pages()) newest.push(...records)
    await print(newest.sort(byTime))
  }
  return cursor
}

async function newestId(reader: LogReader): Promise<number> {
  for await (const { records } of reader.search({ order: 'newest', limit: 1 })) return records[0]?.id ?? 0
  return 0
}
