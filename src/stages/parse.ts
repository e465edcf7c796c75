// The stage that recognises structured lines without being told the format, line by line, by their first bytes.
import type { RecordBatch, RecordExtras } from '../batch.ts'
import { kinds, severities, streams } from '../record.ts'
import type { StageType } from '../stage.ts'
import { localCalendar, openCalendar } from '../wire/calendar.ts'
import { mayBeFormat } from './formats/may-be-format.ts'
import { parseJsonLine } from './parse-json-line.ts'
import type { ParsedLine } from './parsed-line.ts'
import { openTextReader, type TextReader } from './parse-text-line.ts'
import { replaceMessages } from './replace-messages.ts'

/** Longer lines are no log entries but data: they stay text. */
const longestJsonBytes = 262_144
/** All that the text formats need to see of a line. */
const headBytes = 16_384
/** Containers in containers. */
const mostWrappings = 3

const system = kinds.indexOf('system')
const audit = kinds.indexOf('audit')
const auditMark = Buffer.from('[AUDIT]')
const cameraMark = Buffer.from('📸')

export interface ParseOptions {
  enabled: boolean
  timezone?: string | undefined
}

export const parse: StageType<ParseOptions> = {
  name: 'parse',
  options: (z) =>
    z.strictObject({
      enabled: z.boolean().default(true),
      timezone: z
        .string()
        .refine(isTimeZone, 'is no time zone; known are names like Europe/Berlin, UTC and +02:00')
        .optional(),
    }),
  open({ enabled, timezone }) {
    if (!enabled) return { apply: (batch) => batch }
    const readText = openTextReader(timezone === undefined ? localCalendar : openCalendar(timezone))
    return { apply: (batch) => parseBatch(batch, readText) }
  },
}

function isTimeZone(name: string): boolean {
  try {
    openCalendar(name)
    return true
  } catch {
    return false
  }
}

/** Records that already have a severity were structured at their origin and are left alone. */
function parseBatch(batch: RecordBatch, readText: TextReader): RecordBatch {
  let messages: (string | undefined)[] | undefined
  let extras: (RecordExtras | undefined)[] | undefined
  const buffer = Buffer.from(batch.text.buffer, batch.text.byteOffset, batch.text.length)
  for (let row = 0; row < batch.count; row++) {
    if (batch.severity[row] !== 0 || batch.kind[row] !== system) continue
    const { start, end } = batch
    const found = parseLine(buffer, start[row]!, end[row]!, batch.observed[row]!, batch.pid, readText)
    if (found) {
      if (found.message !== undefined) (messages ??= [])[row] = found.message
      const own = extrasFrom(found, batch.extras(row))
      if (own) (extras ??= [])[row] = own
      if (found.severity !== undefined) batch.severity[row] = found.severity
      if (found.time !== undefined) batch.time[row] = found.time
      if (found.stream !== undefined) batch.stream[row] = streams.indexOf(found.stream)
      if (found.endByte !== undefined) end[row] = start[row]! + found.endByte
      if (found.skipBytes) start[row]! += found.skipBytes
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

function parseLine(
  buffer: Buffer,
  start: number,
  end: number,
  observed: number,
  pid: number,
  readText: TextReader,
  wrappings = 0,
): ParsedLine | undefined {
  if (end - start < 2) return undefined
  let found: ParsedLine | undefined
  if (buffer[start] === 0x7b) {
    if (end - start > longestJsonBytes || !endsWithBrace(buffer, start, end)) return undefined
    found = parseJsonLine(buffer.toString('utf8', start, end), observed)
  } else if (mayBeFormat(buffer, start, end)) {
    const headEnd = Math.min(end, start + headBytes)
    found = readText(buffer.toString('latin1', start, headEnd), headEnd === end, observed, pid)
  }
  if (!found?.isWrapped || wrappings === mostWrappings) return found
  if (found.message !== undefined) {
    const own = Buffer.from(found.message)
    const inner = parseLine(own, 0, own.length, observed, pid, readText, wrappings + 1)
    return inner
      ? unwrap(found, inner, inner.message ?? own.toString('utf8', inner.skipBytes ?? 0, inner.endByte))
      : found
  }
  const skipped = found.skipBytes ?? 0
  const inner = parseLine(buffer, start + skipped, end, observed, pid, readText, wrappings + 1)
  if (!inner) return found
  const { skipBytes = 0, endByte, ...rest } = inner
  const whole = unwrap(found, rest, inner.message)
  whole.skipBytes = skipped + skipBytes
  if (endByte !== undefined) whole.endByte = skipped + endByte
  return whole
}

/** The line inside knows better; what it does not say is what the wrapping says. */
function unwrap(outer: ParsedLine, inner: ParsedLine, message: string | undefined): ParsedLine {
  const { isWrapped: _, message: __, ...rest } = outer
  const fields = outer.fields && inner.fields ? { ...outer.fields, ...inner.fields } : (inner.fields ?? outer.fields)
  return { ...rest, ...inner, ...(fields ? { fields } : {}), ...(message === undefined ? {} : { message }) }
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
