// The formats of an export: NDJSON, which has everything; text for people; CSV for spreadsheets.
import { recordAt, type RecordBatch } from '../contracts/batch.ts'
import { formatJson } from '../json/format-json.ts'
import type { ExportFormat } from '../contracts/request.ts'
import type { NamedRecord, Services } from '../contracts/record.ts'
import { escapeTerminal, stripAnsi } from '../text/ansi.ts'
import { namedRecord, recordJson } from './record-json.ts'
import { formatFileTime } from '../time/clock.ts'
import { formatOwnFields, indentRest, kindPrefix } from './text-line.ts'

export interface FormatParts {
  mediaType: string
  /** Of file names. */
  extension: string
  /** Text before all records. */
  head: string
  /** With its line end. */
  format(batch: RecordBatch, row: number): string
}

export function exportFormat(
  format: ExportFormat,
  { services, utc = false }: { services: Services; utc?: boolean },
): FormatParts {
  const recordOf = (batch: RecordBatch, row: number): NamedRecord => namedRecord(recordAt(batch, row), services)
  switch (format) {
    case 'ndjson':
      return {
        mediaType: 'application/x-ndjson',
        extension: 'ndjson',
        head: '',
        format: (batch, row) => `${recordJson(batch, row, services)}\n`,
      }
    case 'text':
      return {
        mediaType: 'text/plain; charset=utf-8',
        extension: 'log',
        head: '',
        format: (batch, row) => formatText(recordOf(batch, row), utc),
      }
    case 'csv':
      return {
        mediaType: 'text/csv; charset=utf-8; header=present',
        extension: 'csv',
        head: `${columns.map(([name]) => name).join(',')}\r\n`,
        format: (batch, row) => formatRow(recordOf(batch, row)),
      }
  }
}

/** `2025-10-19 05:55:47.606 api [INFO] message key=value`; further lines of a message are indented. */
function formatText(record: NamedRecord, utc: boolean): string {
  const text = `${kindPrefix(record.kind)}${record.message}${formatOwnFields(record)}`
  const line = escapeTerminal(`${record.source} [${record.level}] ${text}`)
  return `${formatFileTime(record.time, utc)} ${indentRest(line, 4)}\n`
}

const columns: readonly [name: string, valueOf: (record: NamedRecord) => string][] = [
  ['id', ({ id }) => String(id)],
  ['time', ({ time }) => isoTime(time)],
  ['observed', ({ observed }) => isoTime(observed)],
  ['source', ({ source }) => source],
  ['run', ({ run }) => String(run)],
  ['seq', ({ seq }) => String(seq)],
  ['stream', ({ stream }) => stream],
  ['kind', ({ kind }) => kind],
  ['severity', ({ severity }) => String(severity)],
  ['level', ({ level }) => level],
  ['logger', ({ logger = '' }) => stripAnsi(logger)],
  ['message', ({ message }) => stripAnsi(message)],
  ['fields', ({ fields }) => (fields ? formatJson(fields) : '')],
  ['traceId', ({ traceId = '' }) => traceId],
  ['spanId', ({ spanId = '' }) => spanId],
  ['session', ({ session }) => session],
  ['service', ({ service }) => service],
]

function formatRow(record: NamedRecord): string {
  return `${columns.map(([, valueOf]) => csvCell(valueOf(record))).join(',')}\r\n`
}

function isoTime(time: number): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString()
}

/** RFC 4180. What a spreadsheet would calculate, as it would a line that some attacker had logged, begins with `'`. */
function csvCell(text: string): string {
  const inert = /^[=+@\t\r-]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
