// The text of a batch in the forms that searches look at, each made once and shared by all queries on that batch:
// lower-cased bytes for plain words, one decoded message, one record's extras. Batches no longer change here.
import { messageAt, type RecordBatch, type RecordExtras } from '../batch.ts'

let lowered: { batch: WeakRef<RecordBatch>; text: string } | undefined

/**
 * All bytes of the batch as Latin-1 characters with A–Z lower-cased: positions stay byte offsets, and what is pure
 * ASCII is found exactly where it is, as UTF-8 has no ASCII bytes inside other characters.
 */
export function lowerBytes(batch: RecordBatch): string {
  if (lowered?.batch.deref() !== batch) {
    lowered = { batch: new WeakRef(batch), text: latin1(batch.text, 0, batch.text.length).toLowerCase() }
  }
  return lowered!.text
}

/** One message in the same form. */
export function lowerMessageBytes(batch: RecordBatch, index: number): string {
  return latin1(batch.text, batch.start[index]!, batch.end[index]!).toLowerCase()
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
}

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
