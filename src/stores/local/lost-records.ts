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
  for (const block of blocks) {
    try {
      for (const id of file.open(block).ids()) seen[id - first] = 1
    } catch (error) {
      if (!(error instanceof Damaged)) throw error
      // Which ids it has is lost, too; reading it tells of it.
      seen.fill(1, block.header.firstId - first, block.header.lastId - first + 1)
    }
  }
  const time = Math.max(...blocks.map(({ header }) => header.timeTo))
  if (removed > 0) {
    // Which of the ids were removed and which are lost, nobody knows; only how many.
    const from = first + Math.max(0, seen.indexOf(0))
    const to = seen.includes(0) ? first + seen.lastIndexOf(0) : last
    const one = [{ id: to, first: from, last: to, lines, time, file: file.name }]
    known.set(group, one)
    return one
  }
  const lost: LostRecords[] = []
  for (let at = seen.indexOf(0); at >= 0; at = seen.indexOf(0, at)) {
    let end = seen.indexOf(1, at)
    if (end < 0) end = seen.length
    lost.push({ id: first + end - 1, first: first + at, last: first + end - 1, lines: end - at, time, file: file.name })
    at = end
  }
  known.set(group, lost)
  return lost
}
