// Terminal control sequences in log text: removed for files, made harmless for terminals. A sequence that does not end
// properly loses its introducer only, so that a damaged or hostile line can never swallow the text behind it.

/**
 * `c1` stands before an 8-bit control in the text at hand: nothing where it is characters, the first of two UTF-8 bytes
 * where it is bytes read as latin1. The body of a string ends at any control, which also keeps matching linear.
 */
function sequences(c1: string): RegExp {
  const [csi, osc, strings, st] = [`${c1}\x9b`, `${c1}\x9d`, `${c1}[\x90\x98\x9e\x9f]`, `${c1}\x9c`]
  const body = String.raw`(?:(?!${c1}[\x80-\x9f])[^\x00-\x07\x0a-\x0d\x18\x1a\x1b])*`
  return new RegExp(
    [
      // Colours, cursor movement …; what breaks off in the middle goes as far as it reads as a sequence.
      String.raw`(?:\x1b\[|${csi})[0-?]*[ -/]*[@-~]?`,
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
const introducer = /[\x1b\x90\x98\x9b-\x9f]/

/** Text without terminal control sequences. */
export function stripAnsi(text: string): string {
  return introducer.test(text) ? text.replace(inText, '') : text
}

/**
 * Writes `source[start, end)` (UTF-8) without terminal control sequences to `target` at `at`, which must have room for
 * all of it. Returns the bytes written. Bytes that are no valid UTF-8 pass unchanged.
 */
export function stripAnsiBytes(source: Buffer, start: number, end: number, target: Buffer, at: number): number {
  return target.write(source.toString('latin1', start, end).replace(inLatin1, ''), at, 'latin1')
}

/** True when bytes of `source[start, end)` may begin a sequence; false is certain. */
export function mayHoldAnsi(source: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = source[i]
    if (byte === 0x1b || byte === 0xc2) return true
  }
  return false
}

const sgr = /^(?:\x1b\[|\x9b)([0-9:;]{0,64})m$/

// What a terminal would act on, and the characters that make text read in another order than it stands.
const unsafe = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/**
 * Any text → text that is safe to print to a terminal: control sequences removed, other control characters shown as
 * `\x07` or `\u202e`. Tabs and line feeds stay. With `colors` colour and style sequences stay too and are reset at the end.
 */
export function escapeTerminal(text: string, options: { colors?: boolean } = {}): string {
  if (!introducer.test(text)) return text.replace(unsafe, visible)
  let safe = ''
  let from = 0
  let coloured = false
  for (const match of text.matchAll(inText)) {
    safe += text.slice(from, match.index).replace(unsafe, visible)
    from = match.index + match[0].length
    const style = options.colors ? sgr.exec(match[0]) : null
    if (!style) continue
    safe += `\x1b[${style[1]}m`
    coloured = true
  }
  safe += text.slice(from).replace(unsafe, visible)
  return coloured ? `${safe}\x1b[0m` : safe
}

function visible(character: string): string {
  const code = character.charCodeAt(0)
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
