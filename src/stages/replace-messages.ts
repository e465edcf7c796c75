// Gives some records of a batch another message. Texts move to a new stretch of bytes only where they changed.
import type { RecordBatch } from '../contracts/batch.ts'

/** `messages[i]` replaces message `i`; undefined leaves it. */
export function replaceMessages(batch: RecordBatch, messages: readonly (string | undefined)[]): RecordBatch {
  const { count, text } = batch
  let addedBytes = 0
  let keptBytes = 0
  for (let i = 0; i < count; i++) {
    const message = messages[i]
    if (message === undefined) keptBytes += batch.end[i]! - batch.start[i]!
    else addedBytes += Buffer.byteLength(message)
  }
  // Text that no message refers to any more is dropped here only when that spares copying the larger part.
  const copyAll = keptBytes < text.length / 2
  const target = Buffer.allocUnsafeSlow(addedBytes + (copyAll ? keptBytes : text.length))
  const start = new Uint32Array(count)
  const end = new Uint32Array(count)
  let at = 0
  if (!copyAll) {
    target.set(text)
    at = text.length
  }
  for (let i = 0; i < count; i++) {
    const message = messages[i]
    if (message !== undefined) {
      start[i] = at
      at += target.write(message, at)
      end[i] = at
    } else if (copyAll) {
      start[i] = at
      target.set(text.subarray(batch.start[i], batch.end[i]), at)
      at += batch.end[i]! - batch.start[i]!
      end[i] = at
    } else {
      start[i] = batch.start[i]!
      end[i] = batch.end[i]!
    }
  }
  return { ...batch, text: target, start, end }
}
