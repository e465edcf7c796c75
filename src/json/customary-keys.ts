// Meanings of the keys that loggers customarily use: pino, bunyan, winston, zap, structlog and their like. One table for lines
// that processes print and for records that come over HTTP.
import { setProperty } from './parse-json.ts'
import { valuesOfKey, withoutValue } from './repeated-values.ts'
import { WrittenNumber } from './written-number.ts'
import { parseSeverity } from '../contracts/record.ts'
import { stripAnsi } from '../text/ansi.ts'
import { readTimestamp } from '../time/timestamp.ts'

export type Part = 'level' | 'message' | 'time' | 'logger' | 'traceId' | 'spanId' | 'audit'

/** Key → what it may be, and its rank where several keys may be the same: the lowest is taken, others stay fields. */
export const customary: ReadonlyMap<string, readonly [Part, number]> = new Map<string, readonly [Part, number]>([
  ['level', ['level', 0]],
  ['severity', ['level', 1]],
  ['lvl', ['level', 2]],
  ['levelname', ['level', 3]],
  ['log.level', ['level', 4]],
  ['loglevel', ['level', 5]],
  ['@l', ['level', 6]],
  ['msg', ['message', 0]],
  ['message', ['message', 1]],
  ['@m', ['message', 2]],
  ['event', ['message', 3]],
  ['time', ['time', 0]],
  ['timestamp', ['time', 1]],
  ['ts', ['time', 2]],
  ['@timestamp', ['time', 3]],
  ['@t', ['time', 4]],
  ['asctime', ['time', 5]],
  ['logger', ['logger', 0]],
  ['logger_name', ['logger', 1]],
  ['loggerName', ['logger', 2]],
  ['log.logger', ['logger', 3]],
  ['name', ['logger', 4]],
  ['module', ['logger', 5]],
  ['trace_id', ['traceId', 0]],
  ['traceId', ['traceId', 1]],
  ['traceID', ['traceId', 2]],
  ['trace.id', ['traceId', 3]],
  ['span_id', ['spanId', 0]],
  ['spanId', ['spanId', 1]],
  ['spanID', ['spanId', 2]],
  ['span.id', ['spanId', 3]],
  ['is_audit', ['audit', 0]],
  ['isAudit', ['audit', 1]],
])

/** The first one that names a source is taken. */
export const sourceKeys: readonly string[] = ['source', 'service']

/** Deeper objects stay text: nobody logs them, and walking them could exhaust the stack further on. */
export const deepestNesting = 50

/** Values of an object, sorted into the parts of a record. */
export interface ObjectParts {
  /** Unix milliseconds. */
  time?: number
  /** SeverityNumber. */
  severity?: number
  message?: string
  logger?: string
  fields?: Record<string, unknown>
  traceId?: string
  spanId?: string
  audit?: boolean
}

/**
 * Values of the customary keys as parts, all others as fields. Values that a key cannot mean are fields; of several the last that it can
 * mean counts, and the others stay fields.
 */
export function shapeObject(object: Record<string, unknown>): ObjectParts {
  const parsed: ObjectParts = {}
  const rank: Partial<Record<Part, number>> = {}
  const taken: Partial<Record<Part, { key: string; index: number }>> = {}
  for (const key in object) {
    const known = customary.get(key)
    if (!known) continue
    const [part, order] = known
    if (order >= (rank[part] ?? 99)) continue
    const index = valuesOfKey(object[key]).findLastIndex((value) => take(parsed, part, value, key))
    if (index < 0) continue
    rank[part] = order
    taken[part] = { key, index }
  }
  // `event` alone is data (`{"event":"click"}`); with level or time it is structlog's message.
  if (taken.message?.key === 'event' && taken.level === undefined && taken.time === undefined) {
    delete taken.message
    delete parsed.message
  }
  let fields: Record<string, unknown> | undefined
  for (const key in object) {
    const known = customary.get(key)
    const part = known && taken[known[0]]
    const rest = part?.key === key ? withoutValue(object[key], part.index) : object[key]
    if (rest !== undefined) setProperty((fields ??= {}), key, rest)
  }
  if (fields) parsed.fields = fields
  return parsed
}

/** Takes the value as that part if it can be one. */
function take(parsed: ObjectParts, part: Part, value: unknown, key: string): boolean {
  switch (part) {
    case 'message':
      if (typeof value !== 'string') return false
      parsed.message = value
      return true
    case 'level': {
      const severity = severityOf(value, key)
      if (severity === undefined) return false
      parsed.severity = severity
      return true
    }
    case 'time': {
      const time = timeOf(value)
      if (Number.isNaN(time)) return false
      parsed.time = time
      return true
    }
    case 'logger':
      if (typeof value !== 'string' || value === '') return false
      parsed.logger = value
      return true
    case 'traceId':
    case 'spanId':
      if (typeof value !== 'string' || !(part === 'traceId' ? /^[0-9a-f]{32}$/i : /^[0-9a-f]{16}$/i).test(value)) {
        return false
      }
      parsed[part] = value.toLowerCase()
      return true
    case 'audit':
      if (value !== true && value !== 'true') return false
      parsed.audit = true
      return true
  }
}

/** SeverityNumber of a level's value as it stands under `key`. */
export function severityOf(value: unknown, key: string): number | undefined {
  if (value instanceof WrittenNumber) return severityOf(Number(value.text), key)
  if (typeof value === 'string') {
    const plain = stripAnsi(value)
    return (
      parseSeverity(plain.trim()) ?? (/^\d+$/.test(plain) ? severityOf(Number(plain), key) : severityBetween(plain))
    )
  }
  if (typeof value !== 'number' || !(value >= 1)) return undefined
  // `severity` as a number is OpenTelemetry's; `level` is pino's and bunyan's, 10 trace to 60 fatal.
  if (key === 'severity') return value <= 24 ? Math.floor(value) : undefined
  if (value < 10 || value >= 100) return undefined
  return Math.min(21, Math.floor(value / 10) * 4 - 3)
}

/** `INFO+2`, as Go's slog names levels between its four; its steps are those of SeverityNumber. */
function severityBetween(text: string): number | undefined {
  const found = /^(DEBUG|INFO|WARN|ERROR)([+-]\d{1,2})$/.exec(text)
  return found ? Math.max(1, Math.min(24, parseSeverity(found[1]!)! + Number(found[2]))) : undefined
}

/** Unix milliseconds; NaN when it is no time. */
export function timeOf(value: unknown): number {
  if (typeof value === 'string') return timeOfText(value)
  return typeof value === 'number' || value instanceof WrittenNumber ? timeOfNumber(Number(value)) : NaN
}

/** Seconds, milli-, micro- or nanoseconds, told apart by size: all from 1973 to 5138. */
function timeOfNumber(value: number): number {
  if (!(value > 1e8) || value > 1e19) return NaN
  if (value < 1e11) return Math.round(value * 1e6) / 1e3
  if (value < 1e14) return value
  return value < 1e17 ? value / 1e3 : value / 1e6
}

function timeOfText(value: string): number {
  const timestamp = readTimestamp(value, 0)
  if (timestamp && timestamp.to === value.length) return timestamp.time
  return /^\d+(\.\d+)?$/.test(value) ? timeOfNumber(Number(value)) : NaN
}

/** No more than `depth` objects and lists lie inside each other. */
export function isWithin(value: object, depth: number): boolean {
  if (depth === 0) return false
  for (const key in value) {
    for (const inner of valuesOfKey((value as Record<string, unknown>)[key])) {
      const isHolder = typeof inner === 'object' && inner !== null && !(inner instanceof WrittenNumber)
      if (isHolder && !isWithin(inner, depth - 1)) return false
    }
  }
  return true
}
