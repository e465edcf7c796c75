// Texts as a reader sees them, without terminal control sequences: one at a time with the place where each byte stands in the
// original, or a whole column. Masks, formats, searches and templates all read these.
import { bytesHaveAnsi, eachAnsi, textHasAnsi } from './ansi.ts'

/** Text `i` is `bytes[start[i], end[i])`, UTF-8. */
export interface TextColumn {
  bytes: Uint8Array
  start: Uint32Array
  end: Uint32Array
}

export interface PlainText {
  bytes: Buffer
  /** Place of each byte in the original, and, as one more, its end. */
  places: Uint32Array
}

/** Start and end of each sequence in `bytes[from, to)`, ascending. */
export function sequencesIn(bytes: Uint8Array, from: number, to: number): number[] {
  const places: number[] = []
  eachAnsi(bytes, from, to, (start, end) => void places.push(start, end))
  return places
}

/** `bytes[from, to)` without its sequences (see `sequencesIn`); undefined when it has none. */
export function plainText(
  bytes: Uint8Array,
  from: number,
  to: number,
  sequences: readonly number[] = sequencesIn(bytes, from, to),
): PlainText | undefined {
  if (sequences.length === 0) return undefined
  const plain = { bytes: Buffer.allocUnsafe(to - from), places: new Uint32Array(to - from + 1) }
  let length = 0
  let at = from
  for (let i = 0; i <= sequences.length; i += 2) {
    for (const end = sequences[i] ?? to; at < end; at++) {
      plain.bytes[length] = bytes[at]!
      plain.places[length++] = at
    }
    at = sequences[i + 1] ?? to
  }
  plain.places[length] = to
  return { bytes: plain.bytes.subarray(0, length), places: plain.places.subarray(0, length + 1) }
}

/** The column with all its texts without their sequences; the same column when there are none. */
export function plainTexts<Column extends TextColumn>(column: Column): Column {
  if (!bytesHaveAnsi(column.bytes)) return column
  const { bytes } = column
  const count = column.start.length
  let size = 0
  for (let i = 0; i < count; i++) size += column.end[i]! - column.start[i]!
  const plain = new Uint8Array(size)
  const start = new Uint32Array(count)
  const end = new Uint32Array(count)
  let at = 0
  for (let i = 0; i < count; i++) {
    let kept = column.start[i]!
    const to = column.end[i]!
    const keep = (until: number): void => {
      plain.set(bytes.subarray(kept, until), at)
      at += until - kept
    }
    start[i] = at
    if (textHasAnsi(bytes, kept, to))
      eachAnsi(bytes, kept, to, (from, until) => {
        keep(from)
        kept = until
      })
    keep(to)
    end[i] = at
  }
  return { ...column, bytes: plain.subarray(0, at), start, end }
}
