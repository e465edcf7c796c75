// A group of blocks without what is damaged in it: what cannot be read any more is told of by gap records, which from now on
// are records like others.
import { basename } from 'node:path'
import type { RecordBatch } from '../../../contracts/batch.ts'
import type { Disk } from '../../../system/disk.ts'
import { frameBytes } from '../../../wire/frame.ts'
import type { SealGroup } from '../block/block-header.ts'
import { provenBlock } from './prove-block.ts'
import { Damaged } from '../block/sections.ts'
import { damageGap } from '../day/damage-gap.ts'
import type { BlockAt, BlockGroup } from '../day/day-file.ts'
import { lostFrom } from '../day/lost-records.ts'
import type { Range } from '../ranges.ts'
import type { BlockFile } from '../day/read-block.ts'
import { readFrom } from '../frames/read-file.ts'
import { reheadBlock } from '../day/rehead-block.ts'
import type { Damage } from '../frames/scan-frames.ts'

export interface MendContext {
  disk: Disk
  path: string
  file: BlockFile
  /** Keeps bytes that are left out. */
  keep(damage: Damage): void
  /** Tells what was done. */
  say(what: string): void
}

/** The fate of a block. */
type Fate = 'copied' | 'encoded anew' | 'told of'

export function* mendGroup(context: MendContext, { first, last, blocks }: BlockGroup): Generator<Uint8Array> {
  const { file, say } = context
  const fates = blocks.map((block) => ({ block, fate: fateOf(file, block) }))
  const lost = lostFrom({ first, last, blocks }, file)
  const parts = blocks.length + (lost.length > 0 ? 1 : 0)
  const records = fates.reduce(
    (sum, { block, fate }) => sum + (fate === 'told of' ? 1 : block.header.count),
    lost.length,
  )
  const gone = last - first + 1 - records
  const groupOf = (part: number): SealGroup => ({
    first,
    last,
    part,
    ...(part === parts - 1 ? { parts } : {}),
    // With those that a gap record speaks of.
    ...(gone > 0 ? { removed: gone } : {}),
  })
  for (const [part, { block, fate }] of fates.entries()) yield mendBlock(context, block, fate, groupOf(part))
  if (lost.length === 0) return
  say(`${lost.reduce((sum, { lines }) => sum + lines, 0)} records of records ${first} to ${last} are lost`)
  yield provenBlock(lost.map(damageGap), groupOf(parts - 1))
}

function fateOf(file: BlockFile, block: BlockAt): Fate {
  if (file.isWhole(block)) return 'copied'
  try {
    file.open(block).batches()
    return 'encoded anew'
  } catch (error) {
    if (!(error instanceof Damaged)) throw error
    return 'told of'
  }
}

function mendBlock(
  { disk, path, file, keep, say }: MendContext,
  block: BlockAt,
  fate: Fate,
  group: SealGroup,
): Uint8Array {
  const { offset, payloadBytes, header } = block
  const bytes = frameBytes(payloadBytes)
  if (fate === 'copied') return reheadBlock(readFrame(disk, path, offset, bytes), (own) => ({ ...own, group }))
  keep({ offset, bytes })
  if (fate === 'encoded anew') {
    say(`${header.count} records of ${header.source} could be read from a damaged block`)
    return provenBlock(file.open(block).batches(), group)
  }
  say(`${header.count} records of ${header.source} are lost`)
  return provenBlock([tellOf(block, basename(path))], group)
}

/** Takes the place of the last of them, and says which sequences they had. */
function tellOf({ header }: BlockAt, file: string): RecordBatch {
  const { source, count, firstId, lastId, timeTo, origins } = header
  const lost = { id: lastId, first: firstId, last: lastId, lines: count, source, time: timeTo, file }
  const { run, session, pid, lastSeq } = origins.at(-1)!
  const batch = damageGap(lost)
  const runs = origins.map((each) => ({
    run: each.run,
    fromSeq: each.firstSeq,
    toSeq: each.lastSeq,
    lines: each.count,
  }))
  const { fields } = batch.extras(0)!
  return { ...batch, run, session, pid, seq: Float64Array.of(lastSeq), extras: () => ({ fields: { ...fields, runs } }) }
}

/** For ids that no file has. */
export function lostGroup([first, last]: Range, time: number, file: string): Uint8Array {
  const lines = last - first + 1
  const gap = damageGap({ id: last, first, last, lines, time, file })
  return provenBlock([gap], { first, last, part: 0, parts: 1, ...(lines > 1 ? { removed: lines - 1 } : {}) })
}

function readFrame(disk: Disk, path: string, offset: number, bytes: number): Uint8Array {
  const fd = disk.open(path, 'r')
  try {
    return readFrom(disk, fd, offset, bytes)
  } finally {
    disk.close(fd)
  }
}
