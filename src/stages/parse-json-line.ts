// One line of JSON → a record's parts: pino, bunyan, winston, zap, structlog and any logger with the customary keys.
import { deepestNesting, isWithin, shapeObject } from '../wire/customary-keys.ts'
import { readDocker } from './formats/container.ts'
import type { ParsedLine } from './parsed-line.ts'

/** Undefined when it is no object, or no log entry: then the line is text. */
export function parseJsonLine(line: string): ParsedLine | undefined {
  let object: unknown
  try {
    object = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined
  if (!isWithin(object, deepestNesting)) return undefined
  const entry = object as Record<string, unknown>
  if ('log' in entry) {
    const docker = readDocker(entry)
    if (docker) return docker
  }
  const parsed: ParsedLine = shapeObject('fields' in entry ? flattenTracing(entry) : entry)
  const { message, severity, time } = parsed
  return message === undefined && (severity === undefined || time === undefined) ? undefined : parsed
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
