// The record that searches look at, decoded at most once whatever the number of conditions on it: the message, the message in
// lower case, the extras, all as a reader sees them, without terminal control sequences. Batches no longer change here.
import type { RecordBatch, RecordExtras } from '../../contracts/batch.ts'
import { plainTexts } from '../../text/plain-texts.ts'
import type { TextColumn } from './byte-search.ts'
import { jsonHasAnsi, plainExtras } from './plain-extras.ts'

let plain: { batch: RecordBatch; messages: TextColumn } | undefined

/** All messages of the batch. */
export function messagesOf(batch: RecordBatch): TextColumn {
  if (plain?.batch !== batch) {
    const { text, start, end, count } = batch
    plain = { batch, messages: plainTexts({ bytes: text, start, end, count }) }
  }
  return plain.messages
}

let decoded: { batch: RecordBatch; index: number; text: string; lower?: string } | undefined

function decode(batch: RecordBatch, index: number): { text: string; lower?: string } {
  if (decoded?.batch !== batch || decoded.index !== index) {
    const { bytes, start, end } = messagesOf(batch)
    const from = start[index]!
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, end[index]! - from).toString('utf8')
    decoded = { batch, index, text }
  }
  return decoded
}

export function messageText(batch: RecordBatch, index: number): string {
  return decode(batch, index).text
}

export function lowerMessage(batch: RecordBatch, index: number): string {
  const entry = decode(batch, index)
  return (entry.lower ??= entry.text.toLowerCase())
}

let parsed: { batch: RecordBatch; index: number; extras: RecordExtras | undefined } | undefined

export function extrasOf(batch: RecordBatch, index: number): RecordExtras | undefined {
  if (parsed?.batch !== batch || parsed.index !== index) {
    const extras = batch.extras(index)
    const isPlain = extras === undefined || (batch.extras.json !== undefined && !jsonHasAnsi(batch.extras.json.bytes))
    parsed = { batch, index, extras: isPlain ? extras : plainExtras(extras) }
  }
  return parsed.extras
}
