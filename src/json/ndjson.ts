// Bodies of many records → batches: JSON a line, JSON whole, or plain text a line. Nothing is lost: a line that is no JSON
// object becomes a record with the line as its message.
import { isUtf8 } from 'node:buffer'
import type { RecordBatch } from '../contracts/batch.ts'
import type { BodyCuts, BodyForm } from './body-cuts.ts'
import { openRecordReader } from './json-record.ts'
import { spaceEnd, valueEnd } from './json-scan.ts'
import { readPlainRecord } from './plain-record.ts'
import {
  addRow,
  batchesOf,
  longestRecordBytes,
  openRecordRows,
  writeJson,
  type RecordRows,
  type RowsOptions,
} from './record-rows.ts'
import { fragmentEnd } from '../text/fragment-end.ts'
import { repairLines, type RepairedLines } from './repair-lines.ts'

export interface BodyOptions extends Omit<RowsOptions, 'newlines'> {
  form: BodyForm
  session: string
  /** Read at once at most, but for one record that is larger. */
  mostBytes: number
  mostRecords: number
}

/** How far a body has been read. */
export interface BodyPlace {
  at: number
  /** Parts that were read of a line too long for one record. */
  fragment: number
}

export interface BodyRecords {
  /** A batch for each source; ids and sequence are still 0. */
  batches: RecordBatch[]
  records: number
  /** Records made of lines that are no JSON objects; of plain text none are. */
  malformed: number
  /** Place to go on from. */
  place: BodyPlace
}

export interface BodyReader {
  /** The next records of a body that was looked through: see BodyCuts. */
  read(body: Uint8Array, cuts: BodyCuts, place: BodyPlace, options: BodyOptions): BodyRecords
}

const newline = 10
const carriageReturn = 13
const comma = 0x2c
/** A record as large as that, read the plain way, may take a quarter of a second, if all of it is keys: the last of its part. */
const slowBytes = 128 * 1024

export function openBodyReader(): BodyReader {
  const reader = openRecordReader()

  function readPart(body: Uint8Array, cuts: BodyCuts, place: BodyPlace, options: BodyOptions): BodyRecords {
    const { form } = options
    const to = cuts.cut(place.at, options.mostBytes)
    const isLong =
      form !== 'json' && (place.fragment > 0 || to - place.at > Math.max(options.mostBytes, longestRecordBytes))
    if (isLong) return readFragment(body, place, options)
    const text = body.subarray(place.at, to)
    const repaired = isUtf8(text) ? undefined : repairLines(text)
    const rows = openRecordRows(repaired?.bytes ?? text, { ...options, newlines: form === 'json' })
    reader.begin(rows)
    const { at, malformed } =
      form === 'json' ? readValues(rows, options.mostRecords) : readLines(rows, form, repaired, options.mostRecords)
    // Messages beyond were not read.
    rows.length = at
    const length = repaired ? repaired.originalOffset(at) : at
    return finish(rows, options, malformed, { at: place.at + length, fragment: 0 })
  }

  /** Gives where it stopped, and how many lines were no objects. */
  function readLines(
    rows: RecordRows,
    form: BodyForm,
    repaired: RepairedLines | undefined,
    mostRecords: number,
  ): { at: number; malformed: number } {
    const { bytes, length } = rows
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, length)
    let at = 0
    let malformed = 0
    while (at < length && rows.count < mostRecords) {
      const more = repaired?.fieldsOf(at)
      if (form === 'ndjson' && !more) {
        const end = reader.read(at)
        if (end >= 0) {
          at = end + 1
          continue
        }
      }
      const found = buffer.indexOf(newline, at)
      const end = found < 0 ? length : found
      let to = end > at && bytes[end - 1] === carriageReturn ? end - 1 : end
      if (form === 'text') addText(rows, at, to, more)
      else {
        const from = spaceEnd(rows, at)
        while (to > from && bytes[to - 1]! <= 0x20) to--
        if (from < to && !readPlainRecord(rows, from, to, more)) {
          addText(rows, from, to, more)
          malformed++
        }
        if (to - from > slowBytes) mostRecords = 0
      }
      at = end + 1
    }
    return { at: Math.min(at, length), malformed }
  }

  /** Values with white space or commas between them. Gives the same. */
  function readValues(rows: RecordRows, mostRecords: number): { at: number; malformed: number } {
    const { length } = rows
    let at = 0
    let malformed = 0
    while (at < length && rows.count < mostRecords) {
      let end = reader.read(at)
      if (end < 0) {
        end = valueEnd(rows, at)
        if (!readPlainRecord(rows, at, end)) {
          addText(rows, at, end)
          malformed++
        }
        if (end - at > slowBytes) mostRecords = 0
      }
      at = spaceEnd(rows, end)
      if (rows.bytes[at] === comma && at < length) at = spaceEnd(rows, at + 1)
    }
    return { at, malformed }
  }

  return { read: readPart }
}

/** A part of a line that is too long for one record, as of lines that processes print. */
function readFragment(body: Uint8Array, place: BodyPlace, options: BodyOptions): BodyRecords {
  const { at } = place
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.length)
  const found = buffer.indexOf(newline, at)
  const lineEnd = found < 0 ? body.length : found
  const isLast = lineEnd - at <= longestRecordBytes
  const to = isLast ? lineEnd : at + fragmentEnd(buffer.subarray(at), longestRecordBytes)
  const fragment = place.fragment + 1
  const text = body.subarray(at, isLast && lineEnd > at && body[lineEnd - 1] === carriageReturn ? lineEnd - 1 : to)
  const repaired = isUtf8(text) ? undefined : repairLines(text)
  const rows = openRecordRows(repaired?.bytes ?? text, { ...options, newlines: false })
  const part = { 'logboom.fragment': fragment, ...(isLast ? { 'logboom.lastFragment': true } : {}) }
  addText(rows, 0, rows.length, { ...repaired?.fieldsOf(0), ...part })
  const next = isLast ? { at: Math.min(lineEnd + 1, body.length), fragment: 0 } : { at: to, fragment }
  return finish(rows, options, fragment === 1 && options.form === 'ndjson' ? 1 : 0, next)
}

function finish(rows: RecordRows, { session }: BodyOptions, malformed: number, place: BodyPlace): BodyRecords {
  return { batches: batchesOf(rows, session), records: rows.count, malformed, place }
}

/** A row with this text as its message; several when it is too long for one, as of lines that processes print. */
function addText(rows: RecordRows, from: number, to: number, more?: Record<string, unknown>): void {
  for (let fragment = to - from > longestRecordBytes ? 1 : 0; ; fragment++) {
    const isLast = to - from <= longestRecordBytes
    let end = isLast ? to : from + longestRecordBytes
    if (!isLast) while ((rows.bytes[end]! & 0xc0) === 0x80) end--
    const jsonStart = rows.jsonAt
    const part =
      fragment > 0 ? { 'logboom.fragment': fragment, ...(isLast ? { 'logboom.lastFragment': true } : {}) } : {}
    const fields = { ...more, ...part }
    if (Object.keys(fields).length > 0) writeJson(rows, JSON.stringify({ fields }))
    addRow(rows, from, end, rows.observed, 0, false, 0, jsonStart)
    if (isLast) return
    from = end
  }
}
