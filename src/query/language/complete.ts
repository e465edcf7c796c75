// Completion at a place in a query: which part of the text would be replaced, what is wanted there, and what the
// language itself offers. Names and values that come from records are for the caller to add.
import type { Suggestion } from '../../contracts/request.ts'
import { tokenize, wordEnd, type Token } from './tokens.ts'
import { verbs } from '../verbs/index.ts'
import type { Recorded, Verb } from '../verbs/verb.ts'

export interface Completion {
  /** The part that an editor replaces, in UTF-16 units of the text. */
  from: number
  to: number
  wants: Wanted
  suggestions: Suggestion[]
}

/**
 * `prefix` is what has been typed up to the cursor, without quotes. `name`: a name with its operator, a keyword, or any
 * word; `value`: of that name, one of the language's own `values` or of what the records have; `word`: free text, as inside quotes.
 */
export type Wanted =
  | { type: 'name'; prefix: string; operator: boolean }
  | { type: 'value'; name: string; prefix: string; recorded: Recorded; values: readonly string[] }
  | { type: 'word'; prefix: string }
  | { type: 'nothing' }

/** `cursor` is a place in the text; default: its end. */
export function completeQuery(text: string, cursor: number = text.length): Completion {
  const typed = text.slice(0, cursor)
  const tokens = tokenize(typed, { tolerant: true }).slice(0, -1)
  const last = tokens.at(-1)
  const token = last?.to === cursor ? last : undefined
  const group = groupAt(tokens)
  const wordTo = (from: number): number => Math.max(cursor, wordEnd(text, from, group.depth > 0))
  const nothing: Completion = { from: cursor, to: cursor, wants: { type: 'nothing' }, suggestions: [] }

  function value(name: string, from: number, form: 'bare' | 'quoted', prefix: string): Completion {
    const { values = [], recorded = 'values', names } = verbNamed(name)
    const suggestions = values
      .filter((each) => begins(each, prefix))
      .map((each): Suggestion => ({ text: each, kind: 'value' }))
    return { from, to: form === 'quoted' ? quoteEnd(text, cursor) : wordTo(from), wants: { type: 'value', name: names ? name.toLowerCase() : name, prefix, recorded, values }, suggestions } // oxfmt-ignore
  }

  function nameOrWord(from: number, prefix: string): Completion {
    if (group.name !== undefined) return value(group.name, from, 'bare', prefix)
    const [rest, operator] = /^[^\s()":=<>!]*([:=<>!]?)/.exec(text.slice(cursor))!
    const to = cursor + rest.length - operator!.length
    const names = verbs.flatMap(({ names, offered = names, detail }) =>
      offered
        .filter((name) => begins(name, prefix))
        .map((name): Suggestion => ({
          text: operator ? name : `${name}:`,
          kind: 'name',
          ...(detail ? { detail } : {}),
        })),
    )
    const wants: Wanted = { type: 'name', prefix, operator: !operator }
    return { from, to, wants, suggestions: [...names, ...keywords(prefix, tokens)] }
  }

  if (!token || token.type === 'open') return nameOrWord(cursor, '')
  switch (token.type) {
    case 'and':
    case 'or':
    case 'word':
      return nameOrWord(token.from, typed.slice(token.from))
    case 'not':
      // The word may still become another; the sign may not.
      return typed.endsWith('-') ? nameOrWord(cursor, '') : nameOrWord(token.from, 'NOT')
    case 'phrase':
      if (!token.unclosed) return nothing
      if (group.name !== undefined) return value(group.name, token.from, 'quoted', token.text)
      return { ...nothing, from: token.from, wants: { type: 'word', prefix: token.text } }
    case 'comparison': {
      if (group.name !== undefined) return value(group.name, token.from, 'bare', token.raw)
      const { name, value: typedValue } = token
      if (!typedValue || typedValue.form === 'regexp') return nothing
      const { form, from, text: prefix, unclosed } = typedValue
      if (form === 'quoted') return unclosed ? value(name, from, form, prefix) : nothing
      const dots = prefix.lastIndexOf('..')
      const second = dots >= 0 && verbNamed(name).values ? dots + 2 : 0
      return value(name, from + second, form, prefix.slice(second))
    }
    default:
      return nothing
  }
}

/** How deep in parentheses the end of the tokens is, and the name before the parenthesis: `level:(error OR `. */
function groupAt(tokens: readonly Token[]): { depth: number; name?: string } {
  const names: (string | undefined)[] = []
  tokens.forEach((token, index) => {
    const before = tokens[index - 1]
    if (token.type === 'open') {
      names.push(before?.type === 'comparison' && !before.value ? (names.at(-1) ?? before.name) : names.at(-1))
    } else if (token.type === 'close') names.pop()
  })
  const name = names.at(-1)
  return { depth: names.length, ...(name === undefined ? {} : { name }) }
}

/** AND and OR only behind something that they could join. */
function keywords(prefix: string, tokens: readonly Token[]): Suggestion[] {
  const before = prefix === '' ? tokens.at(-1) : tokens.at(-2)
  const joins = before && !['open', 'and', 'or', 'not'].includes(before.type)
  return (joins ? ['AND', 'OR', 'NOT'] : ['NOT'])
    .filter((word) => begins(word, prefix))
    .map((text) => ({ text, kind: 'keyword' }))
}

function verbNamed(name: string): Partial<Verb> {
  return verbs.find(({ names }) => names.includes(name.toLowerCase())) ?? {}
}

/** Behind the rest of a quoted text, if it is closed before the next white space. */
function quoteEnd(text: string, cursor: number): number {
  return cursor + (/^[^\s"]*"/.exec(text.slice(cursor))?.[0].length ?? 0)
}

const begins = (text: string, prefix: string): boolean => text.toLowerCase().startsWith(prefix.toLowerCase())
