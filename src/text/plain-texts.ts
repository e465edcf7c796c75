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
  /** Where each byte stands in the original, and, as one more, where that ends. */
  places: Uint32Array
}

/** Finds what is no text; see `eachAnsi`. */
export type EachSequence = typeof eachAnsi

/** `bytes[from, to)` without its sequences; undefined when it has none. */
export function plainText(
  bytes: Uint8Array,
  from: number,
  to: number,
  eachSequence: EachSequence = eachAnsi,
): PlainText | undefined {
  let plain: PlainText | undefined
  let length = 0
  let kept = from
  const keep = (end: number): void => {
    for (; kept < end; kept++) {
      plain!.bytes[length] = bytes[kept]!
      plain!.places[length++] = kept
    }
  }
  eachSequence(bytes, from, to, (start, end) => {
    plain ??= { bytes: Buffer.allocUnsafe(to - from), places: new Uint32Array(to - from + 1) }
    keep(start)
    kept = end
  })
  if (!plain) return undefined
  keep(to)
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
