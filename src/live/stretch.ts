// What a follower is given at a time: some records as one encoded frame. Made once and sent to all who ask the same.
import { messageAt } from '../contracts/batch.ts'
import type { RecordPlace } from '../query/read/records-of.ts'
import { kinds, type LogRecord } from '../contracts/record.ts'
import type { FollowFrame } from '../wire/follow-frame.ts'
import { recordJson } from '../wire/record-json.ts'

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

/** What decides whether a record is left out, and the whole of it as JSON. */
export interface Row extends Pick<LogRecord, 'id' | 'observed' | 'source' | 'kind' | 'severity' | 'message'> {
  json: string
}

/** Large enough that the cost of a frame does not count, small enough that no frame holds up the event loop. */
const stretchCharacters = 256 * 1024
const stretchRecords = 1000

/**
 * Cuts records (ids ascending) into stretches; the last one carries `cursor`, the others their own last id. `rows` is
 * asked before each stretch.
 */
export function* stretchesOf(places: Iterable<RecordPlace>, cursor: number, rows: () => boolean): Generator<Stretch> {
  let part = emptyPart(rows())
  for (const { batch, row } of places) {
    if (part.characters >= stretchCharacters || part.texts.length >= stretchRecords) {
      yield stretchOf(part, part.lastId)
      part = emptyPart(rows())
    }
    const json = recordJson(batch, row)
    const id = batch.id[row]!
    if (part.texts.length === 0) part.firstId = id
    part.lastId = id
    part.characters += json.length
    part.texts.push(json)
    part.rows?.push({
      id,
      observed: batch.observed[row]!,
      source: batch.source,
      kind: kinds[batch.kind[row]!]!,
      severity: batch.severity[row]!,
      message: messageAt(batch, row),
      json,
    })
  }
  if (part.texts.length > 0) yield stretchOf(part, cursor)
}

/** The frame of some rows. */
export function recordsFrame(rows: readonly Row[], cursor: number): Buffer {
  return frameOf(
    rows.map((row) => row.json),
    cursor,
  )
}

/** Any other frame. */
export function frameBytes(frame: Exclude<FollowFrame, { type: 'records' }>): Buffer {
  return Buffer.from(JSON.stringify(frame))
}

interface Part {
  texts: string[]
  characters: number
  firstId: number
  lastId: number
  rows?: Row[]
}

function emptyPart(rows: boolean): Part {
  return { texts: [], characters: 0, firstId: 0, lastId: 0, ...(rows ? { rows: [] } : {}) }
}

function stretchOf({ texts, firstId, rows }: Part, cursor: number): Stretch {
  return { bytes: frameOf(texts, cursor), count: texts.length, cursor, firstId, ...(rows ? { rows } : {}) }
}

function frameOf(texts: readonly string[], cursor: number): Buffer {
  return Buffer.from(`{"type":"records","records":[${texts.join(',')}],"cursor":${cursor}}`)
}
