// The stage that recognises structured lines without being told the format, line by line, by their first bytes.
import type { RecordBatch, RecordExtras } from '../contracts/batch.ts'
import { kinds, severities, streams } from '../contracts/record.ts'
import type { Stage, StageType } from '../contracts/stage.ts'
import { bytesHaveAnsi, stripAnsi, textHasAnsi } from '../text/ansi.ts'
import { localCalendar, openCalendar, type Calendar } from '../time/calendar.ts'
import { openLineParser, type LineParser } from './parse-line.ts'
import type { ParsedLine } from './parsed-line.ts'
import { replaceMessages } from './replace-messages.ts'

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
    return openParser(timezone === undefined ? localCalendar : openCalendar(timezone))
  },
}

/** The stage for lines whose clocks are those of the calendar. */
export function openParser(calendar: Calendar, longestJsonBytes?: number): Stage {
  const parseLine = openLineParser(calendar, longestJsonBytes)
  return { apply: (batch) => parseBatch(batch, parseLine) }
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
function parseBatch(batch: RecordBatch, parseLine: LineParser): RecordBatch {
  let messages: (string | undefined)[] | undefined
  let extras: (RecordExtras | undefined)[] | undefined
  const buffer = Buffer.from(batch.text.buffer, batch.text.byteOffset, batch.text.length)
  const capture = { observed: 0, pid: batch.pid, hasAnsi: bytesHaveAnsi(buffer) }
  for (let row = 0; row < batch.count; row++) {
    if (batch.severity[row] !== 0 || batch.kind[row] !== system) continue
    const { start, end } = batch
    capture.observed = batch.observed[row]!
    const found = parseLine(buffer, start[row]!, end[row]!, capture)
    if (found) {
      if (found.message !== undefined) (messages ??= [])[row] = found.message
      const own = extrasFrom(found, batch.extras(row))
      if (own) (extras ??= [])[row] = own
      if (found.severity !== undefined) batch.severity[row] = found.severity
      if (found.time !== undefined) batch.time[row] = found.time
      if (found.stream !== undefined) batch.stream[row] = streams.indexOf(found.stream)
      if (found.endByte !== undefined) end[row] = start[row]! + found.endByte
      if (found.skipBytes) start[row]! += found.skipBytes
      if (found.audit || (found.logger && stripAnsi(found.logger).startsWith('audit.'))) batch.kind[row] = audit
    }
    applyMarks(buffer, batch, row, capture.hasAnsi, found?.message)
  }
  if (extras) {
    const before = batch.extras
    batch = { ...batch, extras: (index) => extras[index] ?? before(index) }
  }
  return messages ? replaceMessages(batch, messages) : batch
}

/** `[AUDIT]` makes a record audit; 📸 makes it at least INFO, so that it is always visible. */
function applyMarks(buffer: Buffer, batch: RecordBatch, row: number, hasAnsi: boolean, message?: string): void {
  const start = batch.start[row]!
  const end = batch.end[row]!
  if (message === undefined && hasAnsi && textHasAnsi(buffer, start, end)) message = buffer.toString('utf8', start, end)
  const plain = message === undefined ? undefined : stripAnsi(message)
  const begins = (mark: Buffer, text: string): boolean =>
    plain === undefined ? startsWith(buffer, start, end, mark) : plain.startsWith(text)
  if (begins(auditMark, '[AUDIT]')) batch.kind[row] = audit
  if (begins(cameraMark, '📸')) batch.severity[row] = Math.max(batch.severity[row]!, severities.INFO)
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

function startsWith(buffer: Buffer, start: number, end: number, mark: Buffer): boolean {
  if (buffer[start] !== mark[0] || end - start < mark.length) return false
  for (let i = 1; i < mark.length; i++) if (buffer[start + i] !== mark[i]) return false
  return true
}
