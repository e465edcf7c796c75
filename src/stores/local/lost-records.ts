// What a group of blocks should have and has not: ids are given out without a gap, so blocks whose headers are damaged
// leave a hole of known size.
import { Damaged } from './block/sections.ts'
import type { LostRecords } from './damage-gap.ts'
import type { BlockGroup } from './day-file.ts'
import type { BlockFile } from './read-block.ts'

const known = new WeakMap<BlockGroup, LostRecords[]>()

/** So many of its records were removed on purpose. */
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

/** One entry per stretch of ids that no block has. */
export function lostFrom(group: BlockGroup, file: BlockFile): LostRecords[] {
  const { first, last, blocks } = group
  const there = blocks.reduce((sum, { header }) => sum + header.count, 0)
  const removed = removedFrom(group)
  const lines = last - first + 1 - there - removed
  if (lines <= 0) return []
  const before = known.get(group)
  if (before) return before
  const seen = new Uint8Array(last - first + 1)
  let isSure = removed === 0
  for (const block of blocks) {
    try {
      for (const id of file.open(block).ids()) seen[id - first] = 1
    } catch (error) {
      if (!(error instanceof Damaged)) throw error
      // Which ids it has is lost, but for these two; reading it tells of it under one of them.
      seen[block.header.firstId - first] = seen[block.header.lastId - first] = 1
      isSure = false
    }
  }
  const time = Math.max(...blocks.map(({ header }) => header.timeTo))
  const lost: LostRecords[] = []
  const add = (from: number, to: number, count: number): void =>
    void lost.push({ id: first + to, first: first + from, last: first + to, lines: count, time, file: file.name })
  // Where it is not known which of the ids were removed or cannot be read, only how many are lost is.
  if (!isSure) add(seen.indexOf(0), seen.lastIndexOf(0), lines)
  else
    for (let at = seen.indexOf(0); at >= 0;) {
      const next = seen.indexOf(1, at)
      const end = next < 0 ? seen.length : next
      add(at, end - 1, end - at)
      at = seen.indexOf(0, end)
    }
  known.set(group, lost)
  return lost
}
