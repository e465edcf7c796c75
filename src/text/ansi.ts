// Terminal control sequences in log text: found, removed, made harmless for terminals. A sequence that does not end properly
// loses its introducer only, so that a damaged or hostile line can never swallow the text behind it.

/**
 * `c1` stands before an 8-bit control in the text at hand: nothing where it is characters, the first of two UTF-8 bytes
 * where it is bytes read as latin1. The body of a string ends at any control, which also keeps matching linear.
 */
function sequences(c1: string): RegExp {
  const [csi, osc, strings, st] = [`${c1}\x9b`, `${c1}\x9d`, `${c1}[\x90\x98\x9e\x9f]`, `${c1}\x9c`]
  const body = String.raw`(?:(?!${c1}[\x80-\x9f])[^\x00-\x07\x0a-\x0d\x18\x1a\x1b])*`
  return new RegExp(
    [
      // Colours, cursor movement …; a break in the middle goes as far as it reads as a sequence. `tput sgr0` may end in a shift.
      String.raw`(?:\x1b\[|${csi})[0-?]*[ -/]*[@-~]?[\x0e\x0f]?`,
      // Titles and links end with BEL or ST, device strings with ST.
      String.raw`(?:\x1b\]|${osc})(?:${body}(?:\x07|\x1b\\|${st}))?`,
      String.raw`(?:\x1b[PX^_]|${strings})(?:${body}(?:\x1b\\|${st}))?`,
      // Character sets, then the short ones that terminals know; any other escape goes alone.
      String.raw`\x1b[ -/]+[0-~]?`,
      String.raw`\x1b[78=>DEHMNOZclmno|}~\\]?`,
      st,
    ].join('|'),
    'g',
  )
}

const inText = sequences('')
const inLatin1 = sequences('\xc2')
const oneInLatin1 = new RegExp(inLatin1.source, 'y')
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

/** What a sequence says of colour and style, as `1;38;5;208`; undefined when it is another. */
export function sgrOf(sequence: string): string | undefined {
  return sgr.exec(sequence)?.[1]
}

/** Whether the bytes (UTF-8) have a terminal control sequence in them. Nearly free where they have none. */
export function bytesHaveAnsi(bytes: Uint8Array): boolean {
  // A Buffer's own search is thirty times as fast as that of its kin.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (buffer.includes(0x1b)) return true
  for (let at = buffer.indexOf(0xc2); at >= 0; at = buffer.indexOf(0xc2, at + 1))
    if (isIntroducer(buffer[at + 1]!)) return true
  return false
}

/** The same for `bytes[from, to)`, one of many short texts. */
export function textHasAnsi(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    if (byte === 0x1b || (byte === 0xc2 && isIntroducer(bytes[at + 1]!))) return true
  }
  return false
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
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
  inLatin1.lastIndex = 0
  for (let found = inLatin1.exec(text); found; found = inLatin1.exec(text))
    visit(from + found.index, from + inLatin1.lastIndex)
}

/** The end of the sequence that begins at `from` in the text that ends at `to`; `from` when none begins there. */
export function behindAnsi(bytes: Uint8Array, from: number, to: number): number {
  // Longer ones are titles and links: what is looked at here is the head of a line.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(to - from, 2000)).toString('latin1')
  oneInLatin1.lastIndex = 0
  return oneInLatin1.test(text) ? from + oneInLatin1.lastIndex : from
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

// What a terminal would act on, and the characters that make text read in another order than it stands.
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
