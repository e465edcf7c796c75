// Records as encoded bytes, the unit that followers are given. Made once and sent to all who ask the same in the same form.
import type { RecordPlace } from '../query/read/records-of.ts'
import type { Codec } from './codec.ts'
import { rowOf, type Row } from './row.ts'

export interface Chunk {
  /** As the codec makes them. */
  bytes: Buffer
  count: number
  /** Lines that it tells are missing. */
  missing?: { cause: string; lines: number }
  /** All matching records up to and including this id are in this chunk or an earlier one. */
  cursor: number
  firstId: number
  /** The records one by one, for followers that leave some out. */
  rows?: Row[]
}

/** Large enough that the cost of a frame does not count, small enough that no frame holds up the event loop. */
const chunkCharacters = 256 * 1024
const chunkRecords = 1000

/**
 * Cuts records (ids ascending) into chunks; the last one carries `cursor`, the others their own last id. `rows` is
 * asked before each chunk.
 */
export function* chunksOf(
  places: Iterable<RecordPlace>,
  cursor: number,
  codec: Codec,
  rows: () => boolean,
): Generator<Chunk> {
  let part = emptyPart(rows())
  for (const place of places) {
    if (part.characters >= chunkCharacters || part.texts.length >= chunkRecords) {
      yield chunkOf(part, part.lastId, codec)
      part = emptyPart(rows())
    }
    const { batch, row } = place
    const json = codec.record(batch, row)
    const id = batch.id[row]!
    if (part.texts.length === 0) part.firstId = id
    part.lastId = id
    part.characters += json.length
    part.texts.push(json)
    part.rows?.push(rowOf(place, json, codec.wantsLogger))
  }
  if (part.texts.length > 0) yield chunkOf(part, cursor, codec)
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

function chunkOf({ texts, firstId, rows }: Part, cursor: number, codec: Codec): Chunk {
  return { bytes: codec.records(texts, cursor), count: texts.length, cursor, firstId, ...(rows ? { rows } : {}) }
}
