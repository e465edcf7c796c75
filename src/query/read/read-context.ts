// The records around one, for stores and hubs alike: all it takes is a search in each direction.
import type { RecordBatch } from '../../contracts/batch.ts'
import type { StoreReader } from '../../contracts/store.ts'
import { eachPlace } from './records-of.ts'
import type { Context, ContextRequest, SearchRequest } from '../../contracts/request.ts'

const defaultCount = 20

/** `make` makes of each record what is given. Undefined when there is no such record. */
export async function readContext<Made>(
  search: StoreReader['search'],
  make: (batch: RecordBatch, row: number) => Made,
  {
    id,
    before = defaultCount,
    after = defaultCount,
    scope = 'source',
    within,
  }: ContextRequest & Pick<SearchRequest, 'within'>,
  signal?: AbortSignal,
): Promise<Context<Made> | undefined> {
  let found: RecordBatch | undefined

  async function read(
    request: SearchRequest,
    count: number,
    belongs: (batch: RecordBatch) => boolean,
  ): Promise<{ records: Made[]; more: boolean }> {
    const records: Made[] = []
    for await (const { batches } of search({ ...request, within }, signal)) {
      for (const { batch, row } of eachPlace(batches.filter(belongs), request.order!)) {
        if (records.length === count) return { records, more: true }
        found ??= batch
        records.push(make(batch, row))
      }
    }
    return { records, more: false }
  }

  const [record] = (await read({ after: id - 1, before: id + 1, order: 'newest', limit: 1 }, 1, () => true)).records
  const origin: RecordBatch | undefined = found
  if (record === undefined || !origin) return undefined
  // The query lets the store skip; it takes no heed of letter case, and names of sources do.
  const query = queryOf(origin, scope)
  const belongs = ({ source }: RecordBatch): boolean => scope === 'all' || source === origin.source
  const older = await read({ query, before: id, order: 'newest' }, before, belongs)
  const newer = await read({ query, after: id, order: 'oldest' }, after, belongs)
  return {
    records: [...older.records.toReversed(), record, ...newer.records],
    more: { before: older.more, after: newer.more },
  }
}

function queryOf({ source, run }: RecordBatch, scope: ContextRequest['scope']): string {
  if (scope === 'all') return ''
  const name = `source:"${source.replace(/["\\]/g, '\\$&')}"`
  return scope === 'run' ? `${name} run:${run}` : name
}
