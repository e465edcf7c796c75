// How much of a segment is sent, when it is too large to be posted whole. It is written down before each part is posted, so
// that the same bytes go again under the same name.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

export interface SentRange {
  /** Bytes of lines that are sent. */
  from: number
  /** Bytes of one part, but for a line that has more. */
  most: number
}

const ending = '.sent'

export function readSentRange(segmentPath: string): SentRange | undefined {
  try {
    return JSON.parse(readFileSync(segmentPath + ending, 'utf8')) as SentRange
  } catch {
    return undefined
  }
}

export function writeSentRange(segmentPath: string, range: SentRange): void {
  const file = segmentPath + ending
  writeFileSync(`${file}.tmp`, JSON.stringify(range))
  renameSync(`${file}.tmp`, file)
}

export function removeSentRange(segmentPath: string): void {
  rmSync(segmentPath + ending, { force: true })
}

/** The end of the next part: whole lines, at least one. */
export function endOfPart(lines: Uint8Array, { from, most }: SentRange): number {
  if (lines.length - from <= most) return lines.length
  const last = lines.lastIndexOf(10, from + most - 1)
  if (last >= from) return last + 1
  const next = lines.indexOf(10, from)
  return next < 0 ? lines.length : next + 1
}
