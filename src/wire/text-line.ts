// A record as a line of text: the one format of files and consoles (D2).
import { formatJson } from '../json/format-json.ts'
import { valuesOfKey } from '../json/repeated-values.ts'
import { severityName, type Kind } from '../contracts/record.ts'
import { escapeTerminal, stripAnsi } from '../text/ansi.ts'
import { formatClock, formatFileTime } from '../time/clock.ts'

/** A mark before the message of records that are not a program's own words (F1). */
export function kindPrefix(kind: Kind): string {
  return kind === 'event' || kind === 'gap' ? `[${kind}] ` : ''
}

/** `{ user: 'Ann Lee', ms: 3 }` → ` user="Ann Lee" ms=3`: logfmt, each pair with a space before it. */
export function formatFields(fields: Record<string, unknown>): string {
  let text = ''
  for (const [key, values] of Object.entries(fields)) {
    if (values === undefined) continue
    for (const value of valuesOfKey(values)) text += ` ${key.replace(/[\s="\p{Cc}]/gu, '_')}=${formatValue(value)}`
  }
  return text
}

function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value : formatJson(value)
  return text === '' || /[\s="\\\p{Cc}]/u.test(text) ? JSON.stringify(text) : text
}

export interface LineParts {
  /** Unix milliseconds. */
  time: number
  severity: number
  kind: Kind
  message: string
  fields?: Record<string, unknown> | undefined
}

/** Fields as they follow the message; none of events and gaps, which say in words what theirs hold. */
export function formatOwnFields({ kind, fields }: Pick<LineParts, 'kind' | 'fields'>): string {
  return fields && kindPrefix(kind) === '' ? formatFields(fields) : ''
}

/**
 * `2025-10-19 05:55:47.606 [4157] [INFO] message` (D2), without colours or line feed; fields follow as logfmt. Further lines of
 * a message stand as they are.
 */
export function formatFileLine(record: LineParts, pid: number, options: { utc?: boolean } = {}): string {
  const head = `${formatFileTime(record.time, options.utc)} [${pid}] [${severityName(record.severity)}]`
  return `${head} ${kindPrefix(record.kind)}${stripAnsi(record.message)}${formatOwnFields(record)}`
}

export interface ConsoleLineOptions {
  utc?: boolean
  /** Colours of everything before the message. Default: none. */
  paint?(head: string): string
}

/**
 * `[05:55:47] [4157] [INFO] message` (D2), without line feed. Nothing in it commands a terminal, and further lines of a message
 * are indented, so that none poses as another record.
 */
export function formatConsoleLine(record: LineParts, pid: number, options: ConsoleLineOptions = {}): string {
  const { utc = false, paint = (head) => head } = options
  const head = `[${formatClock(record.time, utc)}] [${pid}] [${severityName(record.severity)}]`
  const text = escapeTerminal(kindPrefix(record.kind) + record.message + formatOwnFields(record))
  return `${paint(head)} ${indentRest(text, 2)}`
}

/** All lines but the first, moved to the right. */
export function indentRest(text: string, columns: number): string {
  return text.includes('\n') ? text.replaceAll('\n', `\n${' '.repeat(columns)}`) : text
}
