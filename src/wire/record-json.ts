// A record as the one line of JSON that it is everywhere: in answers, frames and exports. What came as JSON is copied, so that
// numbers keep their digits and nothing has to be parsed.
import { messageAt, type RecordBatch } from '../contracts/batch.ts'
import { formatJson } from '../json/format-json.ts'
import { kinds, streams } from '../contracts/record.ts'

/** As `JSON.stringify` would write `recordAt(batch, index)`. */
export function recordJson(batch: RecordBatch, index: number): string {
  const { id, time, observed, seq, stream, kind, severity } = batch
  return (
    `{"id":${id[index]},"time":${JSON.stringify(time[index])},"observed":${JSON.stringify(observed[index])},"source":${JSON.stringify(batch.source)}` +
    `,"run":${batch.run},"seq":${seq[index]},"stream":"${streams[stream[index]!]}","kind":"${kinds[kind[index]!]}"` +
    `,"severity":${severity[index]},"message":${JSON.stringify(messageAt(batch, index))}` +
    `${extrasJson(batch, index)},"session":${JSON.stringify(batch.session)}}`
  )
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
