// Terminal control sequences in log text: found, removed, made harmless for terminals. A sequence that does not end properly
// loses its introducer only, so that a damaged or hostile line can never swallow the text behind it.

/** In characters; `behindAnsi` is the same for bytes. The body of a string ends at any control, which also keeps matching linear. */
const body = String.raw`[^\x00-\x07\x0a-\x0d\x18\x1a\x1b\x80-\x9f]*`
const inText = new RegExp(
  [
    // Colours, cursor movement …; a break in the middle goes as far as it reads as a sequence. `tput sgr0` may end in a shift.
    String.raw`(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?[\x0e\x0f]?`,
    // Titles and links end with BEL or ST, device strings with ST.
    String.raw`(?:\x1b\]|\x9d)(?:${body}(?:\x07|\x1b\\|\x9c))?`,
    String.raw`(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])(?:${body}(?:\x1b\\|\x9c))?`,
    // Character sets, then the short ones that terminals know; any other escape goes alone.
    String.raw`\x1b[ -/]+[0-~]?`,
    String.raw`\x1b[78=>DEHMNOZclmno|}~\\]?`,
    String.raw`\x9c`,
  ].join('|'),
  'g',
)

const escape = 0x1b
/** Of a control of 8 bits in UTF-8, and of other characters. */
const firstOfC1 = 0xc2
/** Escapes of two characters. */
const shortOnes = new Uint8Array(256)
for (const letter of '78=>DEHMNOZclmno|}~\\') shortOnes[letter.charCodeAt(0)] = 1
const endsString = new Uint8Array(256)
for (let code = 0; code < 0x20; code++) if (code < 8 || (code >= 0x0a && code <= 0x0d)) endsString[code] = 1
for (const code of [0x18, 0x1a, escape]) endsString[code] = 1

const introducer = /[\x1b\x90\x98\x9b-\x9f]/

/** Whether the text has a terminal control sequence in it. */
export function hasAnsi(text: string): boolean {
  return introducer.test(text)
}

/** Text without terminal control sequences. */
export function stripAnsi(text: string): string {
  return hasAnsi(text) ? text.replace(inText, '') : text
}

/** A piece of text, or a sequence between two. */
export type AnsiPart = { text: string; sequence?: undefined } | { sequence: string }

/** The text in order, sequences apart. */
export function* ansiParts(text: string): Generator<AnsiPart> {
  let at = 0
  if (hasAnsi(text))
    for (const { 0: sequence, index } of text.matchAll(inText)) {
      if (index > at) yield { text: text.slice(at, index) }
      yield { sequence }
      at = index + sequence.length
    }
  if (at < text.length) yield { text: text.slice(at) }
}

/** Colour and style of a sequence, as `1;38;5;208`; undefined when it is another. */
export function sgrOf(sequence: string): string | undefined {
  return sgr.exec(sequence)?.[1]
}

/** Whether the bytes (UTF-8) have a terminal control sequence in them. Nearly free where they have none. */
export function bytesHaveAnsi(bytes: Uint8Array): boolean {
  // A Buffer's own search is thirty times as fast as that of its kin.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (buffer.includes(escape)) return true
  for (let at = buffer.indexOf(firstOfC1); at >= 0; at = buffer.indexOf(firstOfC1, at + 1))
    if (isIntroducer(buffer[at + 1]!)) return true
  return false
}

/** Whether `bytes[from, to)`, one of many short texts, has a sequence in it. */
export function textHasAnsi(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (beginsAnsi(bytes, at)) return true
  return false
}

function beginsAnsi(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at]
  return byte === escape || (byte === firstOfC1 && isIntroducer(bytes[at + 1]!))
}

function isIntroducer(second: number): boolean {
  return second === 0x90 || second === 0x98 || (second >= 0x9b && second <= 0x9f)
}

/** Calls `visit` with start and end of each sequence in `bytes[from, to)` (UTF-8), which may touch each other. */
export function eachAnsi(
  bytes: Uint8Array,
  from: number,
  to: number,
  visit: (start: number, end: number) => void,
): void {
  for (let at = from; at < to;) {
    const end = behindAnsi(bytes, at, to)
    if (end > at) visit(at, end)
    at = Math.max(end, at + 1)
  }
}

/** The end of the sequence that begins at `from` in the text that ends at `to`; `from` when none begins there. */
export function behindAnsi(bytes: Uint8Array, from: number, to: number): number {
  if (!beginsAnsi(bytes, from)) return from
  const isEscape = bytes[from] === escape
  // With a bit more, the letter behind an escape is the control of 8 bits.
  const introducer = isEscape ? (from + 1 < to ? bytes[from + 1]! + 0x40 : 0) : bytes[from + 1]!
  const at = Math.min(to, from + 2)
  switch (introducer) {
    case 0x9b:
      return behindParameters(bytes, at, to)
    case 0x9d:
      return behindString(bytes, at, to, true)
    case 0x90:
    case 0x98:
    case 0x9e:
    case 0x9f:
      return behindString(bytes, at, to, false)
  }
  if (!isEscape) return at
  const second = introducer - 0x40
  if (isBetween(second, 0x20, 0x2f)) {
    let end = at
    while (end < to && isBetween(bytes[end]!, 0x20, 0x2f)) end++
    return end < to && isBetween(bytes[end]!, 0x30, 0x7e) ? end + 1 : end
  }
  return shortOnes[second] === 1 ? at : from + 1
}

function behindParameters(bytes: Uint8Array, at: number, to: number): number {
  while (at < to && isBetween(bytes[at]!, 0x30, 0x3f)) at++
  while (at < to && isBetween(bytes[at]!, 0x20, 0x2f)) at++
  if (at < to && isBetween(bytes[at]!, 0x40, 0x7e)) at++
  return at < to && (bytes[at] === 0x0e || bytes[at] === 0x0f) ? at + 1 : at
}

/** Behind what ends the string that begins at `start`; without an end it is none, and its introducer ends there. */
function behindString(bytes: Uint8Array, start: number, to: number, mayEndWithBell: boolean): number {
  let at = start
  while (at < to && endsString[bytes[at]!] === 0 && !(bytes[at] === firstOfC1 && isBetween(bytes[at + 1]!, 0x80, 0x9f)))
    at++
  if (at >= to) return start
  if (bytes[at] === 0x07) return mayEndWithBell ? at + 1 : start
  const isEnd = bytes[at] === escape ? bytes[at + 1] === 0x5c : bytes[at + 1] === 0x9c && bytes[at] === firstOfC1
  return isEnd && at + 1 < to ? at + 2 : start
}

function isBetween(byte: number, low: number, high: number): boolean {
  return byte >= low && byte <= high
}

/**
 * Writes `source[start, end)` (UTF-8) without terminal control sequences to `target` at `at`, which must have room for
 * all of it. Returns the bytes written. Bytes that are no valid UTF-8 pass unchanged.
 */
export function stripAnsiBytes(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  const begin = at
  let kept = start
  const keep = (to: number): void => {
    target.set(source.subarray(kept, to), at)
    at += to - kept
  }
  eachAnsi(source, start, end, (from, to) => {
    keep(from)
    kept = to
  })
  keep(end)
  return at - begin
}

const sgr = /^(?:\x1b\[|\x9b)([0-9:;]{0,64})m/

// Characters that a terminal would act on, and those that make text read in another order than it stands.
const unsafe = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/**
 * Any text → text that is safe to print to a terminal: control sequences removed, other control characters shown as
 * `\x07` or `\u202e`. Tabs and line feeds stay. With `colors` colour and style sequences stay too and are reset at the end.
 */
export function escapeTerminal(text: string, options: { colors?: boolean } = {}): string {
  let safe = ''
  let coloured = false
  for (const part of ansiParts(text)) {
    if (part.sequence === undefined) {
      safe += part.text.replace(unsafe, visible)
      continue
    }
    const style = options.colors ? sgrOf(part.sequence) : undefined
    if (style === undefined) continue
    safe += `\x1b[${style}m`
    coloured = true
  }
  return coloured ? `${safe}\x1b[0m` : safe
}

function visible(character: string): string {
  const code = character.charCodeAt(0)
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
