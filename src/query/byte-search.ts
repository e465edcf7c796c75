// Plain words in columns of text. Decoding and lower-casing one text at a time costs more than the search itself, so
// rows are taken in stretches: one stretch is lower-cased at once, searched at once, and hits are mapped to rows.

/** Text `i` is `bytes[start[i], end[i])`. */
export interface TextColumn {
  bytes: Uint8Array
  start: Uint32Array
  end: Uint32Array
  count: number
}

/** A stretch fits the processor's cache and the young generation. */
const stretchBytes = 65_536
/** So many texts of a stretch are looked at alone before it is searched whole: cheaper conditions may leave few. */
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
 * Which rows contain the needle: lower case and pure ASCII, so that it is found exactly where it is, as UTF-8 has no
 * ASCII bytes inside other characters.
 */
export function rowsContaining(column: TextColumn, needle: string, whole: boolean): (row: number) => boolean {
  const { count, start, end, bytes } = column
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
      if (asked++ < aloneFirst) return occurs(lowerBytes(bytes, start[row]!, end[row]!), needle, whole)
      const first = stretch << shift
      searchStretch(column, first, Math.min(count, first + (1 << shift)), needle, whole, hits)
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
  needle: string,
  whole: boolean,
  hits: Uint8Array,
): void {
  hits.fill(0)
  if (!isDense(start, end, first, last)) {
    for (let row = first; row < last; row++) {
      if (occurs(lowerBytes(bytes, start[row]!, end[row]!), needle, whole)) hits[row - first] = 1
    }
    return
  }
  const base = start[first]!
  const all = lowerBytes(bytes, base, end[last - 1]!)
  let row = first
  let at = all.indexOf(needle)
  while (at >= 0) {
    while (row < last && end[row]! - base <= at) row++
    if (row === last) return
    const rowStart = start[row]! - base
    const rowEnd = end[row]! - base
    let next: number
    if (at < rowStart) next = rowStart
    else if (at + needle.length > rowEnd) next = rowEnd
    else if (whole && !standsAlone(all, at, needle.length, rowStart, rowEnd)) next = at + 1
    else {
      hits[row++ - first] = 1
      next = rowEnd
    }
    at = all.indexOf(needle, next)
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

/** `whole`: only where no letter or digit adjoins. Both texts are lower case. */
export function occurs(value: string, needle: string, whole: boolean): boolean {
  if (!whole) return value.includes(needle)
  for (let at = value.indexOf(needle); at >= 0; at = value.indexOf(needle, at + 1)) {
    if (standsAlone(value, at, needle.length, 0, value.length)) return true
  }
  return false
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
