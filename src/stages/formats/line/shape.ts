// The text between time and message in one format, as a pattern whose named groups say what they are.
import { numberOfDigits } from '../../../json/written-number.ts'
import type { ParsedLine } from '../../parsed-line.ts'
import { readLevel } from './level.ts'
import { matchAt, textOf, type Line } from './line.ts'

/** Group → field, named as OpenTelemetry names them where it does. Other groups are `level`, `logger`, `traceId`, `spanId`. */
const fieldNames: Record<string, string> = {
  pid: 'process.pid',
  thread: 'thread.name',
  tid: 'thread.id',
  file: 'code.file.path',
  line: 'code.line.number',
  function: 'code.function.name',
  client: 'client.address',
  port: 'client.port',
  user: 'user.name',
  database: 'db.namespace',
  host: 'host.name',
  levelWord: 'log.level',
}
const numeric = new Set(['pid', 'tid', 'line', 'port', 'connection', 'entry'])

export interface Shape {
  /** First characters behind the time, spaces left out, with which it can begin; `A` are two capitals, `a` is any other
   * word, `0` any digit. */
  first: string
  pattern: RegExp
  /** Names of the groups in their order. */
  groups: string[]
  /** For lines that have no level of their own. */
  severity?: number
  /** Takes out what stands behind the message. */
  takeEnd?: (parsed: ParsedLine, line: Line) => void
}

/** `pattern` is sticky and starts right behind the time; the message starts where it ends. */
export function shape(first: string, pattern: RegExp, more: Pick<Shape, 'severity' | 'takeEnd'> = {}): Shape {
  const groups = [...pattern.source.matchAll(/\(\?<([a-z]\w*)>/gi)].map((match) => match[1]!)
  return { first, pattern, groups, ...more }
}

/** Undefined when the shape does not fit, or what must be a level is none. */
export function readShape(
  { pattern, groups, severity, takeEnd }: Shape,
  line: Line,
  from: number,
): ParsedLine | undefined {
  const found = matchAt(pattern, line.head, from)
  if (!found) return undefined
  const parsed: ParsedLine = { skipBytes: from + found[0].length }
  if (severity !== undefined) parsed.severity = severity
  let fields: Record<string, unknown> | undefined
  for (let i = 0; i < groups.length; i++) {
    const text = found[i + 1]
    if (text === undefined || text === '') continue
    const group = groups[i]!
    if (group === 'level') {
      const level = readLevel(text)
      if (!level) return undefined
      parsed.severity = level.severity
      if (level.word !== undefined) (fields ??= {})['log.level'] = level.word
    } else if (group === 'logger' || group === 'traceId' || group === 'spanId') parsed[group] = textOf(text)
    else if (numeric.has(group)) {
      // The process in the line is worth a field only when it is not the one that the run already names.
      if (group !== 'pid' || Number(text) !== line.pid)
        (fields ??= {})[fieldNames[group] ?? group] = numberOfDigits(text)
    } else (fields ??= {})[fieldNames[group] ?? group] = textOf(text.trim())
  }
  if (fields) parsed.fields = fields
  takeEnd?.(parsed, line)
  return parsed
}
