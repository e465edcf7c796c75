// Several small groups of blocks become one, with blocks as large as they may be. Which groups are worth it is a pure
// question of sizes; blocks are decoded and encoded one at a time.
import type { RecordBatch } from '../../../contracts/batch.ts'
import { apartByTime } from './apart-by-time.ts'
import type { SealGroup } from '../block/block-header.ts'
import { provenBlock } from '../check/prove-block.ts'
import { maxBlockRecords } from '../block/encode-block.ts'
import type { BlockAt, BlockGroup, Day } from '../day/day-file.ts'
import { isComplete, removedFrom } from '../day/lost-records.ts'
import type { BlockFile } from '../day/read-block.ts'
import { reheadBlock } from '../day/rehead-block.ts'
import { frameBytes } from '../../../wire/frame.ts'
import { maxBlockBytes } from './seal.ts'
import { sliceBatch } from '../day/slice-batch.ts'

/** Text of a merged group: searches hold the columns of a whole group. */
const maxGroupBytes = 32 * 1024 * 1024
/** Of a record beside its text. */
const columnBytes = 48
/** As long as a day goes on, so many groups are merged at once … */
const leastGroups = 16
/** … and none that has more than this share of them all: so what is merged grows fourfold each time. */
const largestShare = 1 / 4
/** Groups that are not merged are copied: so many bytes of them for each byte that is merged … */
const copyRatio = 2
/** … and so many for each group less. */
const copyBytesPerGroup = 256 * 1024

/**
 * Chains of groups with ids before `before` that shall each become one. What a day's file costs to write anew is at most a small
 * multiple of what is merged, and each record is merged at most once per fourfold growth of its group, and once more when its day
 * is over.
 */
export function planMerges(day: Day, { isOver, before }: { isOver: boolean; before: number }): BlockGroup[][] {
  const chains: BlockGroup[][] = []
  let open: BlockGroup[] = []
  let bytes = 0
  for (const group of day.groups) {
    const fits = bytes + sizeOf(group) <= maxGroupBytes && open.at(-1)?.last === group.first - 1
    if (open.length === 0 || !fits || !isComplete(group)) {
      open = []
      bytes = 0
      chains.push(open)
    }
    if (!isComplete(group) || group.first >= before) continue
    open.push(group)
    bytes += sizeOf(group)
  }
  const worthy = chains.map((chain) => (isOver ? chain : tierOf(chain))).filter(({ length }) => length > 1)
  const merged = worthy.flat()
  const copied = day.groups.filter((group) => !merged.includes(group))
  const price = copyRatio * sumOf(merged, fileBytesOf) + copyBytesPerGroup * (merged.length - worthy.length)
  return sumOf(copied, fileBytesOf) <= price ? worthy : []
}

/** The longest end of a chain whose groups are many and alike. */
function tierOf(chain: BlockGroup[]): BlockGroup[] {
  for (let at = 0; chain.length - at >= leastGroups; at++) {
    const tier = chain.slice(at)
    if (Math.max(...tier.map(sizeOf)) <= sumOf(tier, sizeOf) * largestShare) return tier
  }
  return []
}

const sizeOf = ({ blocks }: BlockGroup): number =>
  sumOf(blocks, ({ header }) => header.rawBytes + header.count * columnBytes)

const fileBytesOf = ({ blocks }: BlockGroup): number => sumOf(blocks, ({ payloadBytes }) => frameBytes(payloadBytes))

/** The blocks of one group with all records of these. Throws Damaged. `spent` is told what each has left behind. */
export function* mergeGroups(
  file: BlockFile,
  groups: readonly BlockGroup[],
  spent: (bytes: number) => void,
): Generator<Uint8Array> {
  const removed = sumOf(groups, removedFrom)
  const group: SealGroup = {
    first: groups[0]!.first,
    last: groups.at(-1)!.last,
    part: 0,
    ...(removed > 0 ? { removed } : {}),
  }
  // A block is held back, because only the last says that it is.
  let held: Uint8Array | undefined
  for (const batches of regroup(file, groups)) {
    if (held) yield held
    held = provenBlock(batches, group)
    group.part++
    spent(held.length + batches.reduce((sum, batch) => sum + batch.text.length, 0) * garbagePerByte)
  }
  if (held) yield reheadBlock(held, (header) => ({ ...header, group: { ...header.group, parts: group.part } }))
}

/** Buffers left behind for each byte of text. */
const garbagePerByte = 3

/** Batches of one source and one kind of time each, as many together as a block may have. */
function* regroup(file: BlockFile, groups: readonly BlockGroup[]): Generator<RecordBatch[]> {
  const bySource = Map.groupBy(
    groups.flatMap(({ blocks }) => blocks),
    ({ header }) => header.source,
  )
  for (const blocks of bySource.values()) {
    const near = openPile()
    const far = openPile()
    for (const block of blocks) {
      const parts = apartByTime(file.open(block).batches())
      const bytes = bytesPerRecord(block)
      for (const batch of parts.near) yield* near.add(batch, bytes)
      for (const batch of parts.far) yield* far.add(batch, bytes)
    }
    yield* near.rest()
    yield* far.rest()
  }
}

const bytesPerRecord = ({ header }: BlockAt): number => columnBytes + header.rawBytes / header.count

interface Pile {
  /** Gives what is full. */
  add(batch: RecordBatch, bytesEach: number): Generator<RecordBatch[]>
  rest(): Generator<RecordBatch[]>
}

function openPile(): Pile {
  let batches: RecordBatch[] = []
  let count = 0
  let bytes = 0
  function* rest(): Generator<RecordBatch[]> {
    if (count > 0) yield batches
    batches = []
    count = bytes = 0
  }
  return {
    *add(batch, bytesEach) {
      for (let from = 0; from < batch.count;) {
        const room = Math.min(maxBlockRecords - count, Math.max(1, Math.floor((maxBlockBytes - bytes) / bytesEach)))
        const to = Math.min(batch.count, from + room)
        batches.push(sliceBatch(batch, from, to))
        count += to - from
        bytes += (to - from) * bytesEach
        from = to
        if (count >= maxBlockRecords || bytes + bytesEach > maxBlockBytes) yield* rest()
      }
    },
    rest,
  }
}

function sumOf<Item>(items: readonly Item[], amount: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + amount(item), 0)
}
