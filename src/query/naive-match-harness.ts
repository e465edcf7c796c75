// For tests: the meaning of a query on one object, as plainly as it can be written, sharing no code with the predicate.
import { kinds, severityName, streams, type LogRecord } from '../record.ts'
import type { Condition, Pattern, Query } from './syntax-tree.ts'

export function naiveMatch(query: Query, record: LogRecord): boolean {
  switch (query.type) {
    case 'all':
      return true
    case 'and':
      return query.items.every((item) => naiveMatch(item, record))
    case 'or':
      return query.items.some((item) => naiveMatch(item, record))
    case 'not':
      return !naiveMatch(query.item, record)
    case 'condition':
      return meets(query.condition, record)
  }
}

function meets(condition: Condition, record: LogRecord): boolean {
  switch (condition.verb) {
    case 'text': {
      const escaped = condition.text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
      const pattern = condition.whole ? `(?<!\\w(?=\\w))${escaped}(?!(?<=\\w)\\w)` : escaped
      const texts = condition.messageOnly ? [record.message] : searchable(record)
      return texts.some((text) => new RegExp(pattern, 'i').test(text))
    }
    case 'regexp': {
      const texts = condition.field
        ? values(record, condition.field)
            .filter((value) => value === null || typeof value !== 'object')
            .map(String)
        : searchable(record)
      return texts.some((text) => new RegExp(condition.pattern, 'i').test(text))
    }
    case 'field':
      return values(record, condition.name).some((value) => compares(value, condition.operator, condition.value))
    case 'has':
      return values(record, condition.name).length > 0
    case 'level':
      assertLevel(record.severity)
      return record.severity >= condition.from && record.severity <= condition.to
    case 'source':
    case 'session':
      return like(record[condition.verb], condition.value)
    case 'logger':
      return record.logger !== undefined && like(record.logger, condition.value)
    case 'stream':
      return streams.includes(condition.stream) && record.stream === condition.stream
    case 'kind':
      return kinds.includes(condition.kind) && record.kind === condition.kind
    case 'run':
      return record.run >= condition.from && record.run <= condition.to
    case 'time':
      return record.time >= (condition.from ?? -Infinity) && record.time < (condition.to ?? Infinity)
  }
}

function assertLevel(severity: number): void {
  if (!severityName(severity)) throw new Error(`no level ${severity}`)
}

function searchable(record: LogRecord): string[] {
  const own = [record.message, record.logger, record.traceId, record.spanId].filter((text) => text !== undefined)
  return [...own, ...leaves(record.fields)]
}

function leaves(value: unknown): string[] {
  if (value === undefined) return []
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(leaves) : [String(value)]
}

function values(record: LogRecord, name: string): unknown[] {
  if (name === 'source' || name === 'session' || name === 'message') return [record[name]]
  if (name === 'logger' || name === 'traceId' || name === 'spanId') {
    if (record[name] !== undefined) return [record[name]]
  }
  const paths = flatten(record.fields ?? {})
  const direct = paths.filter(([path]) => path === name || `fields.${path}` === name).map(([, value]) => value)
  return direct.flatMap((value) => (Array.isArray(value) ? value : [value]))
}

/** Every key at any depth with its dotted path. */
function flatten(holder: object): [string, unknown][] {
  return Object.entries(holder).flatMap(([key, value]): [string, unknown][] => {
    const inner = value !== null && typeof value === 'object' && !Array.isArray(value) ? flatten(value) : []
    return [[key, value], ...inner.map(([path, leaf]): [string, unknown] => [`${key}.${path}`, leaf])]
  })
}

function compares(value: unknown, operator: string, pattern: Pattern): boolean {
  if (value !== null && typeof value === 'object') return false
  if (operator === '=')
    return like(String(value), pattern) || (typeof value === 'number' && value === Number(pattern.text))
  const wanted = Number(pattern.text)
  if (Number.isNaN(wanted)) {
    if (typeof value !== 'string') return false
    return order(
      value.toLowerCase() < pattern.text.toLowerCase() ? -1 : value.toLowerCase() > pattern.text.toLowerCase() ? 1 : 0,
      operator,
    )
  }
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() ? Number(value) : NaN
  return !Number.isNaN(number) && order(Math.sign(number - wanted), operator)
}

function order(sign: number, operator: string): boolean {
  return operator.includes('=') && sign === 0 ? true : operator.startsWith('>') ? sign > 0 : sign < 0
}

function like(text: string, pattern: Pattern): boolean {
  const escaped = pattern.text.replace(/[.+?^${}()|[\]\\/]/g, '\\$&')
  const source = pattern.wildcard ? escaped.replaceAll('*', '.*') : escaped.replaceAll('*', '\\*')
  return new RegExp(`^${source}$`, 'is').test(text)
}
