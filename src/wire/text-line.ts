// A record as a line of text (D2): what files and consoles have in common, and the console's line; sinks/entry-lines.ts writes those of files.
import { formatJson } from '../json/format-json.ts'
import { valuesOfKey } from '../json/repeated-values.ts'
import { severityName, type Kind } from '../contracts/record.ts'
import { escapeTerminal } from '../text/ansi.ts'
import { formatClock } from '../time/clock.ts'

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
