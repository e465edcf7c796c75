// One line of JSON → a record's parts: pino, bunyan, winston, zap, structlog and any logger with the customary keys.
import { parseJson } from '../json/parse-json.ts'
import { valuesOfKey } from '../json/repeated-values.ts'
import { customary, deepestNesting, isWithin, shapeObject, timeOf } from '../json/customary-keys.ts'
import { readDocker } from './formats/container.ts'
import { isPlausible } from './formats/line/line.ts'
import type { ParsedLine } from './parsed-line.ts'

/** Undefined when it is no object, or no log entry: then the line is text. */
export function parseJsonLine(line: string, observed: number): ParsedLine | undefined {
  let object: unknown
  try {
    object = parseJson(line)
  } catch {
    return undefined
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined
  if (!isWithin(object, deepestNesting)) return undefined
  const said = object as Record<string, unknown>
  if ('log' in said) {
    const docker = readDocker(said)
    if (docker) return docker
  }
  const entry = 'fields' in said ? flattenTracing(said) : said
  const parsed: ParsedLine = shapeObject(entry)
  if (parsed.time !== undefined && !isPlausible(parsed.time, observed)) giveBackTime(parsed, entry)
  const { message, severity, time } = parsed
  return message === undefined && (severity === undefined || time === undefined) ? undefined : parsed
}

/** A time that no program can mean is a field like any other. */
function giveBackTime(parsed: ParsedLine, entry: Record<string, unknown>): void {
  const isTaken = (key: string): boolean =>
    customary.get(key)?.[0] === 'time' && valuesOfKey(entry[key]).some((value) => timeOf(value) === parsed.time)
  for (const key of Object.keys(entry).filter(isTaken)) parsed.fields = { ...parsed.fields, [key]: entry[key] }
  delete parsed.time
}

/** Rust's tracing has the message among its fields, and the logger as target: `{"level":"INFO","fields":{"message":"hi"},"target":"shop"}`. */
function flattenTracing(entry: Record<string, unknown>): Record<string, unknown> {
  const { fields, target, ...rest } = entry
  if (typeof fields !== 'object' || fields === null || typeof target !== 'string') return entry
  const { message, ...others } = fields as Record<string, unknown>
  if (typeof message !== 'string' || 'message' in rest || 'logger' in rest) return entry
  const isFree = Object.keys(others).every((key) => !(key in rest) && key !== 'logger' && key !== 'message')
  return { ...rest, message, logger: target, ...(isFree ? others : { fields: others }) }
}
