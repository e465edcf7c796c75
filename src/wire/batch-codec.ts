// A batch as bytes: what the tail of the store holds, and what passes between threads. Decoding copies nothing but
// builds views, so a batch costs the receiver next to nothing until somebody looks at it.
import type { Origin, RecordBatch } from '../contracts/batch.ts'
import { numberWithExponent } from '../json/compare-numbers.ts'
import { formatJson } from '../json/format-json.ts'
import { copyRanges } from '../system/copy-ranges.ts'
import { frameBytes, frameHeaderBytes, sealFrame } from './frame.ts'
import { jsonExtras } from '../json/json-extras.ts'

type Column = Float64Array | Uint32Array | Uint8Array
type ColumnName = 'id' | 'seq' | 'time' | 'observed' | 'start' | 'end' | 'extra' | 'stream' | 'kind' | 'severity'

/** Widest first, so that every array starts where its type may. */
const columnTypes: [ColumnName, typeof Float64Array | typeof Uint32Array | typeof Uint8Array][] = [
  ['id', Float64Array],
  ['seq', Float64Array],
  ['time', Float64Array],
  ['observed', Float64Array],
  ['start', Uint32Array],
  ['end', Uint32Array],
  ['extra', Uint32Array],
  ['stream', Uint8Array],
  ['kind', Uint8Array],
  ['severity', Uint8Array],
]

/** The JSON in front of the columns. `columns`: a number when all values are alike, 'run' for n, n+1, n+2 …, 'array' else. */
export interface BatchHeader<Rest = unknown> extends Origin {
  count: number
  textBytes: number
  extraBytes: number
  /** See `ExtrasJson`. */
  exponents?: true
  columns: Record<ColumnName, number | { from: number } | 'array'>
  /** Anything that the writer commits together with the batch. */
  rest?: Rest
}

const encoder = new TextEncoder()
const align = (offset: number) => (offset + 7) & ~7

/**
 * A batch → one frame (see frame.ts), in an ArrayBuffer of its own unless `allocate` gives the memory.
 * Text that no message refers to is left out; extras that the batch has as JSON are copied as they are.
 */
export function encodeBatch(
  batch: RecordBatch,
  rest?: unknown,
  allocate: (length: number) => Uint8Array = (length) => new Uint8Array(length),
): Uint8Array {
  const { count } = batch
  const text = placeText(batch)
  const extra = placeExtras(batch)
  const values: Record<ColumnName, Column> = {
    id: batch.id,
    seq: batch.seq,
    time: batch.time,
    observed: batch.observed,
    start: text.start,
    end: text.end,
    extra: extra.end,
    stream: batch.stream,
    kind: batch.kind,
    severity: batch.severity,
  }
  const columns = {} as BatchHeader['columns']
  let columnBytes = 0
  for (const [name, type] of columnTypes) {
    const form = describe(values[name], count)
    columns[name] = form
    if (form === 'array') columnBytes = align(columnBytes) + count * type.BYTES_PER_ELEMENT
  }
  const header: BatchHeader = {
    source: batch.source,
    run: batch.run,
    session: batch.session,
    pid: batch.pid,
    count,
    textBytes: text.length,
    extraBytes: extra.length,
    columns,
    ...(extra.exponents ? { exponents: true } : {}),
    ...(rest === undefined ? {} : { rest }),
  }
  const headerJson = encoder.encode(JSON.stringify(header))
  const columnsAt = align(4 + headerJson.length)
  const textAt = columnsAt + columnBytes
  const payloadBytes = textAt + text.length + extra.length
  const frame = allocate(frameBytes(payloadBytes)).fill(0)
  const payload = frame.subarray(frameHeaderBytes)
  new DataView(payload.buffer, payload.byteOffset).setUint32(0, headerJson.length, true)
  payload.set(headerJson, 4)
  let at = columnsAt
  for (const [name] of columnTypes) {
    if (columns[name] !== 'array') continue
    const column = values[name]
    at = align(at)
    payload.set(new Uint8Array(column.buffer, column.byteOffset, count * column.BYTES_PER_ELEMENT), at)
    at += count * column.BYTES_PER_ELEMENT
  }
  text.write(payload, textAt)
  extra.write(payload, textAt + text.length)
  sealFrame(frame, payloadBytes)
  return frame
}

/** Only the header of a frame's payload. */
function decodeBatchHeader<Rest = unknown>(payload: Uint8Array): BatchHeader<Rest> {
  const length = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true)
  return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset + 4, length).toString('utf8'))
}

/** The header of a payload that may be anything; undefined where it is no batch. */
export function tryBatchHeader<Rest = unknown>(payload: Uint8Array): BatchHeader<Rest> | undefined {
  try {
    const header = decodeBatchHeader<Rest>(payload)
    return fits(header, payload) ? header : undefined
  } catch {
    return undefined
  }
}

/** More records than any batch has, and too many to make room for. */
const tooMany = 1 << 27

function fits(
  { source, session, run, count, columns, textBytes, extraBytes }: BatchHeader,
  payload: Uint8Array,
): boolean {
  const sizes = [run, count, textBytes, extraBytes]
  if (typeof source !== 'string' || typeof session !== 'string') return false
  if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 0) || count > tooMany) return false
  let at = align(4 + new DataView(payload.buffer, payload.byteOffset).getUint32(0, true))
  for (const [name, type] of columnTypes) {
    const form = columns[name]
    if (form === 'array') at = align(at) + count * type.BYTES_PER_ELEMENT
    else if (typeof form !== 'number' && typeof form.from !== 'number') return false
  }
  return at + textBytes + extraBytes <= payload.length
}

/** A frame's payload → the batch, as views on the same bytes where they are aligned to 8. */
export function decodeBatch(payload: Uint8Array): RecordBatch {
  if (payload.byteOffset % 8 !== 0) payload = new Uint8Array(payload)
  const header = decodeBatchHeader(payload)
  const { count } = header
  const headerBytes = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true)
  let at = align(4 + headerBytes)
  const values = {} as Record<ColumnName, Column>
  for (const [name, type] of columnTypes) {
    const form = header.columns[name]
    if (form === 'array') {
      at = align(at)
      values[name] = new type(payload.buffer as ArrayBuffer, payload.byteOffset + at, count)
      at += count * type.BYTES_PER_ELEMENT
    } else {
      const column = new type(count)
      if (typeof form === 'number') column.fill(form)
      else for (let i = 0; i < count; i++) column[i] = form.from + i
      values[name] = column
    }
  }
  const text = payload.subarray(at, at + header.textBytes)
  const extraAt = at + header.textBytes
  const extraEnd = values.extra as Uint32Array
  const extraStart = new Uint32Array(header.count)
  extraStart.set(extraEnd.subarray(0, -1), 1)
  return {
    source: header.source,
    run: header.run,
    session: header.session,
    pid: header.pid,
    count,
    text,
    id: values.id as Float64Array,
    seq: values.seq as Float64Array,
    time: values.time as Float64Array,
    observed: values.observed as Float64Array,
    start: values.start as Uint32Array,
    end: values.end as Uint32Array,
    stream: values.stream as Uint8Array,
    kind: values.kind as Uint8Array,
    severity: values.severity as Uint8Array,
    extras:
      header.extraBytes === 0
        ? () => undefined
        : jsonExtras({
            bytes: payload.subarray(extraAt, extraAt + header.extraBytes),
            start: extraStart,
            end: extraEnd,
            exponents: header.exponents,
          }),
  }
}

function describe(column: Column, count: number): number | { from: number } | 'array' {
  if (count === 0) return 0
  const first = column[0]!
  if (count === 1) return first
  const step = column[1]! - first
  if (step !== 0 && step !== 1) return 'array'
  for (let i = 2; i < count; i++) if (column[i]! - column[i - 1]! !== step) return 'array'
  return step === 0 ? first : { from: first }
}

/** Texts as they will lie in a frame: text `i` is `[start[i], end[i])` of `length` bytes. */
interface Placed {
  start: Uint32Array
  end: Uint32Array
  length: number
  write(target: Uint8Array, at: number): void
}

/** As it is, or only what messages refer to when a good part of it is not referred to. */
function placeText({ count, text, start, end }: RecordBatch): Placed {
  const used = sumLengths(start, end, count)
  if (text.length - used <= count * 2 + 64)
    return { start, end, length: text.length, write: (target, at) => target.set(text, at) }
  return placeRanges(text, start, end, count, used)
}

/** JSON end to end: copied where the batch has it so. */
function placeExtras(batch: RecordBatch): Placed & { exponents: boolean } {
  const { count, extras } = batch
  if (extras.json) {
    const { bytes, start, end, exponents = false } = extras.json
    return { ...placeRanges(bytes, start, end, count, sumLengths(start, end, count)), exponents }
  }
  const ends = new Uint32Array(count)
  let length = 0
  let json = ''
  for (let i = 0; i < count; i++) {
    const value = extras(i)
    if (value) {
      const part = formatJson(value)
      json += part
      length += Buffer.byteLength(part)
    }
    ends[i] = length
  }
  return {
    start: ends,
    end: ends,
    length,
    exponents: numberWithExponent.test(json),
    write: (target, at) => void encoder.encodeInto(json, target.subarray(at, at + length)),
  }
}

/** Texts one behind the other; `used` bytes in all. */
function placeRanges(bytes: Uint8Array, start: Uint32Array, end: Uint32Array, count: number, used: number): Placed {
  const starts = new Uint32Array(count)
  const ends = new Uint32Array(count)
  let dense = true
  let length = 0
  for (let i = 0; i < count; i++) {
    dense &&= start[i]! - start[0]! === length
    starts[i] = length
    ends[i] = length += end[i]! - start[i]!
  }
  return {
    start: starts,
    end: ends,
    length: used,
    write(target, at) {
      if (dense) return target.set(bytes.subarray(start[0] ?? 0, (start[0] ?? 0) + used), at)
      copyRanges(bytes, start, end, count, target, at)
    },
  }
}

function sumLengths(start: Uint32Array, end: Uint32Array, count: number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += end[i]! - start[i]!
  return sum
}
