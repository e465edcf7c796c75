// Rows that viewers are shown of lines that cannot be committed: the newest of each batch, so little of them that showing costs
// next to nothing, however much is captured.
import type { RecordBatch } from '../contracts/batch.ts'
import { selectRows } from '../query/match/select-rows.ts'
import type { UnkeptNews } from '../contracts/storage.ts'

/** Of all batches of a step together. */
const mostRows = 500
const mostBytes = 256 * 1024

/** The newest lines of batches whose lines are numbered from `number` on. */
export function newestRows(batches: readonly RecordBatch[], number: number): UnkeptNews['added'] {
  const shown = batches.filter(({ count }) => count > 0)
  const rows = Math.ceil(mostRows / shown.length)
  const bytes = Math.ceil(mostBytes / shown.length)
  return shown.flatMap((batch) => {
    const first = number
    number += batch.count
    const from = firstWithin(batch, rows, bytes)
    if (from === batch.count) return []
    const indexes = Array.from({ length: batch.count - from }, (_, index) => from + index)
    return [{ number: first + from, batch: from === 0 ? batch : selectRows(batch, indexes) }]
  })
}

function firstWithin({ count, start, end }: RecordBatch, rows: number, bytes: number): number {
  let from = count
  for (let left = bytes; from > 0 && count - from < rows; from--) {
    left -= end[from - 1]! - start[from - 1]!
    if (left < 0) break
  }
  return from
}
