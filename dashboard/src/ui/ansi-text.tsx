// A message with its terminal colours as spans, and the searched words marked. Text only, never markup.
import type { CSSProperties, ReactElement, ReactNode } from 'react'
import { markSpans, parseAnsi, type AnsiSpan, type MarkedPiece } from '../text/ansi.ts'

export function AnsiText({ text, mark }: { text: string; mark?: RegExp }): ReactElement {
  const spans = parseAnsi(text)
  const pieces = mark && markSpans(spans, mark)
  return (
    <>
      {spans.map((span, index) => {
        const content = pieces ? marked(pieces[index]!) : span.text
        const style = styleOf(span)
        return style ? (
          <span key={index} style={style}>
            {content}
          </span>
        ) : (
          <span key={index}>{content}</span>
        )
      })}
    </>
  )
}

/** A pattern that finds any of the terms, for `mark`; undefined when there are none. */
export function markPattern(terms: readonly string[]): RegExp | undefined {
  if (terms.length === 0) return undefined
  return new RegExp(
    `(${terms.map((term) => term.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join('|')})`,
    'giu',
  )
}

function marked(pieces: readonly MarkedPiece[]): ReactNode {
  return pieces.map(({ text, isMarked }, index) => (isMarked ? <mark key={index}>{text}</mark> : text))
}

function styleOf(span: AnsiSpan): CSSProperties | undefined {
  const { color, background, bold, dim, italic, underline, strike, inverse } = span
  if (!(color || background || bold || dim || italic || underline || strike || inverse)) return undefined
  const lines = [underline && 'underline', strike && 'line-through'].filter(Boolean).join(' ')
  return {
    color: inverse ? (background ?? 'var(--surface)') : color,
    background: inverse ? (color ?? 'var(--text)') : background,
    ...(bold ? { fontWeight: 600 } : {}),
    ...(dim ? { opacity: 0.65 } : {}),
    ...(italic ? { fontStyle: 'italic' } : {}),
    ...(lines ? { textDecoration: lines } : {}),
  }
}
