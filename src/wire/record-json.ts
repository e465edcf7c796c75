// A record as the one line of JSON that it is everywhere: in answers, frames and exports. What came as JSON is copied, so that
// numbers keep their digits and nothing has to be parsed.
import { messageAt, type RecordBatch } from '../contracts/batch.ts'
import { formatJson } from '../json/format-json.ts'
import { kinds, severityName, streams, type LogRecord, type NamedRecord, type Services } from '../contracts/record.ts'

/** As `JSON.stringify` would write `namedRecord(recordAt(batch, index), services)`. */
export function recordJson(batch: RecordBatch, index: number, services: Services): string {
  const extras = extrasJson(batch, index)
  const service = services.nameOf(batch.source, loggerIn(batch, index, extras))
  const { id, time, observed, seq, stream, kind, severity } = batch
  return (
    `{"id":${id[index]},"time":${JSON.stringify(time[index])},"observed":${JSON.stringify(observed[index])},"source":${JSON.stringify(batch.source)}` +
    `,"run":${batch.run},"seq":${seq[index]},"stream":"${streams[stream[index]!]}","kind":"${kinds[kind[index]!]}"` +
    `,"severity":${severity[index]},"message":${JSON.stringify(messageAt(batch, index))}` +
    `${extras},"session":${JSON.stringify(batch.session)},"level":"${severityName(severity[index]!)}","service":${JSON.stringify(service)}}`
  )
}

export function namedRecord(record: LogRecord, { nameOf }: Services): NamedRecord {
  return { ...record, level: severityName(record.severity), service: nameOf(record.source, record.logger) }
}

const loggerStart = ',"logger":"'

/** Without parsing where the logger comes first, as it mostly does. */
function loggerIn({ extras }: RecordBatch, index: number, json: string): string | undefined {
  if (!json.includes(loggerStart.slice(1))) return undefined
  const end = json.startsWith(loggerStart) ? json.indexOf('"', loggerStart.length) : -1
  const logger = json.slice(loggerStart.length, Math.max(end, loggerStart.length))
  return end < 0 || logger.includes('\\') ? extras(index)?.logger : logger
}

/** The members of the extras, each behind a comma. */
function extrasJson({ extras }: RecordBatch, index: number): string {
  const text = extras.json ? textOf(extras.json, index) : formatJson(extras(index) ?? {})
  return text.length > 2 ? `,${text.slice(1, -1)}` : ''
}

function textOf({ bytes, start, end }: NonNullable<RecordBatch['extras']['json']>, index: number): string {
  const from = start[index]!
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, end[index]! - from).toString('utf8')
}
