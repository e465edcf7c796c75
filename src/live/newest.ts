// Where a follower without cursor begins: the newest matching records, without holding more than a bounded part of them.
import type { RecordBatch } from '../contracts/batch.ts'
import type { Storage } from '../contracts/storage.ts'

export interface Newest {
  /** The records, unless they are too many bytes; then they are to be read from `after` on. */
  batches?: RecordBatch[]
  /** The id before the first of them. */
  after: number
}

const keptBytes = 4 * 1024 * 1024

/** The newest `limit` records that match and have ids up to `head`. */
export async function readNewest(
  storage: Storage,
  { query, limit, head }: { query: string; limit: number; head: number },
  signal: AbortSignal,
): Promise<Newest> {
  let batches: RecordBatch[] | undefined = []
  let after = head
  let bytes = 0
  if (limit === 0) return { batches, after }
  for await (const page of storage.search({ query, before: head + 1, order: 'newest', limit }, signal)) {
    for (const batch of page.batches) {
      if (batch.count === 0) continue
      after = Math.min(after, batch.id[0]! - 1)
      bytes += batch.text.length
      batches?.push(batch)
    }
    if (bytes > keptBytes) batches = undefined
  }
  return { ...(batches ? { batches } : {}), after }
}
