// A block: up to 64 Ki records of one source as compressed columns, with a header that says what cannot be in it.
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Origin, RecordBatch } from '../../batch.ts'
import type { Extent } from '../../query/plan.ts'
import { kinds, streams } from '../../record.ts'
import { frameBytes, frameHeaderBytes, sealFrame } from '../../wire/frame.ts'
import { jsonExtras } from '../../wire/json-extras.ts'

export const maxBlockRecords = 65_536

/** The blocks of one sealed stretch of the log; only together do they count. */
export interface SealGroup {
  first: number
  last: number
  part: number
  parts: number
}

interface Section {
  bytes: number
  rawBytes: number
}

interface DeltaSection extends Section {
  first: number
  /** 'int32': differences; 'float64': the values themselves. */
  form: 'int32' | 'float64'
}

export interface BlockHeader {
  group: SealGroup
  source: string
  count: number
  /** Stretches of rows that share an origin, in row order. */
  origins: (Omit<Origin, 'source'> & { count: number })[]
  firstId: number
  lastId: number
  timeFrom: number
  timeTo: number
  severities: number[]
  streams: number[]
  kinds: number[]
  id: DeltaSection
  seq: DeltaSection
  time: DeltaSection
  observed: DeltaSection
  stream: Section
  kind: Section
  severity: Section
  lengths: Section
  text: Section
  extraLengths: Section
  extra: Section
}

const encoder = new TextEncoder()

/** Batches of one source, ids ascending, at most `maxBlockRecords` records → one frame. */
export function encodeBlock(batches: readonly RecordBatch[], group: SealGroup): Uint8Array {
  const count = batches.reduce((sum, batch) => sum + batch.count, 0)
  const column = <T extends Float64Array | Uint8Array>(array: T, pick: (batch: RecordBatch) => T): T => {
    let at = 0
    for (const batch of batches) {
      array.set(pick(batch), at)
      at += batch.count
    }
    return array
  }
  const id = column(new Float64Array(count), (batch) => batch.id)
  const time = column(new Float64Array(count), (batch) => batch.time)
  const stream = column(new Uint8Array(count), (batch) => batch.stream)
  const kind = column(new Uint8Array(count), (batch) => batch.kind)
  const severity = column(new Uint8Array(count), (batch) => batch.severity)
  const { text, lengths, extra, extraLengths } = gatherText(batches, count)
  const parts: Uint8Array[] = []
  const section = (raw: Uint8Array): Section => {
    const packed = raw.length === 0 ? raw : zstdCompressSync(raw)
    parts.push(packed)
    return { bytes: packed.length, rawBytes: raw.length }
  }
  const deltas = (values: Float64Array): DeltaSection => {
    const packed = toDeltas(values)
    return { ...section(bytesOf(packed.values)), first: values[0] ?? 0, form: packed.form }
  }
  const header: BlockHeader = {
    group,
    source: batches[0]!.source,
    count,
    origins: originsOf(batches),
    firstId: id[0]!,
    lastId: id[count - 1]!,
    timeFrom: time.reduce((a, b) => Math.min(a, b), Infinity),
    timeTo: time.reduce((a, b) => Math.max(a, b), -Infinity),
    severities: distinct(severity),
    streams: distinct(stream),
    kinds: distinct(kind),
    id: deltas(id),
    seq: deltas(column(new Float64Array(count), (batch) => batch.seq)),
    time: deltas(time),
    observed: deltas(column(new Float64Array(count), (batch) => batch.observed)),
    stream: section(stream),
    kind: section(kind),
    severity: section(severity),
    lengths: section(bytesOf(lengths)),
    text: section(text),
    extraLengths: section(bytesOf(extraLengths)),
    extra: section(extra),
  }
  const json = encoder.encode(JSON.stringify(header))
  const payloadBytes = 4 + json.length + parts.reduce((sum, part) => sum + part.length, 0)
  const frame = new Uint8Array(frameBytes(payloadBytes))
  new DataView(frame.buffer).setUint32(frameHeaderBytes, json.length, true)
  frame.set(json, frameHeaderBytes + 4)
  let at = frameHeaderBytes + 4 + json.length
  for (const part of parts) {
    frame.set(part, at)
    at += part.length
  }
  sealFrame(frame, payloadBytes)
  return frame
}

export function decodeBlockHeader(payload: Uint8Array): BlockHeader {
  const length = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true)
  return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset + 4, length).toString('utf8'))
}

/** A block's payload → its records, one batch per origin. */
export function decodeBlock(payload: Uint8Array, header: BlockHeader = decodeBlockHeader(payload)): RecordBatch[] {
  let at = 4 + new DataView(payload.buffer, payload.byteOffset).getUint32(0, true)
  const section = ({ bytes, rawBytes }: Section): Uint8Array => {
    const packed = payload.subarray(at, at + bytes)
    at += bytes
    if (rawBytes === 0) return new Uint8Array(0)
    const raw = zstdDecompressSync(packed)
    return new Uint8Array(raw.buffer, raw.byteOffset, raw.length)
  }
  const deltas = (form: DeltaSection): Float64Array => fromDeltas(section(form), form, header.count)
  const id = deltas(header.id)
  const seq = deltas(header.seq)
  const time = deltas(header.time)
  const observed = deltas(header.observed)
  const stream = section(header.stream)
  const kind = section(header.kind)
  const severity = section(header.severity)
  const { start, end } = rangesOf(aligned(section(header.lengths), Uint32Array))
  const text = section(header.text)
  const extraRanges = rangesOf(aligned(section(header.extraLengths), Uint32Array))
  const extraBytes = section(header.extra)
  const extra = Buffer.from(extraBytes.buffer, extraBytes.byteOffset, extraBytes.length)
  let row = 0
  return header.origins.map(({ count, ...origin }) => {
    const from = row
    row += count
    const slice = <T extends Float64Array | Uint32Array | Uint8Array>(array: T): T => array.subarray(from, row) as T
    return {
      source: header.source,
      ...origin,
      count,
      text,
      start: slice(start),
      end: slice(end),
      id: slice(id),
      seq: slice(seq),
      time: slice(time),
      observed: slice(observed),
      stream: slice(stream),
      kind: slice(kind),
      severity: slice(severity),
      extras:
        header.extra.rawBytes === 0
          ? () => undefined
          : jsonExtras(extra, slice(extraRanges.start), slice(extraRanges.end)),
    }
  })
}

/** What a query can be held against without decompressing anything. */
export function extentOf(header: BlockHeader): Extent {
  const runs = header.origins.map((origin) => origin.run)
  return {
    sources: [header.source],
    sessions: header.origins.map((origin) => origin.session),
    runFrom: Math.min(...runs),
    runTo: Math.max(...runs),
    severityFrom: header.severities[0]!,
    severityTo: header.severities.at(-1)!,
    streams: header.streams.map((index) => streams[index]!),
    kinds: header.kinds.map((index) => kinds[index]!),
    timeFrom: header.timeFrom,
    timeTo: header.timeTo,
  }
}

function gatherText(batches: readonly RecordBatch[], count: number) {
  const lengths = new Uint32Array(count)
  const extraLengths = new Uint32Array(count)
  const extras: Uint8Array[] = []
  let textBytes = 0
  let row = 0
  for (const batch of batches) {
    for (let i = 0; i < batch.count; i++, row++) {
      lengths[row] = batch.end[i]! - batch.start[i]!
      textBytes += lengths[row]!
      const value = batch.extras(i)
      if (!value) continue
      const json = encoder.encode(JSON.stringify(value))
      extraLengths[row] = json.length
      extras.push(json)
    }
  }
  const text = new Uint8Array(textBytes)
  let at = 0
  for (const batch of batches) {
    for (let i = 0; i < batch.count; i++) {
      text.set(batch.text.subarray(batch.start[i]!, batch.end[i]!), at)
      at += batch.end[i]! - batch.start[i]!
    }
  }
  return { text, lengths, extra: Buffer.concat(extras), extraLengths }
}

function originsOf(batches: readonly RecordBatch[]): BlockHeader['origins'] {
  const origins: BlockHeader['origins'] = []
  for (const { run, session, pid, count } of batches) {
    const last = origins.at(-1)
    if (last && last.run === run && last.session === session && last.pid === pid) last.count += count
    else origins.push({ run, session, pid, count })
  }
  return origins
}

function toDeltas(values: Float64Array): { form: DeltaSection['form']; values: Int32Array | Float64Array } {
  const result = new Int32Array(values.length)
  for (let i = 1; i < values.length; i++) {
    const delta = values[i]! - values[i - 1]!
    if ((delta | 0) !== delta) return { form: 'float64', values }
    result[i] = delta
  }
  return { form: 'int32', values: result }
}

function fromDeltas(raw: Uint8Array, section: DeltaSection, count: number): Float64Array {
  if (section.form === 'float64') return aligned(raw, Float64Array)
  const deltas = aligned(raw, Int32Array)
  const values = new Float64Array(count)
  let value = section.first
  for (let i = 0; i < count; i++) values[i] = value += deltas[i]!
  return values
}

function rangesOf(lengths: Uint32Array): { start: Uint32Array; end: Uint32Array } {
  const start = new Uint32Array(lengths.length)
  const end = new Uint32Array(lengths.length)
  let at = 0
  for (let i = 0; i < lengths.length; i++) {
    start[i] = at
    end[i] = at += lengths[i]!
  }
  return { start, end }
}

const bytesOf = (array: Int32Array | Uint32Array | Float64Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

function aligned<T>(bytes: Uint8Array, type: { new (buffer: ArrayBuffer): T }): T {
  return new type(new Uint8Array(bytes).buffer)
}

function distinct(array: Uint8Array): number[] {
  return [...new Set(array)].sort((a, b) => a - b)
}
