// What a group of blocks should have and has not: ids are given out without a gap, so blocks whose headers are damaged
// leave a hole of known size.
import type { LostRecords } from './damage-gap.ts'
import type { BlockGroup } from './day-file.ts'
import { isDamage, type BlockFile } from './read-block.ts'

const known = new WeakMap<BlockGroup, LostRecords[]>()

/** One entry per stretch of ids that no block has. */
export function lostFrom(group: BlockGroup, file: BlockFile): LostRecords[] {
  const { first, last, blocks } = group
  const there = blocks.reduce((sum, { header }) => sum + header.count, 0)
  if (there >= last - first + 1) return []
  const before = known.get(group)
  if (before) return before
  const seen = new Uint8Array(last - first + 1)
  for (const block of blocks) {
    try {
      for (const id of file.open(block).ids()) seen[id - first] = 1
    } catch (error) {
      if (!isDamage(error)) throw error
      // Which ids it has is lost, too; reading it tells of it.
      seen.fill(1, block.header.firstId - first, block.header.lastId - first + 1)
    }
  }
  const time = Math.max(...blocks.map(({ header }) => header.timeTo))
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
