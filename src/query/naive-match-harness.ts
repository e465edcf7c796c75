// For tests: the meaning of a query on one object, as plainly as it can be written, sharing no code with the predicate.
import { createHash } from 'node:crypto'
import { RepeatedValues } from '../json/repeated-values.ts'
import { WrittenNumber } from '../json/written-number.ts'
import { kinds, severityName, streams, type LogRecord, type ServiceNames } from '../contracts/record.ts'
import type { Pattern, Query } from './language/syntax-tree.ts'
import type { KindCondition, StreamCondition } from './verbs/column.ts'
import type { FieldCondition } from './verbs/field.ts'
import type { HasCondition } from './verbs/has.ts'
import type { LevelCondition } from './verbs/level.ts'
import type { NameCondition } from './verbs/name.ts'
import type { NumberCondition } from './verbs/number.ts'
import type { RangeCondition } from './verbs/range.ts'
import type { RegExpCondition } from './verbs/regexp.ts'
import type { ServiceCondition } from './verbs/service.ts'
import type { TemplateCondition } from './verbs/template.ts'
import type { TextCondition } from './verbs/text.ts'
import type { TimeCondition } from './verbs/time.ts'

export type AnyCondition =
  | TextCondition
  | RegExpCondition
  | FieldCondition
  | RangeCondition
  | HasCondition
  | LevelCondition
  | NameCondition<'source'>
  | NameCondition<'session'>
  | NameCondition<'logger'>
  | ServiceCondition
  | StreamCondition
  | KindCondition
  | TemplateCondition
  | NumberCondition<'run'>
  | NumberCondition<'id'>
  | NumberCondition<'seq'>
  | TimeCondition

/** Colours are no text. */
export function naiveMatch(query: Query, record: LogRecord): boolean {
  return isMatch(query, naivePlain(record))
}

/** The same without the sequences that random records have, in message, logger and values. */
export function naivePlain<Value>(value: Value): Value {
  return plain(value) as Value
}

function plain(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replace(/(?:\x1b\[|\x9b)[\d;:]*m|\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\(B|\x1b/g, '')
  if (value instanceof RepeatedValues) return RepeatedValues.from(value.map(plain))
  if (Array.isArray(value)) return value.map(plain)
  if (isLeaf(value)) return value
  return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, plain(inner)]))
}

function isMatch(query: Query, record: LogRecord): boolean {
  switch (query.type) {
    case 'all':
      return true
    case 'and':
      return query.items.every((item) => isMatch(item, record))
    case 'or':
      return query.items.some((item) => isMatch(item, record))
    case 'not':
      return !isMatch(query.item, record)
    case 'condition':
      return meets(query.condition as AnyCondition, record)
  }
}

function meets(condition: AnyCondition, record: LogRecord): boolean {
  switch (condition.verb) {
    case 'text': {
      const escaped = condition.text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
      const pattern = condition.whole ? `(?<!\\w(?=\\w))${escaped}(?!(?<=\\w)\\w)` : escaped
      const texts = condition.messageOnly ? [record.message] : searchable(record)
      return texts.some((text) => new RegExp(pattern, 'i').test(text))
    }
    case 'regexp': {
      const texts = condition.field ? values(record, condition.field).filter(isLeaf).map(String) : searchable(record)
      // ſ and K are no forms of s and k.
      return texts.some((text) => new RegExp(condition.pattern, 'iu').test(text.replace(/[ſK]/g, '\ue000')))
    }
    case 'field':
      return values(record, condition.name).some((value) => compares(value, condition.operator, condition.value))
    case 'range':
      return values(record, condition.name).some((value) => {
        const { from, to } = condition
        const least = from === undefined ? 1 : signOf(value, from)
        const most = to === undefined ? -1 : signOf(value, to)
        return Number.isNaN(signOf(value, '0')) ? false : least >= 0 && most <= 0
      })
    case 'template':
      return createHash('sha256').update(naiveTemplate(record.message)).digest('hex').startsWith(condition.id)
    case 'has':
      if (condition.name === 'fields') return record.fields !== undefined
      return values(record, condition.name).length > 0
    case 'level':
      assertLevel(record.severity)
      return record.severity >= condition.from && record.severity <= condition.to
    case 'source':
    case 'session':
      return like(record[condition.verb], condition.value)
    case 'logger':
      return record.logger !== undefined && like(record.logger, condition.value)
    case 'service': {
      const [first] = (record.logger ?? '').split('.')
      return like(naiveServiceName(first || record.source, condition.names), condition.value)
    }
    case 'stream':
      return streams.includes(condition.stream) && record.stream === condition.stream
    case 'kind':
      return kinds.includes(condition.kind) && record.kind === condition.kind
    case 'run':
    case 'id':
    case 'seq':
      return record[condition.verb] >= condition.from && record[condition.verb] <= condition.to
    case 'time':
      return record.time >= (condition.from ?? -Infinity) && record.time < (condition.to ?? Infinity)
  }
}

/** Each word with a capital. */
export function naiveServiceName(key: string, names: ServiceNames): string {
  const words = key
    .replace(/[\s_.-]/g, ' ')
    .trim()
    .replace(/ +/g, ' ')
  return Object.entries(names).find(([each]) => each === key)?.[1] ?? words.replace(/(^| )(\S)/g, (_, gap: string, letter: string) => gap + letter.toUpperCase()) // oxfmt-ignore
}

function assertLevel(severity: number): void {
  if (!severityName(severity)) throw new Error(`no level ${severity}`)
}

/** The rule of template.ts as a regular expression. */
export function naiveTemplate(message: string): string {
  const word = /[A-Za-z_0-9\u{80}-\u{10ffff}](?:[A-Za-z_0-9\u{80}-\u{10ffff}]|(?<=[0-9])\.(?=[0-9])|-(?=[A-Za-z_0-9\u{80}-\u{10ffff}]))*/gu // oxfmt-ignore
  let result = ''
  let at = 0
  let variables = 0
  for (const { 0: text, index } of message.matchAll(word)) {
    if (!/[0-9]/.test(text)) continue
    result += `${message.slice(at, index)}<*>`
    at = index + text.length
    if (++variables === 48) return result
  }
  return result + message.slice(at)
}

/** Every text in which words are looked for. */
export function searchable(record: LogRecord): string[] {
  const own = [record.message, record.logger, record.traceId, record.spanId].filter((text) => text !== undefined)
  return [...own, ...leaves(record.fields)]
}

function leaves(value: unknown): string[] {
  if (value === undefined) return []
  return isLeaf(value) ? [String(value)] : Object.values(value as object).flatMap(leaves)
}

function values(record: LogRecord, name: string): unknown[] {
  if (name === 'source' || name === 'session' || name === 'message') return [record[name]]
  const own = (['logger', 'traceId', 'spanId'] as const).find(
    (each) => each.toLowerCase() === name.toLowerCase().replace(/^log\.(?=logger$)|(?<=^trace|^span)[._](?=id$)/, ''),
  )
  const owned = own && record[own] !== undefined ? [record[own]] : []
  if (owned.length > 0 && !name.includes('.')) return owned
  const paths = flatten(record.fields ?? {})
  const direct = paths.filter(([path]) => path === name || `fields.${path}` === name).map(([, value]) => value)
  return [...owned, ...direct].flatMap((value) => (Array.isArray(value) ? (value instanceof RepeatedValues ? value.flat() : value) : [value])) // oxfmt-ignore
}

/** Every key at any depth with its dotted path; lists add nothing to it. */
function flatten(holder: unknown): [string, unknown][] {
  if (Array.isArray(holder)) return holder.flatMap(flatten)
  if (isLeaf(holder)) return []
  return Object.entries(holder as object).flatMap(([key, value]): [string, unknown][] => [
    [key, value],
    ...flatten(value).map(([path, leaf]): [string, unknown] => [`${key}.${path}`, leaf]),
  ])
}

function compares(value: unknown, operator: string, pattern: Pattern): boolean {
  if (!isLeaf(value)) return false
  if (operator === '=')
    return (
      like(String(value), pattern) ||
      (typeof value !== 'string' && !pattern.wildcard && signOf(value, pattern.text) === 0)
    )
  const wanted = Number(pattern.text)
  if (Number.isNaN(wanted)) {
    if (typeof value !== 'string') return false
    return order(
      value.toLowerCase() < pattern.text.toLowerCase() ? -1 : value.toLowerCase() > pattern.text.toLowerCase() ? 1 : 0,
      operator,
    )
  }
  const sign = signOf(value, pattern.text)
  return !Number.isNaN(sign) && order(sign, operator)
}

function isLeaf(value: unknown): boolean {
  return value === null || typeof value !== 'object' || value instanceof WrittenNumber
}

/** Of the difference; NaN where one is no number. */
function signOf(value: unknown, wanted: string): number {
  const text = typeof value === 'boolean' || value === null || typeof value === 'object' && !(value instanceof WrittenNumber) ? '' : String(value) // oxfmt-ignore
  if (text.trim() === '' || wanted.trim() === '') return NaN
  if (Number.isNaN(Number(text)) || Number.isNaN(Number(wanted))) return NaN
  const [left, right] = [fixed(text), fixed(wanted)]
  return left > right ? 1 : left < right ? -1 : 0
}

/** Times 10^500: beyond all that occurs. */
function fixed(text: string): bigint {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^\s*([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?\s*$/i.exec(
    text,
  )!
  const size = BigInt(whole + fraction) * 10n ** BigInt(500 + Number(exponent) - fraction.length)
  return sign === '-' ? -size : size
}

function order(sign: number, operator: string): boolean {
  return operator.includes('=') && sign === 0 ? true : operator.startsWith('>') ? sign > 0 : sign < 0
}

function like(text: string, pattern: Pattern): boolean {
  const escaped = pattern.text.replace(/[.+?^${}()|[\]\\/]/g, '\\$&')
  const source = pattern.wildcard ? escaped.replaceAll('*', '.*') : escaped.replaceAll('*', '\\*')
  return new RegExp(`^${source}$`, 'is').test(text)
}
