// One line of JSON → a record's parts: pino, bunyan, winston, zap, structlog and any logger with the customary keys.
import { deepestNesting, isWithin, shapeObject } from '../wire/customary-keys.ts'
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
  const parsed: ParsedLine = shapeObject(object as Record<string, unknown>)
  const { message, severity, time } = parsed
  return message === undefined && (severity === undefined || time === undefined) ? undefined : parsed
}
