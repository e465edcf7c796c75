// The rows of several batches as objects in the order of the log, for those who read records rather than columns.
import { recordAt, type RecordBatch } from '../batch.ts'
import type { LogRecord } from '../record.ts'

/** By id. Batches may interleave; the rows of each ascend. */
export function recordsOf(batches: readonly RecordBatch[], order: 'newest' | 'oldest'): LogRecord[] {
  const records: LogRecord[] = []
  for (const batch of batches) for (let index = 0; index < batch.count; index++) records.push(recordAt(batch, index))
  // Sorting joins ascending stretches, of which there is one per batch, in nearly linear time.
  if (batches.length > 1) records.sort((a, b) => a.id - b.id)
  return order === 'newest' ? records.reverse() : records
}
