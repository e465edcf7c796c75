// Sequences that a block has, by run.
import type { BlockAt } from '../day/day-file.ts'
import { rangesOf } from '../ranges.ts'
import type { BlockFile } from '../day/read-block.ts'
import type { RunRemoval } from '../removals.ts'

/** Reads no more than the header where that says it all. Throws Damaged. */
export function blockSequences(file: BlockFile, block: BlockAt): RunRemoval[] {
  const { source, origins } = block.header
  let all: Float64Array | undefined
  let row = 0
  return origins.map(({ run, count, firstSeq, lastSeq }) => {
    const from = row
    row += count
    if (lastSeq - firstSeq + 1 === count) return { source, run, seqs: [[firstSeq, lastSeq]] }
    all ??= file.open(block).seqs()
    return { source, run, seqs: rangesOf(all.slice(from, row).sort()) }
  })
}
