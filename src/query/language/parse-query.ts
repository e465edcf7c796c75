// Query text → syntax tree, by recursive descent: or, and, not, term. Terms are handed to the verb that their name says.
import type { ServiceNames } from '../../contracts/record.ts'
import { queryError } from './query-error.ts'
import { everything, joined, type Operator, type Query } from './syntax-tree.ts'
import { tokenize, type Token, type Value } from './tokens.ts'
import { field } from '../verbs/field.ts'
import { verbs } from '../verbs/index.ts'
import { regexpQuery } from '../verbs/regexp.ts'
import { textQuery } from '../verbs/text.ts'

const longestQuery = 10_000
const deepestNesting = 100

/** The end of a longer text hardly matters, and looking for it again at each letter could take long. */
const longestWhole = 200

const verbByName = new Map(verbs.flatMap((verb) => verb.names.map((name) => [name, verb])))

/** The name and operator in front of a parenthesis: `level:(error OR critical)`. */
interface Prefix {
  name: string
  operator: Operator
}

export interface ParseOptions {
  /** Relative times count back from here; Unix milliseconds, default: the present. */
  now?: number
  /** Names of services. Default: after their loggers and sources. */
  serviceNames?: ServiceNames | undefined
}

/** Throws LogboomError `query-invalid` with `position`. */
export function parseQuery(text: string, { now = Date.now(), serviceNames = {} }: ParseOptions = {}): Query {
  if (text.length > longestQuery) {
    const tooMuch = { from: longestQuery, to: text.length }
    throw queryError(`The query is longer than ${longestQuery} characters`, tooMuch, 'Shorten it, or send several.')
  }
  const tokens = tokenize(text)
  let at = 0
  let depth = 0

  function parseOr(prefix?: Prefix): Query {
    const items = [parseAnd(prefix)]
    while (tokens[at]!.type === 'or') {
      at++
      items.push(parseAnd(prefix))
    }
    return joined('or', items)
  }

  function parseAnd(prefix?: Prefix): Query {
    const items = [parseNot(prefix)]
    for (;;) {
      const { type } = tokens[at]!
      if (type === 'and') at++
      else if (type === 'or' || type === 'close' || type === 'end') return joined('and', items)
      items.push(parseNot(prefix))
    }
  }

  function parseNot(prefix?: Prefix): Query {
    let negated = false
    for (; tokens[at]!.type === 'not'; at++) negated = !negated
    const item = parseTerm(prefix)
    return negated ? { type: 'not', item } : item
  }

  function parseTerm(prefix?: Prefix): Query {
    const token = tokens[at]!
    switch (token.type) {
      case 'open':
        return parseGroup(prefix)
      case 'word':
      case 'phrase':
      case 'regexp':
        at++
        return prefix ? compare(prefix, valueOf(token), token) : termQuery(token)
      case 'comparison': {
        at++
        if (prefix) return compare(prefix, { form: 'bare', text: token.raw, from: token.from, to: token.to }, token)
        if (token.value) return compare(token, token.value, token, true)
        return parseGroup(token)
      }
      default:
        throw missingTerm(text, token, tokens[at - 1])
    }
  }

  function parseGroup(prefix?: Prefix): Query {
    const open = tokens[at++]!
    if (++depth > deepestNesting) {
      throw queryError(
        `More than ${deepestNesting} parentheses inside each other`,
        open,
        'Remove those that change nothing.',
      )
    }
    const inside = parseOr(prefix)
    if (tokens[at]!.type !== 'close') {
      throw queryError('This ( is never closed', open, 'Add ) at the end, or put the text in quotes: "foo("')
    }
    at++
    depth--
    return inside
  }

  function compare(prefix: Prefix, value: Value, token: Token, alsoText = false): Query {
    const { name, operator } = prefix
    const named = verbByName.get(name.toLowerCase())
    const verb = named?.claims?.(value) === false ? undefined : named
    const raw = text.slice(token.from, token.to)
    const positive = operator === '!=' ? '=' : operator
    // `TypeError:` and `a=` are log text, not comparisons with nothing.
    if (!verb && value.text === '' && value.form === 'bare' && positive === '=') {
      return textQuery(raw)
    }
    const bracketed = value.form === 'bare' && /^[[{](\S+) +TO +(\S+)[\]}]/.exec(text.slice(value.from))
    if (bracketed) {
      const [whole, first, last] = bracketed
      const position = { from: value.from, to: value.from + whole.length }
      throw queryError('Ranges are written without brackets', position, `Write ${name}:${first}..${last}`)
    }
    const { from, to } = token
    const query = (verb ?? field).parse({ name, operator: positive, value, raw, now, serviceNames, from, to })
    if (operator === '!=') return { type: 'not', item: query }
    const isOneValue = value.form === 'bare' && !value.text.includes('*') && !isRange(query)
    return alsoText && !verb && operator === '=' && isOneValue ? fieldOrText(query, raw) : query
  }

  if (tokens[0]!.type === 'end') return everything
  return parseOr()
}

function valueOf(token: Extract<Token, { text: string }>): Value {
  const form = token.type === 'word' ? 'bare' : token.type === 'phrase' ? 'quoted' : 'regexp'
  return { form, text: token.text, from: token.from, to: token.to }
}

function termQuery(token: Extract<Token, { text: string }>): Query {
  if (token.type === 'regexp') return regexpQuery(token.text, token)
  // People put * at the ends of words; words match inside others anyway.
  const text = token.type === 'word' ? token.text.replace(/^\*+|\*+$/g, '') : token.text
  return text ? textQuery(text) : everything
}

const isRange = (query: Query): boolean => query.type === 'condition' && query.condition.verb === 'range'

/** `token` stands where a word, a condition or a parenthesis should be; `before` is what demands it. */
function missingTerm(text: string, token: Token, before: Token | undefined): Error {
  const quote = (what: Token): string => `To search for it as text, quote it: "${text.slice(what.from, what.to)}"`
  if (before?.type === 'open' && token.type === 'close') {
    return queryError('There is nothing in these parentheses', { from: before.from, to: token.to }, 'Remove them.')
  }
  if (token.type === 'and' || token.type === 'or') {
    return queryError(`Something is missing before ${text.slice(token.from, token.to)}`, token, quote(token))
  }
  return before?.type === 'open'
    ? queryError('This ( is never closed', before, 'Write what to search for and ) behind it, or quote it: "("')
    : queryError(`Something is missing after ${text.slice(before!.from, before!.to)}`, before!, quote(before!))
}

/**
 * A bare `name:value` in a query: the field, or the same text standing in a line, as `port:80` and
 * `state=ready` are often printed, and pasted, as they are.
 */
function fieldOrText(query: Query, raw: string): Query {
  return joined('or', [query, textQuery(raw, { whole: raw.length <= longestWhole })])
}
