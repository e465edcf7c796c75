// Records as one encoded frame, the unit that followers are given. Made once and sent to all who ask the same.
import { messageAt } from '../contracts/batch.ts'
import type { RecordPlace } from '../query/read/records-of.ts'
import { kinds, type LogRecord } from '../contracts/record.ts'
import type { FollowFrame } from '../wire/follow-frame.ts'
import { recordJson } from '../wire/record-json.ts'

export interface Chunk {
  /** The frame `{ type: 'records', … }`. */
  bytes: Buffer
  count: number
  /** All matching records up to and including this id are in this chunk or an earlier one. */
  cursor: number
  firstId: number
  /** The records one by one, for followers that leave some out. */
  rows?: Row[]
}

/** The columns by which a record may be left out, and the whole record as JSON. */
export interface Row extends Pick<LogRecord, 'id' | 'observed' | 'source' | 'run' | 'kind' | 'severity' | 'message'> {
  json: string
}

/** Large enough that the cost of a frame does not count, small enough that no frame holds up the event loop. */
const chunkCharacters = 256 * 1024
const chunkRecords = 1000

/**
 * Cuts records (ids ascending) into chunks; the last one carries `cursor`, the others their own last id. `rows` is
 * asked before each chunk.
 */
export function* chunksOf(places: Iterable<RecordPlace>, cursor: number, rows: () => boolean): Generator<Chunk> {
  let part = emptyPart(rows())
  for (const place of places) {
    if (part.characters >= chunkCharacters || part.texts.length >= chunkRecords) {
      yield chunkOf(part, part.lastId)
      part = emptyPart(rows())
    }
    const { batch, row } = place
    const json = recordJson(batch, row)
    const id = batch.id[row]!
    if (part.texts.length === 0) part.firstId = id
    part.lastId = id
    part.characters += json.length
    part.texts.push(json)
    part.rows?.push(rowOf(place, json))
  }
  if (part.texts.length > 0) yield chunkOf(part, cursor)
}

export function rowOf({ batch, row }: RecordPlace, json: string): Row {
  return {
    id: batch.id[row]!,
    observed: batch.observed[row]!,
    source: batch.source,
    run: batch.run,
    kind: kinds[batch.kind[row]!]!,
    severity: batch.severity[row]!,
    message: messageAt(batch, row),
    json,
  }
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

function chunkOf({ texts, firstId, rows }: Part, cursor: number): Chunk {
  return { bytes: frameOf(texts, cursor), count: texts.length, cursor, firstId, ...(rows ? { rows } : {}) }
}

function frameOf(texts: readonly string[], cursor: number): Buffer {
  return Buffer.from(`{"type":"records","records":[${texts.join(',')}],"cursor":${cursor}}`)
}
