// A record as a line: D2's for files and consoles, JSON for machines.
import { styleText } from 'node:util'
import type { Kind } from '../../../src/contracts/record.ts'
import { stripAnsi } from '../../../src/text/ansi.ts'
import { formatFileTime } from '../../../src/time/clock.ts'
import { formatConsoleLine, kindPrefix } from '../../../src/wire/text-line.ts'
import { levelNameOf, severityOf, type LevelName } from '../level/levels.ts'
import type { FieldTexts } from './field-texts.ts'

/** A record, ready to be written anywhere. */
export interface Entry {
  /** Unix milliseconds. */
  time: number
  /** pino's number of the level. */
  value: number
  logger: string
  message: string
  fields: FieldTexts
  kind?: Kind
}

/** `2025-10-19 05:55:47.606`; the second is made once. */
function createStamp(utc: boolean): (time: number) => string {
  let second = Number.NaN
  let head = ''
  let last = Number.NaN
  let text = ''
  return (time) => {
    if (time === last) return text
    const whole = Math.floor(time)
    const newSecond = Math.floor(whole / 1000)
    if (newSecond !== second) {
      second = newSecond
      head = formatFileTime(newSecond * 1000, utc).slice(0, 20)
    }
    const ms = whole - newSecond * 1000
    last = time
    return (text = head + (ms < 10 ? '00' : ms < 100 ? '0' : '') + ms)
  }
}

/** Lines of a file (D2), with line feed. Colours are taken out of messages, as the hub's files have none. */
export function createFileLine(utc: boolean, pid: number): (entry: Entry) => string {
  const stamp = createStamp(utc)
  return ({ time, value, message, fields, kind }) => {
    const mark = kind === undefined ? '' : kindPrefix(kind)
    const text = mark === '' ? fields.text + fields.tail : ''
    return `${stamp(time)} [${pid}] [${levelNameOf(value)}] ${mark}${stripAnsi(message)}${text}\n`
  }
}

type Style = Parameters<typeof styleText>[0]
const styles: Readonly<Record<LevelName, Style>> = {
  TRACE: 'dim',
  DEBUG: 'cyan',
  INFO: 'green',
  WARNING: 'yellow',
  ERROR: 'red',
  CRITICAL: ['bold', 'magenta'],
}

/** Lines of a console (D2), with line feed. */
export function createConsoleLine(utc: boolean, pid: number, color: boolean): (entry: Entry) => string {
  const painters = new Map(
    Object.entries(styles).map(([name, style]) => {
      const [opening = '', closing = ''] = color ? styleText(style, '\n', { validateStream: false }).split('\n') : []
      return [name, { utc, paint: (head: string) => opening + head + closing }]
    }),
  )
  return ({ time, value, message, fields, kind = 'system' }) => {
    const isOwn = kindPrefix(kind) === ''
    const text = isOwn ? message + fields.text + fields.tail : message
    const line = formatConsoleLine(
      { time, severity: severityOf(value), kind, message: text },
      pid,
      painters.get(levelNameOf(value)),
    )
    return `${line}\n`
  }
}

/** Lines of JSON with keys that src/json/customary-keys.ts knows, with line feed. `pid`: absent where the reader knows the process. */
export function createJsonLine(pid?: number): (entry: Entry) => string {
  const process = pid === undefined ? '' : `,"pid":${pid}`
  let lastLogger = ''
  let loggerText = '""'
  return ({ time, value, logger, message, fields, kind }) => {
    if (logger !== lastLogger) {
      lastLogger = logger
      loggerText = JSON.stringify(logger)
    }
    const mark = kind === undefined ? '' : kindPrefix(kind)
    const text = JSON.stringify(mark === '' ? message : mark + message)
    const head = `"level":"${levelNameOf(value)}","time":${time}${process},"logger":${loggerText}`
    // Of a key that is there twice, readers take the last.
    if (fields.isClashing) return `{${fields.json.slice(1)},${head},"msg":${text}}\n`
    return `{${head}${fields.json},"msg":${text}}\n`
  }
}
