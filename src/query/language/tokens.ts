// Query text → tokens. Forgiving on purpose: what people paste (paths, addresses, `foo()`, `12:30:45`) must come
// through as words, so every rule here asks "could this be log text?" first.
import { queryError, type Position } from './query-error.ts'
import type { Operator } from './syntax-tree.ts'

export interface Value extends Position {
  form: 'bare' | 'quoted' | 'regexp'
  text: string
  /** A quote that is still open. */
  unclosed?: true
}

export type Token = Position &
  (
    | { type: 'open' | 'close' | 'and' | 'or' | 'not' | 'end' }
    | { type: 'word' | 'phrase' | 'regexp'; text: string; unclosed?: true }
    /** No value: a parenthesis follows, each word in it is a value. */
    | { type: 'comparison'; name: string; operator: Operator; value?: Value; raw: string }
  )

/** A name does not start with a digit, so that `10.0.0.1:80` and `12:30` are words. */
const comparisonStart = /([\p{L}_@$](?:[\p{L}\p{N}_@.$/[\]-]*[\p{L}\p{N}_\]])?)(:?(?:>=|<=|!=|>|<)|==|:|=)/uy
/** Fields are looked for along their dots; the name is no longer than anybody would give one. */
export const isNameLength = (name: string): boolean => name.length <= 256 && name.split('.').length <= 20

const space = /\s/
const keywords: Record<string, 'and' | 'or' | 'not'> = { AND: 'and', OR: 'or', NOT: 'not' }

/** `tolerant`: what is wrong so far, as somebody is still typing, is no error: a quote that is open reaches to the end. */
export function tokenize(text: string, { tolerant = false }: { tolerant?: boolean } = {}): Token[] {
  const tokens: Token[] = []
  let at = 0
  let depth = 0
  while (at < text.length) {
    const from = at
    const char = text[at]!
    if (space.test(char)) {
      at++
    } else if (char === '(') {
      depth++
      tokens.push({ type: 'open', from, to: ++at })
    } else if (char === ')') {
      if (depth-- === 0 && !tolerant) {
        throw queryError('This ) closes nothing', { from, to: from + 1 }, 'Remove it, or put it in quotes: ")"')
      }
      tokens.push({ type: 'close', from, to: ++at })
    } else if (char === '-' && at + 1 < text.length && !/[\s)]/.test(text[at + 1]!) && !text.startsWith('--', at)) {
      tokens.push({ type: 'not', from, to: ++at })
    } else {
      const token = readTerm(text, from, depth > 0, tolerant)
      tokens.push(token)
      at = token.to
    }
  }
  tokens.push({ type: 'end', from: text.length, to: text.length })
  return tokens
}

function readTerm(text: string, from: number, inside: boolean, tolerant: boolean): Token {
  const char = text[from]
  if (char === '"') {
    return { type: 'phrase', ...readQuoted(text, from, tolerant) }
  }
  if (char === '/') {
    const to = regexpEnd(text, from)
    if (to) return { type: 'regexp', text: text.slice(from + 1, to - 1), from, to }
  }
  const comparison = readComparison(text, from, inside, tolerant)
  if (comparison) return comparison
  const to = wordEnd(text, from, inside)
  const word = text.slice(from, to)
  const keyword = keywords[word]
  return keyword ? { type: keyword, from, to } : { type: 'word', text: word, from, to }
}

function readComparison(text: string, from: number, inside: boolean, tolerant: boolean): Token | undefined {
  comparisonStart.lastIndex = from
  const match = comparisonStart.exec(text)
  if (!match) return undefined
  const valueFrom = from + match[0].length
  const name = match[1]!
  if (!isNameLength(name)) return undefined
  const sign = match[2]!.replace(/^:(?=.)/, '')
  const operator = (sign === ':' || sign === '==' ? '=' : sign) as Operator
  if (text.startsWith('//', valueFrom)) return undefined
  if (text[valueFrom] === '(') {
    return { type: 'comparison', name, operator, raw: text.slice(from, valueFrom), from, to: valueFrom }
  }
  const value = readValue(text, valueFrom, inside, tolerant)
  return { type: 'comparison', name, operator, value, raw: text.slice(from, value.to), from, to: value.to }
}

function readValue(text: string, from: number, inside: boolean, tolerant: boolean): Value {
  if (text[from] === '"') return { form: 'quoted', ...readQuoted(text, from, tolerant) }
  const end = text[from] === '/' ? regexpEnd(text, from) : undefined
  if (end) return { form: 'regexp', text: text.slice(from + 1, end - 1), from, to: end }
  const to = wordEnd(text, from, inside)
  return { form: 'bare', text: text.slice(from, to), from, to }
}

/** In quotes `\"` and `\\` are escapes; any other backslash is itself, as Windows paths are pasted often. */
function readQuoted(text: string, from: number, tolerant: boolean): Omit<Value, 'form'> {
  let result = ''
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at]!
    if (char === '"') return { text: result, from, to: at + 1 }
    const next = text[at + 1]
    if (char === '\\' && (next === '"' || next === '\\')) {
      result += next
      at++
    } else result += char
  }
  if (tolerant) return { text: result, from, to: text.length, unclosed: true }
  throw queryError('This quote is never closed', { from, to: text.length }, 'Add " at the end of the phrase.')
}

/** `/…/` is a regular expression only if the second slash ends the term: `/usr/bin` is a word. */
function regexpEnd(text: string, from: number): number | undefined {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '/') {
      const next = text[at + 1]
      return at > from + 1 && (next === undefined || next === ')' || space.test(next)) ? at + 1 : undefined
    }
  }
  return undefined
}

/** Whether such a name may stand in front of an operator. */
export function isName(text: string): boolean {
  comparisonStart.lastIndex = 0
  return comparisonStart.exec(`${text}:`)?.[1] === text && isNameLength(text)
}

/** A value as it has to be written to be read as what it is. */
export function formatValue(text: string): string {
  if (text !== '' && !/[\s()"*]|^[-/<>=!:]|\.\.|^(?:AND|OR|NOT)$/.test(text)) return text
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

/** A word ends at white space, or inside parentheses at one that it did not open: `(see foo())`. */
export function wordEnd(text: string, from: number, inside: boolean): number {
  let open = 0
  for (let at = from; at < text.length; at++) {
    const char = text[at]!
    if (space.test(char)) return at
    if (char === '(') open++
    else if (char === ')' && open-- === 0) {
      if (inside) return at
      open = 0
    }
  }
  return text.length
}
