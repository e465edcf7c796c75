// Records under construction: one stretch of memory with the text they are read from and, behind it, their extras as JSON; a
// row for each in columns that grow; and at the end one batch for each source.
import type { RecordBatch } from '../contracts/batch.ts'
import { kinds, severities, streams } from '../contracts/record.ts'
import { behindAnsi } from '../text/ansi.ts'
import { viewOf } from '../system/view-of.ts'
import { jsonExtras } from './json-extras.ts'
import type { Scan } from './json-scan.ts'
import { knownText, startsAt, type KnownText } from './known-text.ts'

/** The scanned text is the front of `bytes`. */
export interface RecordRows extends Scan {
  count: number
  /** Message `i` is `[start[i], end[i])`. */
  start: Uint32Array
  end: Uint32Array
  time: Float64Array
  kind: Uint8Array
  severity: Uint8Array
  /** Index into `sources`. */
  source: Uint16Array
  /** Extras `i` are `[jsonStart[i], jsonEnd[i])`; empty where there are none. */
  jsonStart: Uint32Array
  jsonEnd: Uint32Array
  sources: string[]
  /** Number of the source that a record names so; negative when it may not. Absent where none may name theirs. */
  sourceNumber: ((name: string) => number) | undefined
  /** Unix milliseconds; also the time of records that have none. */
  observed: number
  /** Place of the next extras. */
  jsonAt: number
}

export interface RowsOptions {
  /** See `Scan`. */
  newlines: boolean
  /** Of records that do not name theirs. */
  source: string
  /** Whether a record may name its source so; absent when none may. */
  mayName?: ((name: string) => boolean) | undefined
  observed: number
  /** Gives memory, which may hold anything. */
  allocate(bytes: number): Uint8Array
}

/** Rows tell their source in 16 bits. */
const mostSources = 65_535
/** Longer ones are no records but data: they stay text. */
export const longestRecordBytes: number = 1024 * 1024

const system = kinds.indexOf('system')
const audit = kinds.indexOf('audit')
const auditMark = knownText('[AUDIT]')
const cameraMark = knownText('📸')

/** Zeros behind the text, so that nothing that is looked at runs on into the JSON. */
const gapBytes = 16
const slackBytes = 1024

export function openRecordRows(text: Uint8Array, options: RowsOptions): RecordRows {
  const { length } = text
  const capacity = 16 + (length >> 7)
  const bytes = options.allocate(length + gapBytes + length + (length >> 2) + slackBytes)
  bytes.set(text)
  bytes.fill(0, length, length + gapBytes)
  const rows: RecordRows = {
    bytes,
    view: viewOf(bytes),
    length,
    newlines: options.newlines,
    escaped: false,
    odd: false,
    exponents: false,
    count: 0,
    start: new Uint32Array(capacity),
    end: new Uint32Array(capacity),
    time: new Float64Array(capacity),
    kind: new Uint8Array(capacity),
    severity: new Uint8Array(capacity),
    source: new Uint16Array(capacity),
    jsonStart: new Uint32Array(capacity),
    jsonEnd: new Uint32Array(capacity),
    sources: [options.source],
    sourceNumber: undefined,
    observed: options.observed,
    jsonAt: length + gapBytes,
  }
  if (options.mayName) rows.sourceNumber = numberSources(rows.sources, options.mayName)
  return rows
}

function numberSources(sources: string[], mayName: (name: string) => boolean): (name: string) => number {
  const numbers = new Map<string, number>([[sources[0]!, 0]])
  return (name) => {
    let number = numbers.get(name)
    if (number === undefined) {
      number = sources.length < mostSources && mayName(name) ? sources.push(name) - 1 : -1
      numbers.set(name, number)
    }
    return number
  }
}

/** A row for the message `[from, to)` and the extras that were written since `jsonStart`. */
export function addRow(
  rows: RecordRows,
  from: number,
  to: number,
  time: number,
  severity: number,
  isAudit: boolean,
  source: number,
  jsonStart: number,
): void {
  reserveRow(rows)
  const row = rows.count++
  rows.start[row] = from
  rows.end[row] = to
  rows.time[row] = time
  rows.source[row] = source
  rows.jsonStart[row] = jsonStart
  rows.jsonEnd[row] = rows.jsonAt
  // As the parse stage has it for lines that processes print.
  for (let end = behindAnsi(rows.bytes, from, to); end > from; end = behindAnsi(rows.bytes, from, to)) from = end
  const first = to > from ? rows.bytes[from] : 0
  const isMarked = first === 0x5b && beginsWith(auditMark, rows, from, to)
  rows.kind[row] = isAudit || isMarked ? audit : system
  const isCamera = first === 0xf0 && beginsWith(cameraMark, rows, from, to)
  rows.severity[row] = isCamera ? Math.max(severity, severities.INFO) : severity
}

function beginsWith(mark: KnownText, rows: RecordRows, from: number, to: number): boolean {
  return to - from >= mark.length && startsAt(mark, rows, from)
}

/** Puts into the text, at `at`, what is shorter than what stands there. Gives its end. */
export function writeText({ bytes }: RecordRows, text: string, at: number): number {
  return at + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).write(text, at)
}

/** Makes room for one more row. */
function reserveRow(rows: RecordRows): void {
  if (rows.count < rows.start.length) return
  const larger = <T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(column: T): T => {
    const grown = new (column.constructor as new (length: number) => T)(column.length * 2)
    grown.set(column)
    return grown
  }
  rows.start = larger(rows.start)
  rows.end = larger(rows.end)
  rows.time = larger(rows.time)
  rows.kind = larger(rows.kind)
  rows.severity = larger(rows.severity)
  rows.source = larger(rows.source)
  rows.jsonStart = larger(rows.jsonStart)
  rows.jsonEnd = larger(rows.jsonEnd)
}

/** Makes room for so many more bytes of extras. `rows.bytes` may be another array then. */
export function reserveJson(rows: RecordRows, length: number): void {
  if (rows.jsonAt + length <= rows.bytes.length) return
  const bytes = new Uint8Array(rows.bytes.length + Math.max(rows.length, length) + slackBytes)
  bytes.set(rows.bytes)
  rows.bytes = bytes
  rows.view = viewOf(bytes)
}

/** The extras of the next row, as a string. */
export function writeJson(rows: RecordRows, json: string): void {
  const bytes = Buffer.from(json)
  reserveJson(rows, bytes.length)
  rows.bytes.set(bytes, rows.jsonAt)
  rows.jsonAt += bytes.length
}

/** A batch for each source, its rows in their order; ids and sequence are still 0. */
export function batchesOf(rows: RecordRows, session: string): RecordBatch[] {
  if (rows.count === 0) return []
  if (rows.sources.length === 1) return [batchOf(rows, session, rows.sources[0]!, undefined)]
  const counts = new Uint32Array(rows.sources.length)
  for (let i = 0; i < rows.count; i++) counts[rows.source[i]!]!++
  const indexes = Array.from(counts, (count) => new Uint32Array(count))
  counts.fill(0)
  for (let i = 0; i < rows.count; i++) {
    const source = rows.source[i]!
    indexes[source]![counts[source]!++] = i
  }
  return rows.sources.map((source, i) => batchOf(rows, session, source, indexes[i])).filter(({ count }) => count > 0)
}

function batchOf(rows: RecordRows, session: string, source: string, indexes: Uint32Array | undefined): RecordBatch {
  const count = indexes?.length ?? rows.count
  const pick = <T extends Float64Array | Uint32Array | Uint8Array>(column: T): T => {
    if (!indexes) return column.subarray(0, count) as T
    const picked = new (column.constructor as new (length: number) => T)(count)
    for (let i = 0; i < count; i++) picked[i] = column[indexes[i]!]!
    return picked
  }
  return {
    source,
    run: 1,
    session,
    pid: 0,
    count,
    text: rows.bytes.subarray(0, rows.length),
    start: pick(rows.start),
    end: pick(rows.end),
    id: new Float64Array(count),
    seq: new Float64Array(count),
    time: pick(rows.time),
    observed: new Float64Array(count).fill(rows.observed),
    stream: new Uint8Array(count).fill(streams.indexOf('log')),
    kind: pick(rows.kind),
    severity: pick(rows.severity),
    extras: jsonExtras({
      bytes: rows.bytes,
      start: pick(rows.jsonStart),
      end: pick(rows.jsonEnd),
      exponents: rows.exponents,
    }),
  }
}
