// Bodies of many records → batches: JSON a line, JSON whole, or plain text a line. Nothing is lost: a line that is no JSON
// object becomes a record with the line as its message.
import { isUtf8 } from 'node:buffer'
import type { RecordBatch } from '../batch.ts'
import { LogboomError } from '../errors.ts'
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
import { repairLines, type RepairedLines } from './repair-lines.ts'

export type BodyForm = 'ndjson' | 'json' | 'text'

export interface BodyOptions extends Omit<RowsOptions, 'newlines'> {
  form: BodyForm
  session: string
}

export interface BodyRecords {
  /** One for each source; ids and sequence are still 0. */
  batches: RecordBatch[]
  records: number
  /** Records made of lines that are no JSON objects; of plain text none are. */
  malformed: number
}

export interface BodyReader {
  /**
   * Throws `request-invalid` for a body of form `json` that is not JSON, and only then.
   */
  read(body: Uint8Array, options: BodyOptions): BodyRecords
}

const newline = 10
const carriageReturn = 13
const byteOrderMark = [0xef, 0xbb, 0xbf]

export function openBodyReader(): BodyReader {
  const reader = openRecordReader()

  function readBody(whole: Uint8Array, options: BodyOptions): BodyRecords {
    const body = byteOrderMark.every((byte, i) => whole[i] === byte) ? whole.subarray(3) : whole
    const repaired = isUtf8(body) ? undefined : repairLines(body)
    if (repaired && options.form === 'json') throw new LogboomError('request-invalid', 'The body is not UTF-8.')
    const rows = openRecordRows(repaired?.bytes ?? body, { ...options, newlines: options.form === 'json' })
    reader.begin(rows)
    let malformed = 0
    if (options.form === 'json') malformed = readValues(rows)
    else malformed = readLines(rows, options.form, repaired)
    return { batches: batchesOf(rows, options.session), records: rows.count, malformed }
  }

  /** Gives how many lines were no objects. */
  function readLines(rows: RecordRows, form: BodyForm, repaired: RepairedLines | undefined): number {
    const { bytes, length } = rows
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, length)
    let at = 0
    let malformed = 0
    while (at < length) {
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
      }
      at = end + 1
    }
    return malformed
  }

  /** A list of values, or values one after the other. Gives how many were no objects. */
  function readValues(rows: RecordRows): number {
    const { bytes, length } = rows
    let malformed = 0
    let at = spaceEnd(rows, 0)
    const isList = bytes[at] === 0x5b
    if (isList) at = spaceEnd(rows, at + 1)
    if (isList && bytes[at] === 0x5d) return endList(rows, at, malformed)
    while (at < length || isList) {
      let end = reader.read(at)
      if (end < 0) {
        end = valueEnd(rows, at)
        if (end < 0) throw notJson(at)
        if (!readPlainRecord(rows, at, end)) {
          addText(rows, at, end)
          malformed++
        }
      }
      at = spaceEnd(rows, end)
      if (!isList) continue
      if (bytes[at] === 0x5d) return endList(rows, at, malformed)
      if (bytes[at] !== 0x2c) throw notJson(at)
      at = spaceEnd(rows, at + 1)
    }
    return malformed
  }

  return { read: readBody }
}

function endList(rows: RecordRows, at: number, malformed: number): number {
  if (spaceEnd(rows, at + 1) < rows.length) throw notJson(at + 1)
  return malformed
}

function notJson(at: number): LogboomError {
  return new LogboomError('request-invalid', `The body is not JSON, or too deep, at byte ${at + 1}.`, {
    hint: 'Send a list of objects, or one object a line with content-type application/x-ndjson.',
  })
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
