// The records around one, for stores and hubs alike: all it takes is a search in each direction.
import type { RecordBatch } from '../batch.ts'
import type { LogRecord } from '../record.ts'
import type { StoreReader } from '../store.ts'
import { eachRecord } from './records-of.ts'
import type { Context, ContextRequest, SearchRequest } from './request.ts'

const defaultCount = 20

/** Undefined when there is no such record. */
export async function readContext(
  search: StoreReader['search'],
  { id, before = defaultCount, after = defaultCount, scope = 'source' }: ContextRequest,
  signal?: AbortSignal,
): Promise<Context | undefined> {
  async function read(
    request: SearchRequest,
    count: number,
    belongs: (batch: RecordBatch) => boolean,
  ): Promise<{ records: LogRecord[]; more: boolean }> {
    const records: LogRecord[] = []
    for await (const { batches } of search(request, signal)) {
      for (const record of eachRecord(batches.filter(belongs), request.order!)) {
        if (records.length === count) return { records, more: true }
        records.push(record)
      }
    }
    return { records, more: false }
  }

  const [record] = (await read({ after: id - 1, before: id + 1, order: 'newest', limit: 1 }, 1, () => true)).records
  if (!record) return undefined
  // The query lets the store skip; it takes no heed of letter case, and names of sources do.
  const query = queryOf(record, scope)
  const belongs = ({ source }: RecordBatch): boolean => scope === 'all' || source === record.source
  const older = await read({ query, before: id, order: 'newest' }, before, belongs)
  const newer = await read({ query, after: id, order: 'oldest' }, after, belongs)
  return {
    records: [...older.records.toReversed(), record, ...newer.records],
    more: { before: older.more, after: newer.more },
  }
}

function queryOf({ source, run }: LogRecord, scope: ContextRequest['scope']): string {
  if (scope === 'all') return ''
  const name = `source:"${source.replace(/["\\]/g, '\\$&')}"`
  return scope === 'run' ? `${name} run:${run}` : name
}
