// The stage that recognises structured lines without being told the format, line by line, by their first bytes.
import type { RecordBatch, RecordExtras } from '../batch.ts'
import { kinds, severities } from '../record.ts'
import type { StageType } from '../stage.ts'
import { parseJsonLine } from './parse-json-line.ts'
import type { ParsedLine } from './parsed-line.ts'
import { parseTextLine } from './parse-text-line.ts'
import { replaceMessages } from './replace-messages.ts'

/** Longer lines are no log entries but data: they stay text. */
const longestJsonBytes = 262_144
/** All that the text formats need to see of a line. */
const headBytes = 300

const system = kinds.indexOf('system')
const audit = kinds.indexOf('audit')
const auditMark = Buffer.from('[AUDIT]')
const cameraMark = Buffer.from('📸')

export interface ParseOptions {
  enabled: boolean
}

export const parse: StageType<ParseOptions> = {
  name: 'parse',
  options: (z) => z.strictObject({ enabled: z.boolean().default(true) }),
  open: ({ enabled }) => ({ apply: enabled ? parseBatch : (batch) => batch }),
}

/** Records that already have a severity were structured at their origin and are left alone. */
function parseBatch(batch: RecordBatch): RecordBatch {
  let messages: (string | undefined)[] | undefined
  let extras: (RecordExtras | undefined)[] | undefined
  const buffer = Buffer.from(batch.text.buffer, batch.text.byteOffset, batch.text.length)
  for (let row = 0; row < batch.count; row++) {
    if (batch.severity[row] !== 0 || batch.kind[row] !== system) continue
    const found = parseLine(buffer, batch, row)
    if (found) {
      if (found.message !== undefined) (messages ??= [])[row] = found.message
      const own = extrasFrom(found, batch.extras(row))
      if (own) (extras ??= [])[row] = own
      if (found.severity !== undefined) batch.severity[row] = found.severity
      if (found.time !== undefined) batch.time[row] = found.time
      if (found.skipBytes) batch.start[row]! += found.skipBytes
      if (found.audit || found.logger?.startsWith('audit.')) batch.kind[row] = audit
    }
    applyMarks(buffer, batch, row, found?.message)
  }
  if (extras) {
    const before = batch.extras
    batch = { ...batch, extras: (index) => extras[index] ?? before(index) }
  }
  return messages ? replaceMessages(batch, messages) : batch
}

function parseLine(buffer: Buffer, batch: RecordBatch, row: number): ParsedLine | undefined {
  const start = batch.start[row]!
  const end = batch.end[row]!
  const first = buffer[start]!
  if (end - start < 2) return undefined
  if (first === 0x7b) {
    return end - start <= longestJsonBytes && endsWithBrace(buffer, start, end)
      ? parseJsonLine(buffer.toString('utf8', start, end))
      : undefined
  }
  // A digit, an opening bracket or a capital letter followed by another one.
  const second = buffer[start + 1]!
  if ((first >= 48 && first <= 57) || first === 0x5b || (isCapital(first) && isCapital(second))) {
    const head = buffer.toString('latin1', start, Math.min(end, start + headBytes))
    return parseTextLine(head, batch.observed[row]!, batch.pid)
  }
  return undefined
}

/** `[AUDIT]` makes a record audit; 📸 makes it at least INFO, so that it is always visible. */
function applyMarks(buffer: Buffer, batch: RecordBatch, row: number, message: string | undefined): void {
  const start = batch.start[row]!
  const end = batch.end[row]!
  if (message === undefined ? startsWith(buffer, start, end, auditMark) : message.startsWith('[AUDIT]')) {
    batch.kind[row] = audit
  }
  if (message === undefined ? startsWith(buffer, start, end, cameraMark) : message.startsWith('📸')) {
    batch.severity[row] = Math.max(batch.severity[row]!, severities.INFO)
  }
}

function extrasFrom(found: ParsedLine, before: RecordExtras | undefined): RecordExtras | undefined {
  const { logger, traceId, spanId, fields } = found
  if (logger === undefined && fields === undefined && traceId === undefined && spanId === undefined) return undefined
  const extras: RecordExtras = { ...before }
  if (logger !== undefined) extras.logger = logger
  if (traceId !== undefined) extras.traceId = traceId
  if (spanId !== undefined) extras.spanId = spanId
  if (fields !== undefined) extras.fields = before?.fields ? { ...before.fields, ...fields } : fields
  return extras
}

function endsWithBrace(buffer: Buffer, start: number, end: number): boolean {
  while (end > start && buffer[end - 1]! <= 32) end--
  return buffer[end - 1] === 0x7d
}

function startsWith(buffer: Buffer, start: number, end: number, mark: Buffer): boolean {
  if (buffer[start] !== mark[0] || end - start < mark.length) return false
  for (let i = 1; i < mark.length; i++) if (buffer[start + i] !== mark[i]) return false
  return true
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}
