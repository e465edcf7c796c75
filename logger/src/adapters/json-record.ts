// Records of pino and bunyan: objects with numbers for levels.
import type { GivenRecord } from './open-intake.ts'
import { parseLevelValue } from '../level/levels.ts'

/** Keys that say what the hub knows without them: the process, the machine, bunyan's version. */
const known = new Set(['level', 'time', 'name', 'pid', 'hostname', 'v'])

/** Of the year 5138; as milliseconds, of 1973. */
const mostSeconds = 1e11

/** `now`: Unix milliseconds, for a record without time. `messageKey`: where pino was told to put the message. */
export function readJsonRecord(
  record: Readonly<Record<string, unknown>>,
  now: number,
  messageKey: string = 'msg',
): GivenRecord {
  const { level, time, name, [messageKey]: message } = record
  const fields: Record<string, unknown> = {}
  for (const key of Object.keys(record)) if (!known.has(key) && key !== messageKey) fields[key] = record[key]
  const given = time instanceof Date ? time.getTime() : typeof time === 'string' ? Date.parse(time) : Number(time)
  // pino's unixTime is in seconds.
  const at = given < mostSeconds ? given * 1000 : given
  return {
    time: Number.isFinite(at) ? at : now,
    value: typeof level === 'number' ? level : (parseLevelValue(String(level)) ?? 30),
    logger: typeof name === 'string' && name !== '' ? name : undefined,
    message: typeof message === 'string' ? message : message === undefined ? '' : JSON.stringify(message),
    fields,
  }
}
