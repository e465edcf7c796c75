// Records that a group of blocks should have and has not: ids are given out without a gap, so blocks whose headers are damaged
// leave a hole of known size.
import { Damaged } from '../block/sections.ts'
import type { LostRecords } from './damage-gap.ts'
import type { BlockGroup } from './day-file.ts'
import { countRanges, joinRanges, rangesOf, subtractRanges, type Range } from '../ranges.ts'
import type { BlockFile } from './read-block.ts'

const known = new WeakMap<BlockGroup, LostRecords[]>()

/** Number of its records that were removed on purpose. */
export function removedFrom({ blocks }: BlockGroup): number {
  return Math.max(0, ...blocks.map(({ header }) => header.group.removed ?? 0))
}

/** All that was sealed is there, but for what was removed on purpose. */
export function isComplete(group: BlockGroup): boolean {
  const { first, last, blocks, isOpen } = group
  const there = blocks.reduce((sum, { header }) => sum + header.count, 0)
  return (
    !isOpen && blocks.at(-1)!.header.group.parts === blocks.length && there + removedFrom(group) === last - first + 1
  )
}

/** Ranges of ids that no block has. */
export function lostFrom(group: BlockGroup, file: BlockFile): LostRecords[] {
  const { first, last, blocks } = group
  const there = blocks.reduce((sum, { header }) => sum + header.count, 0)
  const removed = removedFrom(group)
  const lines = last - first + 1 - there - removed
  if (lines <= 0) return []
  const before = known.get(group)
  if (before) return before
  const seen: Range[] = []
  let isSure = removed === 0
  for (const block of blocks) {
    try {
      seen.push(...rangesOf(file.open(block).ids()))
    } catch (error) {
      if (!(error instanceof Damaged)) throw error
      // The ids of the block are lost, but for these two; reading it tells of it under one of them.
      seen.push(...rangesOf([block.header.firstId, block.header.lastId]))
      isSure = false
    }
  }
  const time = Math.max(...blocks.map(({ header }) => header.timeTo))
  const unseen = subtractRanges([[first, last]], joinRanges(seen))
  const lostIn = ([from, to]: Range, count: number): LostRecords => ({
    id: to,
    first: from,
    last: to,
    lines: count,
    time,
    file: file.name,
  })
  // Only the number of lost ids is known here, not which were removed and which cannot be read.
  const all: Range[] = unseen.length > 0 ? [[unseen[0]![0], unseen.at(-1)![1]]] : []
  const lost = isSure
    ? unseen.map((range) => lostIn(range, countRanges([range])))
    : all.map((range) => lostIn(range, lines))
  known.set(group, lost)
  return lost
}
