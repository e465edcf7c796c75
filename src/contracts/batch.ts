// Many records of one source and run on their way: one stretch of text and one array per column.
// Records as objects are made from it one at a time, where somebody looks at them.
import { kinds, streams, type LogRecord } from './record.ts'

/** The parts that few records have. */
export interface RecordExtras {
  logger?: string
  fields?: Record<string, unknown>
  traceId?: string
  spanId?: string
}

/** The extras of each record. Absent where a record has none. */
export interface ExtrasColumn {
  (index: number): RecordExtras | undefined
  /**
   * Extras as JSON, where they are kept so: extras `i` are `bytes[start[i], end[i])`, as JSON.stringify writes them, save that
   * numbers have the digits that came and keys may repeat. Lets a search look before parsing.
   */
  json?: ExtrasJson
}

export interface ExtrasJson {
  bytes: Uint8Array
  start: Uint32Array
  end: Uint32Array
  /** Numbers may have exponents, so that their digits tell nothing: 4.2e1 is 42. */
  exponents?: boolean | undefined
}

/** Properties that all records of a batch share. */
export interface Origin {
  source: string
  run: number
  /** Id of the capturing session. */
  session: string
  /** Process id of the run, 0 where there is none. */
  pid: number
}

export interface RecordBatch extends Origin {
  count: number
  /**
   * UTF-8; message `i` is `text[start[i], end[i])`. Messages need not be in order nor fill the text. On its way to the
   * store it is valid only until the commit and what follows it are done, and so is the JSON of the extras.
   */
  text: Uint8Array
  start: Uint32Array
  end: Uint32Array
  /** 0 until the store commits the batch. */
  id: Float64Array
  seq: Float64Array
  /** Unix milliseconds. */
  time: Float64Array
  /** Unix milliseconds. */
  observed: Float64Array
  /** Index into `streams`. */
  stream: Uint8Array
  /** Index into `kinds`. */
  kind: Uint8Array
  severity: Uint8Array
  extras: ExtrasColumn
}

/** A batch without records, for what needs the shape alone. */
export const emptyBatch: RecordBatch = {
  source: '',
  run: 0,
  session: '',
  pid: 0,
  count: 0,
  text: new Uint8Array(0),
  start: new Uint32Array(0),
  end: new Uint32Array(0),
  id: new Float64Array(0),
  seq: new Float64Array(0),
  time: new Float64Array(0),
  observed: new Float64Array(0),
  stream: new Uint8Array(0),
  kind: new Uint8Array(0),
  severity: new Uint8Array(0),
  extras: () => undefined,
}

/** The message's text. */
export function messageAt(batch: RecordBatch, index: number): string {
  const { buffer, byteOffset } = batch.text
  const start = batch.start[index]!
  return Buffer.from(buffer, byteOffset + start, batch.end[index]! - start).toString('utf8')
}

/** The record at `index` as an object. */
export function recordAt(batch: RecordBatch, index: number): LogRecord {
  return {
    id: batch.id[index]!,
    time: batch.time[index]!,
    observed: batch.observed[index]!,
    source: batch.source,
    run: batch.run,
    seq: batch.seq[index]!,
    stream: streams[batch.stream[index]!]!,
    kind: kinds[batch.kind[index]!]!,
    severity: batch.severity[index]!,
    message: messageAt(batch, index),
    ...batch.extras(index),
    session: batch.session,
  }
}
