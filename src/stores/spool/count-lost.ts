// Records of a file that goes unsent, counted by run: those that tell of records lost before them stand for these, too.
import type { RecordBatch } from '../../contracts/batch.ts'
import type { Disk } from '../../system/disk.ts'
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
  const { source, run, session, pid, count } = batch
  const claims = claimsOf(batch).filter((claim) => claim.run === run)
  // Whoever stands in the place of a line that is missing, or has no sequence, is none itself.
  const standIns = claims.filter(({ seq, fromSeq, toSeq }) => seq === 0 || (seq >= fromSeq && seq <= toSeq)).length
  const lines = claims.reduce((sum, claim) => sum + claim.lines, count - standIns)
  const seqs = Array.from(batch.seq).filter((seq) => seq > 0)
  const fromSeq = [...claims.map((claim) => claim.fromSeq), ...seqs.slice(0, 1)].reduce((a, b) => Math.min(a, b))
  const toSeq = [...claims.map((claim) => claim.toSeq), ...seqs.slice(-1)].reduce((a, b) => Math.max(a, b))
  const known = lost.find((each) => each.source === source && each.run === run)
  if (!known) lost.push({ source, run, session, pid, lines, fromSeq, toSeq })
  else {
    known.lines += lines
    known.fromSeq = Math.min(known.fromSeq, fromSeq)
    known.toSeq = Math.max(known.toSeq, toSeq)
  }
  return count
}
