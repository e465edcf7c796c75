// The blocks of a group for those who take each as a whole, in any order; in place of what is damaged there is a gap.
import type { RecordBatch } from '../../../contracts/batch.ts'
import { extentOf } from '../block/block-header.ts'
import { soughtWords, type Block } from '../block/open-block.ts'
import { Damaged } from '../block/sections.ts'
import { damageGap } from '../day/damage-gap.ts'
import type { BlockAt } from '../day/day-file.ts'
import { lostFrom } from '../day/lost-records.ts'
import { openBlockFile, type BlockFile } from '../day/read-block.ts'
import type { GroupRequest } from './read-group.ts'

export type GroupPart = Omit<GroupRequest, 'newestFirst' | 'pageBytes'>

export interface GroupVisitor {
  /** Blocks to look at. Asked for one at a time: matches so far may make others needless. Default: all, as they lie. */
  blocks?: Iterable<BlockAt>
  /** A block that may have matches in range. Takes nothing of one that turns out to be damaged. */
  read(at: BlockAt, block: Block, file: BlockFile): void
  /** Matching gaps. */
  add(batch: RecordBatch): void
}

/** Stops before each block, for its caller to let others in. Throws ENOENT before anything was read. */
export function* walkGroup(
  { disk, path, group, warn, range, matcher }: GroupPart,
  { blocks = group.blocks, read, add }: GroupVisitor,
): Generator<undefined> {
  const file = openBlockFile(disk, path)
  const words = soughtWords(matcher.plan)
  try {
    for (const lost of lostFrom(group, file)) addGap(damageGap(lost))
    for (const at of blocks) {
      const { source, count, firstId, lastId, timeTo } = at.header
      if (lastId <= range.after || firstId >= range.before || !matcher.mayMatch(extentOf(at.header))) continue
      yield
      const block = file.open(at)
      if (!block.mayContain(words)) continue
      try {
        read(at, block, file)
      } catch (error) {
        if (!(error instanceof Damaged)) throw error
        warn(`${path}: a damaged block of ${count} records of ${source} is left out`)
        const id = lastId < range.before ? lastId : firstId
        addGap(damageGap({ id, first: firstId, last: lastId, lines: count, source, time: timeTo, file: file.name }))
      }
    }
  } finally {
    file.close()
  }

  function addGap(gap: RecordBatch): void {
    const matching = matcher.filter(gap)
    if (matching) add(matching)
  }
}
