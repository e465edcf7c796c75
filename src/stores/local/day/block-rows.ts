// The matching rows of one block, for a reader who goes through them by id.
import type { RecordBatch } from '../../../contracts/batch.ts'
import type { Matcher } from '../../../query/match/matcher.ts'
import type { Block } from '../block/open-block.ts'
import { sliceBatch } from './slice-batch.ts'

export interface BlockRows {
  /** Rows with ids from `first` to `last`. */
  take(first: number, last: number): RecordBatch[]
}

/** A part of the rows is put together on its own when it is so many times smaller than the whole, and only once. */
const smallPart = 4

export function openBlockRows(source: Block | undefined, matcher: Matcher): BlockRows {
  let found: { rows: Uint32Array; ids: Float64Array } | undefined
  let all: RecordBatch[] | undefined
  let asked = false

  function find(): { rows: Uint32Array; ids: Float64Array } {
    const every = source!.ids()
    const rows = source!.findRows(matcher.plan) ?? Uint32Array.from(every.keys())
    return { rows, ids: rows.length === every.length ? every : Float64Array.from(rows, (row) => every[row]!) }
  }

  const matching = (rows: Uint32Array): RecordBatch[] =>
    source!
      .batches(rows)
      .map(matcher.filter)
      .filter((batch) => batch !== undefined)

  return {
    take(first, last) {
      if (all) return clipAll(all, first, last)
      const { rows, ids } = (found ??= find())
      const from = lowerBound(ids, first)
      const to = lowerBound(ids, last + 1)
      if (from === to) return []
      if (!asked && (to - from) * smallPart <= rows.length) {
        asked = true
        return matching(rows.subarray(from, to))
      }
      all = matching(rows)
      // The columns have been put together, and are not needed any more.
      found = source = undefined
      return clipAll(all, first, last)
    },
  }
}

function clipAll(batches: readonly RecordBatch[], first: number, last: number): RecordBatch[] {
  return batches.map((batch) => clip(batch, first, last)).filter((batch) => batch !== undefined)
}

/** The rows with ids from `first` to `last`; columns and text are shared, not copied. */
function clip(batch: RecordBatch, first: number, last: number): RecordBatch | undefined {
  const from = lowerBound(batch.id, first)
  const to = lowerBound(batch.id, last + 1)
  if (from >= to) return undefined
  return sliceBatch(batch, from, to)
}

/** Index of the first id that is not below `bound`. */
function lowerBound(ids: Float64Array, bound: number): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ids[middle]! >= bound) high = middle
    else low = middle + 1
  }
  return low
}
