// Outlets of one root logger: supervised standard output alone, else console, file and hub; always the stream.
import type { Kind } from '../../src/contracts/record.ts'
import type { Delivery } from './delivery/delivery.ts'
import { openLogFile, type LogFile } from './file/log-file.ts'
import type { LevelName } from './level/levels.ts'
import { levelNameOf, levelNames, warningValue } from './level/levels.ts'
import type { LoggerMetrics } from './logger.ts'
import type { Settings } from './options/parse-options.ts'
import { noFields, type Wanted } from './record/field-texts.ts'
import { createConsoleLine, createFileLine, createJsonLine, type Entry } from './record/line-texts.ts'
import { openStandardOutput, wantsColor } from './standard-output.ts'
import { sharedStream } from './streaming/log-stream.ts'

export interface Outlets {
  /** Forms of the next record's fields. */
  wanted(): Wanted
  write(entry: Entry): void
  /** A mistake while a record was made. */
  failed(): void
  metrics(): LoggerMetrics
  file: LogFile | undefined
  /** To be called before the first record. */
  deliverTo(delivery: Delivery): void
  /** At exit: records may still come. */
  release(): void
  close(): void
}

export interface OutletOptions extends Pick<
  Settings,
  'logDir' | 'maxBytes' | 'keep' | 'compress' | 'archiveDir' | 'format' | 'utc' | 'console' | 'file'
> {
  /** File name of the logger, without suffix. */
  base: string
  isSupervised: boolean
}

export function openOutlets(options: OutletOptions): Outlets {
  const { isSupervised, utc } = options
  const { pid } = process
  const supervisedLine = isSupervised ? createJsonLine() : undefined
  const consoleLine = !isSupervised && options.console ? createConsoleLine(utc, pid, wantsColor()) : undefined
  const output = supervisedLine || consoleLine ? openStandardOutput() : undefined
  const fileLine = options.format === 'json' ? createJsonLine(pid) : createFileLine(utc, pid)
  const ownLine = (kind: Kind, message: string): string =>
    fileLine({ time: presentTime(), value: warningValue, logger: options.base, message, fields: noFields, kind })
  const file =
    options.file && !isSupervised
      ? openLogFile({
          ...options,
          directory: options.logDir,
          gapLine: (message) => ownLine('gap', message),
          eventLine: (message) => ownLine('event', message),
        })
      : undefined
  const levels = Object.fromEntries(levelNames.map((name) => [name, 0])) as Record<LevelName, number>
  let lines = 0
  let bytes = 0
  let errors = 0
  let delivery: Delivery | undefined
  const text = consoleLine !== undefined || (file !== undefined && options.format === 'text')
  const alwaysJson = isSupervised || (file !== undefined && options.format === 'json')
  const [withJson, withoutJson] = [
    { json: true, text },
    { json: false, text },
  ]

  return {
    file,
    wanted: () => (alwaysJson || delivery || sharedStream.isWanted() ? withJson : withoutJson),
    write(given) {
      const entry = isTime(given.time) ? given : { ...given, time: presentTime() }
      const { time, value, logger, message, fields } = entry
      const level = levelNameOf(value)
      lines++
      levels[level]++
      if (supervisedLine) {
        const written = output!.write(supervisedLine(entry))
        bytes += written
        if (written === 0) errors++
      } else {
        let end: number | undefined
        if (file) {
          const written = file.write(fileLine(entry), time)
          bytes += written
          if (written === 0) errors++
          else end = file.length()
        }
        if (consoleLine) output!.write(consoleLine(entry))
        delivery?.send(time, level, logger, message, fields.json.slice(1), end)
      }
      sharedStream.add(time, value, logger, message, fields.json)
    },
    failed: () => void errors++,
    metrics: () => ({ lines, bytes, errors, levels: { ...levels } }),
    deliverTo: (opened) => void (delivery = opened),
    release: () => file?.release(),
    close: () => file?.close(),
  }
}

/** Farther from 1970 there are no dates; Unix milliseconds. */
const latestMs = 8.64e15

/** Times come from `Date.now`, which applications may replace, and from records of others. */
function isTime(time: unknown): boolean {
  return typeof time === 'number' && time >= -latestMs && time <= latestMs
}

function presentTime(): number {
  return Math.round(performance.timeOrigin + performance.now()) || 0
}
