// Reads a group of blocks a page at a time. A group holds hundreds of thousands of records, grouped by source, so a page is
// cut out of all blocks that overlap it, and only those are in memory.
import type { RecordBatch } from '../../batch.ts'
import type { Disk } from '../../disk.ts'
import type { Matcher } from '../../query/matcher.ts'
import { jsonExtras } from '../../wire/json-extras.ts'
import { extentOf } from './block.ts'
import type { BlockAt, BlockGroup } from './day-file.ts'
import { readBlock } from './read-block.ts'

/** Some of the log next to a position: everything from `first` to `last`, of which `batches` has the matching rows. */
export interface Stretch {
  first: number
  last: number
  batches: RecordBatch[]
}

export interface GroupRequest {
  disk: Disk
  path: string
  group: BlockGroup
  warn(message: string): void
  /** Exclusive on both sides. */
  range: { after: number; before: number }
  newestFirst: boolean
  matcher: Matcher
  /** About how much text the next page shall have. */
  pageBytes(): number
}

/** Bytes of a record beside its text. */
const columnBytes = 48

export function* readGroup(request: GroupRequest): Generator<Stretch> {
  const { disk, path, group, warn, range, newestFirst, matcher } = request
  const low = Math.max(range.after + 1, group.first)
  const high = Math.min(range.before - 1, group.last)
  const blocks = group.blocks.filter((block) => overlaps(block, low, high) && matcher.mayMatch(extentOf(block.header)))
  const ids = blocks.reduce((sum, { header }) => sum + header.count, 0)
  const bytes = blocks.reduce((sum, { header }) => sum + header.text.rawBytes + header.extra.rawBytes, 0)
  const bytesEach = columnBytes + (ids > 0 ? bytes / ids : 0)
  const read = new Map<BlockAt, RecordBatch[]>()

  /** The matching rows of a block, for as long as pages overlap it. */
  function rowsOf(block: BlockAt): RecordBatch[] {
    let rows = read.get(block)
    if (!rows) {
      rows = readBlock(disk, path, block, warn)
        .map(matcher.filter)
        .filter((batch) => batch !== undefined)
      read.set(block, rows)
    }
    return rows
  }

  function rowsIn(first: number, last: number): RecordBatch[] {
    return blocks
      .filter((block) => overlaps(block, first, last))
      .flatMap(rowsOf)
      .map((batch) => clip(batch, first, last))
      .filter((batch) => batch !== undefined)
  }

  /** The page grows until it has what was asked for, so few matches make few pages. */
  for (let start = newestFirst ? high : low, end = start; low <= high; start = end) {
    const wanted = request.pageBytes()
    const step = Math.max(1, Math.ceil(wanted / bytesEach))
    let batches: RecordBatch[] = []
    let taken = 0
    do {
      const from = newestFirst ? Math.max(low, end - step + 1) : end
      const to = newestFirst ? end : Math.min(high, end + step - 1)
      const more = rowsIn(from, to)
      taken += more.reduce((sum, batch) => sum + batch.count, 0)
      batches = newestFirst ? [...more, ...batches] : [...batches, ...more]
      for (const block of read.keys())
        if (newestFirst ? block.header.firstId >= from : block.header.lastId <= to) read.delete(block)
      end = newestFirst ? from - 1 : to + 1
    } while (taken * bytesEach < wanted && end >= low && end <= high)
    yield newestFirst ? { first: end + 1, last: start, batches } : { first: start, last: end - 1, batches }
    if (end < low || end > high) return
  }
}

function overlaps({ header }: BlockAt, first: number, last: number): boolean {
  return header.firstId <= last && header.lastId >= first
}

/** The rows with ids from `first` to `last`; columns and text are shared, not copied. */
function clip(batch: RecordBatch, first: number, last: number): RecordBatch | undefined {
  const from = lowerBound(batch.id, first)
  const to = lowerBound(batch.id, last + 1)
  if (from >= to) return undefined
  if (to - from === batch.count) return batch
  const cut = <Column extends Float64Array | Uint32Array | Uint8Array>(column: Column): Column =>
    column.subarray(from, to) as Column
  const { json } = batch.extras
  return {
    ...batch,
    count: to - from,
    start: cut(batch.start),
    end: cut(batch.end),
    id: cut(batch.id),
    seq: cut(batch.seq),
    time: cut(batch.time),
    observed: cut(batch.observed),
    stream: cut(batch.stream),
    kind: cut(batch.kind),
    severity: cut(batch.severity),
    extras: json ? jsonExtras(json.bytes, cut(json.start), cut(json.end)) : (index) => batch.extras(from + index),
  }
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
