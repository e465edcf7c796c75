// Makes the file that all peers take in, and knows what is in it.
import { closeSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { openGenerator } from './generate.ts'
import type { Subject } from './peer.ts'

/** All event times lie within this time before now: logs are stored about when they happen. */
const spanMs = 50 * 60_000
const mostPerSecond = 1000

export function prepareSubject(directory: string, count: number, seed: number): Subject {
  const recordsPerSecond = Math.max(mostPerSecond, (count * 1000) / spanMs)
  const from = Date.now() - Math.ceil((count * 1000) / recordsPerSecond)
  const generator = openGenerator({ count, seed, startTime: from, recordsPerSecond })
  const file = path.join(directory, 'raw.ndjson')
  const fd = openSync(file, 'wx')
  for (const piece of generator.pieces()) for (let at = 0; at < piece.length;) at += writeSync(fd, piece, at)
  closeSync(fd)
  const { needles, truth } = generator
  return { file, needles, truth, from, to: from + spanMs * 2 }
}
