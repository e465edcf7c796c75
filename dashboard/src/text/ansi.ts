// Text with terminal colours → spans that a browser may show. Log text is data: nothing of it becomes markup, and every
// sequence that is not a colour or a style (cursor movement, titles, links) is dropped.

export interface AnsiSpan {
  text: string
  /** A CSS colour: a theme variable for the 16 basic ones, else rgb(). */
  color?: string
  background?: string
  bold?: boolean
  dim?: boolean
  italic?: boolean
  underline?: boolean
  strike?: boolean
  inverse?: boolean
}

type Style = Omit<AnsiSpan, 'text'>

// CSI (with parameters, intermediates, final byte), OSC/DCS/PM/APC up to BEL or ST, two-byte escapes, 8-bit CSI.
const sequence = /(?:\x1b\[|\x9b)([0-?]*)[ -/]*([@-~])|\x1b[\]PX^_][\s\S]*?(?:\x07|\x1b\\|$)|\x1b[ -/]*[0-~]|\x1b/g
const control = /[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]/g

/** The spans of a text, in order; joined they are the text without its sequences. */
export function parseAnsi(text: string): AnsiSpan[] {
  if (!text.includes('\x1b') && !text.includes('\x9b')) return text === '' ? [] : [{ text: showControls(text) }]
  const spans: AnsiSpan[] = []
  let style: Style = {}
  let at = 0
  const push = (part: string): void => {
    if (part === '') return
    const last = spans.at(-1)
    if (last && sameStyle(last, style)) last.text += showControls(part)
    else spans.push({ ...style, text: showControls(part) })
  }
  for (const match of text.matchAll(sequence)) {
    push(text.slice(at, match.index))
    at = match.index + match[0].length
    if (match[2] === 'm') style = applySgr(style, match[1] ?? '')
  }
  push(text.slice(at))
  return spans
}

/** The text without any terminal sequence. */
export function stripAnsi(text: string): string {
  return text.includes('\x1b') || text.includes('\x9b') ? text.replace(sequence, '') : text
}

/** Control characters as their visible pictures (␀ …), so that nobody is deceived by what cannot be seen. */
function showControls(text: string): string {
  return text.replace(control, (character) =>
    character === '\x7f' ? '\u2421' : String.fromCharCode(0x2400 + character.charCodeAt(0)),
  )
}

/** SGR parameters (`1;38;5;208`) applied to a style. */
function applySgr(style: Style, parameters: string): Style {
  const next: Style = { ...style }
  const codes = parameters === '' ? [0] : parameters.split(/[;:]/).map((code) => Number(code) || 0)
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!
    if (code === 0) {
      for (const key of Object.keys(next) as (keyof Style)[]) delete next[key]
    } else if (code === 1) next.bold = true
    else if (code === 2) next.dim = true
    else if (code === 3) next.italic = true
    else if (code === 4 || code === 21) next.underline = true
    else if (code === 7) next.inverse = true
    else if (code === 9) next.strike = true
    else if (code === 22) {
      delete next.bold
      delete next.dim
    } else if (code === 23) delete next.italic
    else if (code === 24) delete next.underline
    else if (code === 27) delete next.inverse
    else if (code === 29) delete next.strike
    else if (code === 39) delete next.color
    else if (code === 49) delete next.background
    else if (code >= 30 && code <= 37) next.color = indexedColor(code - 30)
    else if (code >= 40 && code <= 47) next.background = indexedColor(code - 40)
    else if (code >= 90 && code <= 97) next.color = indexedColor(code - 82)
    else if (code >= 100 && code <= 107) next.background = indexedColor(code - 92)
    else if (code === 38 || code === 48) {
      const [color, used] = extendedColor(codes, i + 1)
      i += used
      if (color === undefined) continue
      if (code === 38) next.color = color
      else next.background = color
    }
  }
  return next
}

/** What follows 38 or 48: `5;n` or `2;r;g;b`. Gives the colour and how many codes it took. */
function extendedColor(codes: number[], at: number): [color: string | undefined, used: number] {
  if (codes[at] === 5) {
    const index = codes[at + 1]
    return [index !== undefined && index < 256 ? indexedColor(index) : undefined, 2]
  }
  if (codes[at] === 2) {
    const [red = 0, green = 0, blue = 0] = codes.slice(at + 1, at + 4).map((value) => Math.min(255, value))
    return [`rgb(${red} ${green} ${blue})`, 4]
  }
  return [undefined, 0]
}

/** Colour of the 256-colour palette: 16 of the theme, a 6×6×6 cube, 24 greys. */
export function indexedColor(index: number): string {
  if (index < 16) return `var(--ansi-${index})`
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10
    return `rgb(${grey} ${grey} ${grey})`
  }
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40)
  const cube = index - 16
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`
}

const styleKeys = ['color', 'background', 'bold', 'dim', 'italic', 'underline', 'strike', 'inverse'] as const

function sameStyle(a: Style, b: Style): boolean {
  return styleKeys.every((key) => a[key] === b[key])
}
