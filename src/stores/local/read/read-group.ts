// Reads a group of blocks a page at a time. A group holds hundreds of thousands of records, grouped by source, so a page is
// cut out of all blocks that overlap it, and only those are in memory.
import type { RecordBatch } from '../../../contracts/batch.ts'
import type { Disk } from '../../../system/disk.ts'
import type { Matcher } from '../../../query/match/matcher.ts'
import { openBlockRows, type BlockRows } from '../day/block-rows.ts'
import { extentOf } from '../block/block-header.ts'
import { soughtWords } from '../block/open-block.ts'
import { Damaged } from '../block/sections.ts'
import { damageGap } from '../day/damage-gap.ts'
import type { BlockAt, BlockGroup } from '../day/day-file.ts'
import { lostFrom } from '../day/lost-records.ts'
import { openBlockFile, type BlockFile } from '../day/read-block.ts'

/** A part of the log next to a position: everything from `first` to `last`, of which `batches` has the matching rows. */
export interface LogPage {
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

/** Records looked through at a step while nothing matches. */
const maxStepBytes = 1024 * 1024
/** Bytes of a record beside its text. */
const columnBytes = 48

export function* readGroup(request: GroupRequest): Generator<LogPage> {
  const file = openBlockFile(request.disk, request.path)
  try {
    yield* readPages(request, file)
  } finally {
    file.close()
  }
}

function* readPages(request: GroupRequest, file: BlockFile): Generator<LogPage> {
  const { group, warn, range, newestFirst, matcher } = request
  const low = Math.max(range.after + 1, group.first)
  const high = Math.min(range.before - 1, group.last)
  const words = soughtWords(matcher.plan)
  const blocks = group.blocks.filter(
    (block) =>
      overlaps(block, low, high) &&
      matcher.mayMatch(extentOf(block.header)) &&
      (words.length === 0 || file.open(block).mayContain(words)),
  )
  const ids = blocks.reduce((sum, { header }) => sum + header.count, 0)
  const bytes = blocks.reduce((sum, { header }) => sum + header.rawBytes, 0)
  const bytesEach = columnBytes + (ids > 0 ? bytes / ids : 0)
  const open = new Map<BlockAt, BlockRows>()
  /** In place of what is damaged: one record each, given with the page that its id is in. */
  const gaps: RecordBatch[] = lostFrom(group, file).map(damageGap)

  function rowsOf(block: BlockAt, first: number, last: number): RecordBatch[] {
    try {
      let rows = open.get(block)
      if (!rows) open.set(block, (rows = openBlockRows(file.open(block), matcher)))
      return rows.take(first, last)
    } catch (error) {
      if (!(error instanceof Damaged)) throw error
      const { source, count, firstId, lastId, timeTo } = block.header
      warn(`${request.path}: a damaged block of ${count} records of ${source} is left out`)
      blocks.splice(blocks.indexOf(block), 1)
      // Nothing stands above this page any more when the newest come first.
      const id = newestFirst && lastId > last ? Math.max(firstId, low) : Math.min(lastId, high)
      gaps.push(damageGap({ id, first: firstId, last: lastId, lines: count, source, time: timeTo, file: file.name }))
      return []
    }
  }

  function rowsIn(first: number, last: number): RecordBatch[] {
    const rows = blocks.filter((block) => overlaps(block, first, last)).flatMap((block) => rowsOf(block, first, last))
    const here = gaps.filter(({ id }) => id[0]! >= first && id[0]! <= last).map(matcher.filter)
    return [...rows, ...here.filter((batch) => batch !== undefined)]
  }

  /** The page grows until it has what was asked for, so few matches make few pages. */
  for (let start = newestFirst ? high : low, end = start; low <= high; start = end) {
    const wanted = request.pageBytes()
    const rowsFor = (bytes: number): number => Math.max(1, Math.ceil(bytes / bytesEach))
    let step = blocks.length + gaps.length > 0 ? rowsFor(wanted) : Infinity
    let batches: RecordBatch[] = []
    let taken = 0
    do {
      const from = newestFirst ? Math.max(low, end - step + 1) : end
      const to = newestFirst ? end : Math.min(high, end + step - 1)
      const more = rowsIn(from, to)
      taken += more.reduce((sum, batch) => sum + batch.count, 0)
      // Steps grow while matches are rare.
      if (more.length === 0) step = Math.min(step * 2, Math.max(step, rowsFor(maxStepBytes)))
      batches = newestFirst ? [...more, ...batches] : [...batches, ...more]
      for (const block of open.keys())
        if (newestFirst ? block.header.firstId >= from : block.header.lastId <= to) open.delete(block)
      end = newestFirst ? from - 1 : to + 1
    } while (taken * bytesEach < wanted && end >= low && end <= high)
    yield newestFirst ? { first: end + 1, last: start, batches } : { first: start, last: end - 1, batches }
    if (end < low || end > high) return
  }
}

function overlaps({ header }: BlockAt, first: number, last: number): boolean {
  return header.firstId <= last && header.lastId >= first
}
