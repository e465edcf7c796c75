// Plain words in columns of text. Decoding and lower-casing one text at a time costs more than the search itself, so
// rows are taken in stretches: one stretch is lower-cased at once, searched at once, and hits are mapped to rows.
import { textFinder, type Finder } from './find-text.ts'

/** Text `i` is `bytes[start[i], end[i])`. */
export interface TextColumn {
  bytes: Uint8Array
  start: Uint32Array
  end: Uint32Array
  count: number
}

/** A stretch fits the processor's cache and the young generation. */
const stretchBytes = 65_536
/** Longer needles are looked for in each text alone: they may begin in any of the short ones. */
const longestInStretches = 200
/** Texts of a stretch that are looked at alone before it is searched whole: cheaper conditions may leave few. */
const aloneFirst = 16

let lowered: { bytes: WeakRef<Uint8Array>; from: number; to: number; text: string } | undefined

/** Bytes as Latin-1 characters with A–Z lower-cased: positions stay byte offsets. The last stretch is remembered, for the next word. */
function lowerBytes(bytes: Uint8Array, from: number, to: number): string {
  if (lowered?.from !== from || lowered.to !== to || lowered.bytes.deref() !== bytes) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
      .toString('latin1')
      .toLowerCase()
    if (to - from < 1024 || to - from > 16 * stretchBytes) return text
    lowered = { bytes: new WeakRef(bytes), from, to, text }
  }
  return lowered.text
}

/**
 * A test for rows that contain the needle: lower case and pure ASCII, so that it is found exactly where it is, as UTF-8 has no
 * ASCII bytes inside other characters.
 */
export function rowsContaining(column: TextColumn, needle: string, whole: boolean): (row: number) => boolean {
  const { count, start, end, bytes } = column
  const find = textFinder(needle)
  const inText = textTest(needle, whole)
  const alone = (row: number): boolean =>
    end[row]! - start[row]! >= needle.length && inText(lowerBytes(bytes, start[row]!, end[row]!))
  if (needle.length > longestInStretches) return alone
  const shift = Math.max(0, Math.min(16, Math.floor(Math.log2((stretchBytes * count) / Math.max(1, bytes.length)))))
  const hits = new Uint8Array(Math.min(count, 1 << shift))
  let stretch = -1
  let searched = false
  let asked = 0
  return (row) => {
    if (row >> shift !== stretch) {
      stretch = row >> shift
      searched = false
      asked = 0
    }
    if (!searched) {
      if (asked++ < aloneFirst) return alone(row)
      const first = stretch << shift
      const last = Math.min(count, first + (1 << shift))
      if (isDense(start, end, first, last)) searchStretch(column, first, last, find, needle, whole, hits)
      else for (let each = first; each < last; each++) hits[each - first] = alone(each) ? 1 : 0
      searched = true
    }
    return hits[row - (stretch << shift)] === 1
  }
}

/** Sets `hits[row - first]` to 1 for rows with the needle, to 0 for others. */
function searchStretch(
  { bytes, start, end }: TextColumn,
  first: number,
  last: number,
  find: Finder,
  needle: string,
  whole: boolean,
  hits: Uint8Array,
): void {
  hits.fill(0)
  const base = start[first]!
  const all = lowerBytes(bytes, base, end[last - 1]!)
  let row = first
  let at = find(all)
  while (at >= 0) {
    while (row < last && end[row]! - base <= at) row++
    if (row === last) return
    const rowStart = start[row]! - base
    const rowEnd = end[row]! - base
    let next: number
    if (at < rowStart) next = rowStart
    else if (at + needle.length > rowEnd) next = rowEnd
    else if (whole && !standsAlone(all, at, needle.length, rowStart, rowEnd)) next = nextStart(all, at, rowEnd)
    else {
      hits[row++ - first] = 1
      next = rowEnd
    }
    at = find(all, next)
  }
}

/** Texts follow each other and fill most of their stretch. */
function isDense(start: Uint32Array, end: Uint32Array, first: number, last: number): boolean {
  let at = start[first]!
  let used = 0
  for (let row = first; row < last; row++) {
    if (start[row]! < at) return false
    at = end[row]!
    used += at - start[row]!
  }
  return used * 2 >= at - start[first]!
}

/** A test for texts in lower case, as the needle is. `whole`: only where no letter or digit adjoins. */
export function textTest(needle: string, whole: boolean): (value: string) => boolean {
  const find = textFinder(needle)
  if (!whole) return (value) => find(value) >= 0
  return (value) => {
    for (let at = find(value); at >= 0; at = find(value, nextStart(value, at, value.length))) {
      if (standsAlone(value, at, needle.length, 0, value.length)) return true
    }
    return false
  }
}

/** Behind a hit that adjoins a letter: where it began with one, none of the letters behind it can be a beginning. */
function nextStart(value: string, at: number, to: number): number {
  let next = at + 1
  while (next < to && isWordCode(value.charCodeAt(next - 1)) && isWordCode(value.charCodeAt(next))) next++
  return next
}

function standsAlone(value: string, at: number, length: number, from: number, to: number): boolean {
  const after = at + length
  return (
    !(at > from && isWordCode(value.charCodeAt(at)) && isWordCode(value.charCodeAt(at - 1))) &&
    !(after < to && isWordCode(value.charCodeAt(after - 1)) && isWordCode(value.charCodeAt(after)))
  )
}

/** a–z, 0–9 or _, so that bytes and decoded text give the same answer. */
function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95
}

export function isAscii(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 127) return false
  return true
}
