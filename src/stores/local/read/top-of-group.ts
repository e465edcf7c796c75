// Matches of a group of blocks for a search in the order of event time: rows too early or too late are not put together, and blocks
// that are so by their headers are not even read.
import type { SearchRequest } from '../../../contracts/request.ts'
import type { TopByTime } from '../../../query/read/top-by-time.ts'
import { openBlockRows } from '../day/block-rows.ts'
import type { Block } from '../block/open-block.ts'
import type { BlockAt } from '../day/day-file.ts'
import { walkGroup, type GroupPart } from './walk-group.ts'

/** The first rows of a block are looked at first; so many times more when they did not suffice. */
const growth = 4
const fewestRows = 64

/** Stops before each block, for its caller to let others in. */
export function topOfGroup(part: GroupPart, { order, limit }: SearchRequest, top: TopByTime): Generator<undefined> {
  const { group, range, matcher } = part
  const earliestFirst = order === 'earliest'

  function* wantedBlocks(): Generator<BlockAt> {
    const bestFirst = group.blocks.toSorted(({ header: a }, { header: b }) =>
      earliestFirst ? a.timeFrom - b.timeFrom : b.timeTo - a.timeTo,
    )
    for (const block of bestFirst) {
      const { from, to } = top.window()
      if (block.header.timeTo >= from && block.header.timeFrom <= to) yield block
    }
  }

  function addRows(block: Block): void {
    const ids = block.ids()
    const { time, count } = block.times()
    const isInRange = (row: number): boolean => ids[row]! > range.after && ids[row]! < range.before
    let left = rowsWhere(count, block.findRows(matcher.plan), isInRange)
    for (let size = Math.max(fewestRows, limit!); left.length > 0; size *= growth) {
      const { from, to } = top.window()
      left = rowsWhere(count, left, (row) => time[row]! >= from && time[row]! <= to)
      const edge = edgeOf(time, left, size)
      const isNext = (row: number): boolean => (earliestFirst ? time[row]! <= edge : time[row]! >= edge)
      for (const batch of block.batches(rowsWhere(count, left, isNext))) {
        const matching = matcher.filter(batch)
        if (matching) top.add(matching)
      }
      left = rowsWhere(count, left, (row) => !isNext(row))
    }
  }

  /** The time of the last of the best `size` rows. */
  function edgeOf(time: Float64Array, rows: Uint32Array, size: number): number {
    const times = new Float64Array(rows.length)
    for (let i = 0; i < rows.length; i++) times[i] = time[rows[i]!]!
    times.sort()
    return times[earliestFirst ? Math.min(size, rows.length) - 1 : Math.max(0, rows.length - size)]!
  }

  return walkGroup(part, {
    blocks: wantedBlocks(),
    add: top.add,
    read(at, block, file) {
      if (file.isWhole(at)) return addRows(block)
      // All or nothing of it, so that every page of the order finds it as damaged as the others do.
      openBlockRows(block, matcher)
        .take(range.after + 1, range.before - 1)
        .forEach(top.add)
    },
  })
}

/** Of `rows`, or of all `count`. */
function rowsWhere(count: number, rows: Uint32Array | undefined, test: (row: number) => boolean): Uint32Array {
  const kept = new Uint32Array(rows ? rows.length : count)
  let length = 0
  for (let i = 0; i < kept.length; i++) {
    const row = rows ? rows[i]! : i
    if (test(row)) kept[length++] = row
  }
  return kept.subarray(0, length)
}
