// Removes what the rules say is too old or too much: first written down, then removed, so that at every moment it is known
// what became of each record.
import type { Disk } from '../../../system/disk.ts'
import type { RetentionReport } from '../../../contracts/retention.ts'
import { frameBytes } from '../../../wire/frame.ts'
import type { BlockHeader } from '../block/block-header.ts'
import { Damaged } from '../block/sections.ts'
import type { BlockAt, BlockGroup } from '../day/day-file.ts'
import { removedFrom } from '../day/lost-records.ts'
import type { RetainRequest } from './house-calls.ts'
import { planRetention, type DayRemoval } from './plan-retention.ts'
import { joinRanges, type Range } from '../ranges.ts'
import { blockSequences } from './block-sequences.ts'
import { openBlockFile, type BlockFile } from '../day/read-block.ts'
import { readFrom } from '../frames/read-file.ts'
import { reheadBlock } from '../day/rehead-block.ts'
import { noteRemoval, type Removal, type RunRemoval } from '../removals.ts'
import { rewriteDay, type Piece } from '../day/rewrite-day.ts'
import { claimsOf, gapKind, type SequenceClaim } from '../sequence-claims.ts'
import type { FrameAt } from '../frames/scan-frames.ts'
import { surveyStore, type Survey } from '../survey.ts'
import { diskError, readTailHeaders, type TailHeader } from '../tail/tail-file.ts'

export function retain(disk: Disk, { directory, rules, now, dryRun = false }: RetainRequest): RetentionReport {
  const survey = surveyStore(disk, directory)
  const hasShares = rules.sources.some(({ bytes }) => typeof bytes === 'number')
  const removals = planRetention(survey, rules, now, hasShares ? unsealedBytes(disk, survey) : undefined)
  if (removals.length > 0 && !dryRun) {
    noteRemoval(disk, directory, describe(disk, removals))
    for (const removal of removals) removeFromDay(disk, directory, removal)
  }
  return reportOf(removals)
}

/** By source, of all tails. */
function unsealedBytes(disk: Disk, { tails }: Survey): Map<string, number> {
  const sums = new Map<string, number>()
  for (const [index, { path }] of tails.entries()) {
    const add = ({ source, count }: TailHeader, { bytes }: FrameAt): void =>
      void (count > 0 && sums.set(source, (sums.get(source) ?? 0) + bytes))
    readTailHeaders(disk, path, add, { closed: index < tails.length - 1 })
  }
  return sums
}

function removeFromDay(disk: Disk, directory: string, removal: DayRemoval): void {
  const { day, isWhole } = removal
  if (!isWhole) return void rewriteDay(disk, directory, day.name, whatStays(disk, removal))
  try {
    disk.unlink(day.path)
    disk.syncDirectory(directory)
  } catch (cause) {
    throw diskError(cause)
  }
}

/** Groups that lose nothing are copied as they are, damage and all. */
function* whatStays(disk: Disk, { day, blocks }: DayRemoval): Generator<Piece> {
  const fd = disk.open(day.path, 'r')
  try {
    let at = 0
    for (const group of day.groups) {
      const gone = blocks.get(group)
      if (!gone) continue
      const start = group.blocks[0]!.offset
      const last = group.blocks.at(-1)!
      yield { copy: { offset: at, bytes: start - at } }
      at = endOf(last)
      if (gone.size < group.blocks.length) yield* groupWithout(disk, fd, group, gone)
    }
    yield { copy: { offset: at, bytes: day.bytes - at } }
  } finally {
    disk.close(fd)
  }
}

const endOf = ({ offset, payloadBytes }: BlockAt): number => offset + frameBytes(payloadBytes)

/** Blocks that stay say how many are gone, and damaged bytes between them stay where they are. */
function* groupWithout(disk: Disk, fd: number, group: BlockGroup, gone: ReadonlySet<BlockAt>): Generator<Piece> {
  const stay = group.blocks.filter((block) => !gone.has(block))
  const removed = removedFrom(group) + sumOf([...gone], ({ header }) => header.count)
  let at = group.blocks[0]!.offset
  for (const block of group.blocks) {
    yield { copy: { offset: at, bytes: block.offset - at } }
    at = endOf(block)
    const part = stay.indexOf(block)
    if (part < 0) continue
    const { first, last } = group
    const isLast = part === stay.length - 1
    const changed = { first, last, part, ...(isLast ? { parts: stay.length } : {}), removed }
    const frame = readFrom(disk, fd, block.offset, frameBytes(block.payloadBytes))
    yield { frame: reheadBlock(frame, (header): BlockHeader => ({ ...header, group: changed })) }
  }
}

/** For the file that says what was removed. */
function describe(disk: Disk, removals: readonly DayRemoval[]): Removal {
  const ids: Range[] = []
  const runs = new Map<string, RunRemoval>()
  const claims: SequenceClaim[] = []
  for (const { day, blocks } of removals) {
    const file = openBlockFile(disk, day.path)
    try {
      for (const [group, gone] of blocks) {
        if (gone.size === group.blocks.length) ids.push([group.first, group.last])
        for (const block of gone) {
          unlessDamaged(() => {
            for (const each of blockSequences(file, block)) {
              const key = JSON.stringify([each.source, each.run])
              const before = runs.get(key)
              runs.set(key, before ? { ...before, seqs: [...before.seqs, ...each.seqs] } : each)
            }
            claims.push(...claimsIn(file, block))
          })
        }
      }
    } finally {
      file.close()
    }
  }
  const days = removals.flatMap(({ day, isWhole }) => (isWhole ? [[day.name.day, day.name.generation] as const] : []))
  return {
    ids: joinRanges(ids),
    runs: [...runs.values()].map((each) => ({ ...each, seqs: joinRanges(each.seqs) })),
    claims,
    days: Object.fromEntries(days),
  }
}

function claimsIn(file: BlockFile, block: BlockAt): SequenceClaim[] {
  return block.header.kinds.includes(gapKind) ? file.open(block).batches().flatMap(claimsOf) : []
}

/** Records that cannot be read any more stay missing. */
function unlessDamaged(read: () => void): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof Damaged)) throw error
  }
}

function reportOf(removals: readonly DayRemoval[]): RetentionReport {
  const blocks = removals.flatMap(({ blocks: groups }) => [...groups.values()].flatMap((gone) => [...gone]))
  const bytesOf = (some: readonly BlockAt[]): number => sumOf(some, ({ payloadBytes }) => frameBytes(payloadBytes))
  const recordsOf = (some: readonly BlockAt[]): number => sumOf(some, ({ header }) => header.count)
  const sources = [...Map.groupBy(blocks, ({ header }) => header.source)]
    .map(([source, own]) => ({ source, records: recordsOf(own), bytes: bytesOf(own) }))
    .sort((a, b) => b.records - a.records)
  return { records: recordsOf(blocks), bytes: bytesOf(blocks), sources, days: removals.map(({ day }) => day.name.day) }
}

function sumOf<Item>(items: readonly Item[], amount: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + amount(item), 0)
}
