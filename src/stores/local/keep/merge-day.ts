// Merges the small groups of a day, where that is worth writing its file anew.
import type { Disk } from '../../../system/disk.ts'
import { frameBytes } from '../../../wire/frame.ts'
import type { BlockGroup } from '../day/day-file.ts'
import { mergeGroups, planMerges } from './merge-groups.ts'
import { openBlockFile, type BlockFile } from '../day/read-block.ts'
import { rewriteDay, type Piece } from '../day/rewrite-day.ts'
import type { DaySurvey } from '../survey.ts'

export interface MergeOptions {
  /** No more is added to the day. */
  isOver: boolean
  /** Only groups with ids before this one. */
  before: number
  /** Told what each block has left behind. */
  spent(bytes: number): void
}

/** Gives the number of bytes written, 0 when it was not worth it. */
export function mergeDay(disk: Disk, directory: string, day: DaySurvey, options: MergeOptions): number {
  const file = openBlockFile(disk, day.path)
  try {
    // Damage must be found where it was; reading it here would end the merging of what is not damaged.
    const merges = planMerges(day, options).filter((groups) => groups.every(({ blocks }) => blocks.every(file.isWhole)))
    if (merges.length === 0) return 0
    return rewriteDay(disk, directory, day.name, piecesOf(day, file, merges, options.spent))
  } finally {
    file.close()
  }
}

function* piecesOf(
  day: DaySurvey,
  file: BlockFile,
  merges: readonly BlockGroup[][],
  spent: (bytes: number) => void,
): Generator<Piece> {
  let at = 0
  for (const groups of merges) {
    const start = groups[0]!.blocks[0]!.offset
    const { offset, payloadBytes } = groups.at(-1)!.blocks.at(-1)!
    yield { copy: { offset: at, bytes: start - at } }
    for (const frame of mergeGroups(file, groups, spent)) yield { frame }
    at = offset + frameBytes(payloadBytes)
  }
  yield { copy: { offset: at, bytes: day.bytes - at } }
}
