// Comparisons with something that has an extent: an error is four severities, a day 24 hours. Its own file because
// levels, times and numbers are compared by the same rule: a value stands for all of what it names.
import type { LogboomError } from '../../contracts/errors.ts'
import { queryError, type Position } from '../language/query-error.ts'
import type { Comparison } from './verb.ts'

/** `to` is exclusive. */
export interface Span {
  from: number
  to: number
}

/**
 * The stretch that `name:value`, `name>=value` or `name:from..to` asks for; open ends are infinite. `read` gives what one
 * value stands for, undefined when it is none; `wrong` makes the error for that.
 */
export function spanOf(
  { operator, value, name }: Comparison,
  read: (text: string) => Span | undefined,
  wrong: (text: string, position: Position) => LogboomError,
): Span {
  const known = (text: string, position: Position = value): Span => {
    const span = read(text)
    if (!span) throw wrong(text, position)
    return span
  }
  const ends = operator === '=' ? rangeEnds(value.text) : undefined
  if (ends) {
    const [first, last] = ends
    const bare = value.form === 'bare'
    const { from } = isOpen(first)
      ? { from: -Infinity }
      : known(first, bare ? { from: value.from, to: value.from + first.length } : value)
    const { to } = isOpen(last)
      ? { to: Infinity }
      : known(last, bare ? { from: value.to - last.length, to: value.to } : value)
    if (from >= to) {
      throw queryError(`${value.text} ends before it begins`, value, `Write ${name}:${last}..${first}`)
    }
    return { from, to }
  }
  const { from, to } = known(value.text)
  switch (operator) {
    case '=':
      return { from, to }
    case '>=':
      return { from, to: Infinity }
    case '>':
      return { from: to, to: Infinity }
    case '<=':
      return { from: -Infinity, to }
    case '<':
      return { from: -Infinity, to: from }
  }
}

/** `a..b`, `a..`, `..b`, also with `*` for an open end; undefined for what is no range. */
export function rangeEnds(text: string): [from: string, to: string] | undefined {
  const dots = text.indexOf('..')
  if (dots < 0) return undefined
  const ends: [string, string] = [text.slice(0, dots), text.slice(dots + 2)]
  return ends.every(isOpen) ? undefined : ends
}

export const isOpen = (end: string): boolean => end === '' || end === '*'
