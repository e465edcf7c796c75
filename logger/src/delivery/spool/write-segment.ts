// A whole segment of one's own, in one go: what the application's thread does at exit in place of the worker.
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { countRecords, formatChunk, type Chunk } from '../chunk.ts'
import { formatNote, formatSegmentName, openEnding, sealedEnding, timeOfSegment } from './segment.ts'

/** The segment's name sorts behind all others, so that its notes are the last. */
export function writeSegment(directory: string, owner: string, chunks: readonly Chunk[]): void {
  const text = chunks
    .map(
      (chunk) =>
        formatChunk(chunk, process.pid) +
        formatNote({ records: countRecords(chunk) + chunk.dropped, position: chunk.position }),
    )
    .join('')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const newest = readdirSync(directory)
    .filter((name) => name.endsWith(sealedEnding) || name.endsWith(openEnding))
    .map(timeOfSegment)
  const time = Math.max(Date.now(), ...newest.map((other) => other + 1))
  const file = path.join(directory, formatSegmentName(time, 0, owner) + sealedEnding)
  writeFileSync(`${file}.tmp`, text, { mode: 0o600 })
  renameSync(`${file}.tmp`, file)
}
