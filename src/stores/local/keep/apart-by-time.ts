// Keeps records that are dated far from their capture away from the others, whose blocks would else look as if of any time.
import type { RecordBatch } from '../../../contracts/batch.ts'
import { selectRows } from '../../../query/match/select-rows.ts'

/** Event and capture time further apart are far. */
const farMs = 3_600_000

export function apartByTime(batches: readonly RecordBatch[]): { near: RecordBatch[]; far: RecordBatch[] } {
  const near: RecordBatch[] = []
  const far: RecordBatch[] = []
  for (const batch of batches) {
    const farRows = rowsApart(batch, true)
    if (farRows.length === 0) near.push(batch)
    else if (farRows.length === batch.count) far.push(batch)
    else {
      far.push(selectRows(batch, farRows))
      near.push(selectRows(batch, rowsApart(batch, false)))
    }
  }
  return { near, far }
}

function rowsApart({ count, time, observed }: RecordBatch, areFar: boolean): Uint32Array {
  const rows = new Uint32Array(count)
  let found = 0
  for (let row = 0; row < count; row++) {
    const isFar = Math.abs(time[row]! - observed[row]!) > farMs
    if (isFar === areFar) rows[found++] = row
  }
  return rows.subarray(0, found)
}
