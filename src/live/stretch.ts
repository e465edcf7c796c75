// What a follower is given at a time: some records as one encoded frame. Made once and sent to all who ask the same.
import type { LogRecord } from '../record.ts'
import type { FollowFrame } from '../wire/follow-frame.ts'

export interface Stretch {
  /** The frame `{ type: 'records', … }`. */
  bytes: Buffer
  count: number
  /** Everything that matches, up to and including this id, is in this stretch or an earlier one. */
  cursor: number
  firstId: number
  /** The same records one by one, for followers that leave some out. */
  rows?: Row[]
}

export interface Row {
  record: LogRecord
  json: string
}

/** Large enough that the cost of a frame does not count, small enough that no frame holds up the event loop. */
const stretchCharacters = 256 * 1024
const stretchRecords = 2000

/**
 * Cuts records (ids ascending) into stretches; the last one carries `cursor`, the others their own last id. `rows` is
 * asked for each stretch.
 */
export function* stretchesOf(records: Iterable<LogRecord>, cursor: number, rows: () => boolean): Generator<Stretch> {
  let part: Row[] = []
  let characters = 0
  for (const record of records) {
    if (characters >= stretchCharacters || part.length >= stretchRecords) {
      yield stretchOf(part, part.at(-1)!.record.id, rows())
      part = []
      characters = 0
    }
    const json = JSON.stringify(record)
    part.push({ record, json })
    characters += json.length
  }
  if (part.length > 0) yield stretchOf(part, cursor, rows())
}

/** The frame of some rows. */
export function recordsFrame(rows: readonly Row[], cursor: number): Buffer {
  return Buffer.from(`{"type":"records","records":[${rows.map((row) => row.json).join(',')}],"cursor":${cursor}}`)
}

/** Any other frame. */
export function frameBytes(frame: Exclude<FollowFrame, { type: 'records' }>): Buffer {
  return Buffer.from(JSON.stringify(frame))
}

function stretchOf(part: Row[], cursor: number, rows: boolean): Stretch {
  return {
    bytes: recordsFrame(part, cursor),
    count: part.length,
    cursor,
    firstId: part[0]!.record.id,
    ...(rows ? { rows: part } : {}),
  }
}
