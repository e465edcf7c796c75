// Keeps records that are dated far from their capture away from the others, whose blocks would else look as if of any time.
import type { RecordBatch } from '../../batch.ts'
import { selectRows } from '../../query/select-rows.ts'

/** Event and capture time further apart are far. */
const farMs = 3_600_000

export function apartByTime(batches: readonly RecordBatch[]): { near: RecordBatch[]; far: RecordBatch[] } {
  const near: RecordBatch[] = []
  const far: RecordBatch[] = []
  for (const batch of batches) {
    const { count, time, observed } = batch
    const isFar = (row: number): boolean => Math.abs(time[row]! - observed[row]!) > farMs
    const rows = Uint32Array.from({ length: count }, (_, row) => row).filter(isFar)
    if (rows.length === 0) near.push(batch)
    else if (rows.length === count) far.push(batch)
    else {
      far.push(selectRows(batch, rows))
      near.push(
        selectRows(
          batch,
          Uint32Array.from({ length: count }, (_, row) => row).filter((row) => !isFar(row)),
        ),
      )
    }
  }
  return { near, far }
}
