// All records of a job, by event time, a page after the other, so that one with millions of lines fits through.
import type { Job } from '../../contracts/job.ts'
import type { LogRecord } from '../../contracts/record.ts'
import type { SearchRequest, TimePlace } from '../../contracts/request.ts'
import type { Storage } from '../../contracts/storage.ts'
import { recordsOf } from '../../query/read/records-of.ts'
import { runQuery } from '../../query/verbs/job.ts'
import { jobPageBytes } from '../bounds/limits.ts'

const pageRecords = 2000

export async function* jobRecords(
  storage: Pick<Storage, 'search' | 'head'>,
  { within, ...job }: Pick<Job, 'source' | 'run'> & { within: SearchRequest['within'] },
  signal: AbortSignal,
): AsyncGenerator<LogRecord[]> {
  // Records that come meanwhile could stand anywhere in the order of time.
  const before = storage.head() + 1
  let past: TimePlace | undefined
  for (;;) {
    const request = {
      query: runQuery(job),
      within,
      order: 'earliest',
      limit: pageRecords,
      maxBytes: jobPageBytes,
      before,
    } as const
    const records: LogRecord[] = []
    for await (const { batches } of storage.search({ ...request, ...(past ? { past } : {}) }, signal))
      records.push(...recordsOf(batches, 'earliest'))
    // A page may end because of its bytes, so that only an empty one tells that there is no more.
    if (records.length === 0) return
    yield records
    past = records.at(-1)!
  }
}
