// Batches of several sources, each ascending, as slices in the order of their ids: what is read back from the store
// interleaves, what was just committed does not.
import type { RecordBatch } from '../contracts/batch.ts'

/** Calls `take` with rows `[from, to)` of a batch, ids ascending over all calls. */
export function inIdOrder(
  batches: readonly RecordBatch[],
  take: (batch: RecordBatch, from: number, to: number) => void,
): void {
  const waiting = batches.filter(({ count }) => count > 0).map((batch) => ({ batch, from: 0 }))
  while (waiting.length > 0) {
    waiting.sort((a, b) => a.batch.id[a.from]! - b.batch.id[b.from]!)
    const [first, second] = waiting as [(typeof waiting)[0], (typeof waiting)[0] | undefined]
    const { batch, from } = first
    const limit = second ? second.batch.id[second.from]! : Number.POSITIVE_INFINITY
    let to = from + 1
    while (to < batch.count && batch.id[to]! < limit) to++
    take(batch, from, to)
    first.from = to
    if (to === batch.count) waiting.shift()
  }
}
