// winston's info objects as records.
import type { GivenRecord } from './open-intake.ts'
import { parseLevelValue } from '../level/levels.ts'
import { attempt, messageText, readableCopy } from '../record/cannot-be-shown.ts'

/** The key under which winston keeps the level as it was given. */
const levelSymbol = Symbol.for('level')

/** Levels of winston's set cli, which only there are levels; all others are in the table that the hub has, too. */
const ownLevels: Readonly<Record<string, number>> = { help: 30, data: 30, prompt: 20, input: 20 }

/** `time`: Unix milliseconds, unless winston's `timestamp` format has put one in. */
export function readWinstonInfo(info: Readonly<Record<PropertyKey, unknown>>, time: number): GivenRecord {
  // `level` may have colours; the one under the symbol has none.
  const level = messageText(attempt(() => info[levelSymbol] ?? info['level']))
  const { level: _level, message, timestamp, label, ...fields } = readableCopy(info)
  const written = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN
  const known = !Number.isNaN(written)
  return {
    time: known ? written : time,
    value: parseLevelValue(level) ?? ownLevels[level] ?? 30,
    logger: typeof label === 'string' && label !== '' ? label : undefined,
    message: messageText(message),
    fields: known || timestamp === undefined ? fields : { ...fields, timestamp },
  }
}
