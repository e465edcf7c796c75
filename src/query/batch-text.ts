// The record that searches look at, decoded at most once whatever the number of conditions on it: the message, the
// message in lower case, the extras. Batches no longer change here.
import { messageAt, type RecordBatch, type RecordExtras } from '../batch.ts'

let decoded: { batch: RecordBatch; index: number; text: string; lower?: string } | undefined

function decode(batch: RecordBatch, index: number): { text: string; lower?: string } {
  if (decoded?.batch !== batch || decoded.index !== index) decoded = { batch, index, text: messageAt(batch, index) }
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
  if (parsed?.batch !== batch || parsed.index !== index) parsed = { batch, index, extras: batch.extras(index) }
  return parsed.extras
}
