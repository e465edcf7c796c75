// Records of a file that goes unsent, counted by run: those that tell of records lost before them stand for these, too.
import type { RecordBatch } from '../../contracts/batch.ts'
import type { Disk } from '../../system/disk.ts'
import { spoolCause } from '../../text/gaps.ts'
import { decodeBatch, tryBatchHeader } from '../../wire/batch-codec.ts'
import { walkFrames } from '../local/frames/walk-frames.ts'
import { claimsOf } from '../local/sequence-claims.ts'
import type { LostOfRun } from './shape-lost.ts'

/** Adds to `lost`, and gives how many records there were. */
export function countLost(disk: Disk, path: string, lost: LostOfRun[]): number {
  let records = 0
  walkFrames(disk, path, 0, ({ payload }) => {
    const header = tryBatchHeader(payload)
    if (header && header.count > 0) records += add(decodeBatch(payload), lost)
    return header !== undefined
  })
  return records
}

function add(batch: RecordBatch, lost: LostOfRun[]): number {
  const { source, run, session, pid, count, seq } = batch
  const earlier = claimsOf(batch).filter(({ cause }) => cause === spoolCause)
  const lines = earlier.reduce((sum, claim) => sum + claim.lines, count - earlier.length)
  const fromSeq = Math.min(seq[0]!, ...earlier.map((claim) => claim.fromSeq))
  const toSeq = seq[count - 1]!
  const known = lost.find((each) => each.source === source && each.run === run)
  if (!known) lost.push({ source, run, session, pid, lines, fromSeq, toSeq })
  else {
    known.lines += lines
    known.fromSeq = Math.min(known.fromSeq, fromSeq)
    known.toSeq = Math.max(known.toSeq, toSeq)
  }
  return count
}
