// Text with terminal colours → spans that a browser may show. Log text is data: nothing of it becomes markup, and every
// sequence that is not a colour or a style (cursor movement, titles, links) is dropped.

import { ansiParts, sgrOf } from '../../../src/text/ansi.ts'

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

const control = /[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]/g

/** The spans of a text, in order; joined they are the text without its sequences. */
export function parseAnsi(text: string): AnsiSpan[] {
  const spans: AnsiSpan[] = []
  let style: Style = {}
  const push = (part: string): void => {
    const last = spans.at(-1)
    if (last && sameStyle(last, style)) last.text += showControls(part)
    else spans.push({ ...style, text: showControls(part) })
  }
  for (const part of ansiParts(text)) {
    const sgr = part.sequence === undefined ? undefined : sgrOf(part.sequence)
    if (part.sequence === undefined) push(part.text)
    else if (sgr !== undefined) style = applySgr(style, sgr)
  }
  return spans
}

/** The parts of one span, marked and unmarked. */
export interface MarkedPiece {
  text: string
  isMarked: boolean
}

/** The pieces of each span; a mark may begin in one colour and end in another. */
export function markSpans(spans: readonly AnsiSpan[], mark: RegExp): MarkedPiece[][] {
  const ranges = Array.from(
    spans
      .map(({ text }) => text)
      .join('')
      .matchAll(mark),
    ({ 0: found, index }) => ({
      from: index,
      to: index + found.length,
    }),
  )
  let at = 0
  let next = 0
  return spans.map(({ text }) => {
    const pieces: MarkedPiece[] = []
    const end = at + text.length
    const begin = at
    const take = (to: number, isMarked: boolean): void => {
      if (to > at) pieces.push({ text: text.slice(at - begin, to - begin), isMarked })
      at = Math.max(at, to)
    }
    for (; next < ranges.length && ranges[next]!.from < end; next++) {
      const { from, to } = ranges[next]!
      take(from, false)
      take(Math.min(to, end), true)
      if (to > end) break
    }
    take(end, false)
    return pieces
  })
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
  const codes = parameters.split(';').flatMap(codesOf)
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
    else if (code === 38 || code === 48 || code === 58) {
      const [color, used] = extendedColor(codes, i + 1)
      i += used
      if (color === undefined) continue
      if (code === 38) next.color = color
      else if (code === 48) next.background = color
    }
  }
  return next
}

/** `38:2::1:2:3`, where a colour space may stand in front of red, and `4:3`, a wavy line, as the codes that stand behind each other. */
function codesOf(parameter: string): number[] {
  const [code, ...more] = parameter.split(':').map((number) => Number(number) || 0) as [number, ...number[]]
  if (more.length === 0) return [code]
  if (code === 4) return [more[0] === 0 ? 24 : 4]
  return [code, more[0]!, ...(more[0] === 2 && more.length > 4 ? more.slice(2, 5) : more.slice(1, 4))]
}

/** Parameters behind 38, 48 or 58: `5;n` or `2;r;g;b`. Gives the colour and how many codes it took. */
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
