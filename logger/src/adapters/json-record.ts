// Records of pino and bunyan: objects with numbers for levels.
import type { GivenRecord } from './open-intake.ts'
import { parseLevelValue } from '../level/levels.ts'
import { messageText, readableCopy } from '../record/cannot-be-shown.ts'

/** Keys that say what the hub knows without them: the process, the machine, bunyan's version. */
const known = new Set(['level', 'time', 'name', 'pid', 'hostname', 'v'])

/** Of the year 5138; as milliseconds, of 1973. */
const mostSeconds = 1e11

/** `now`: Unix milliseconds, for a record without time. `messageKey`: where pino was told to put the message. */
export function readJsonRecord(given: object, now: number, messageKey: string = 'msg'): GivenRecord {
  const record = readableCopy(given)
  const { level, time, name, [messageKey]: message } = record
  const fields: Record<string, unknown> = {}
  for (const key of Object.keys(record)) if (!known.has(key) && key !== messageKey) fields[key] = record[key]
  const written = timeOf(time)
  // pino's unixTime is in seconds.
  const at = written < mostSeconds ? written * 1000 : written
  return {
    time: Number.isFinite(at) ? at : now,
    value: typeof level === 'number' ? level : (parseLevelValue(messageText(level)) ?? 30),
    logger: typeof name === 'string' && name !== '' ? name : undefined,
    message: messageText(message),
    fields,
  }
}

/** NaN for what is no time. */
function timeOf(value: unknown): number {
  if (value instanceof Date) return value.getTime()
  if (typeof value === 'string') return Date.parse(value)
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN
}
