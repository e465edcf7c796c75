// A record as a line of the console (D2), and of a merged view, where the source's name stands in place of the PID.
// Whatever the text holds, it cannot command the terminal nor pretend to be a line of its own.
import { severities, severityName, type LogRecord } from '../../contracts/record.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import { formatClock, formatFileTime } from '../../time/clock.ts'
import { formatFields, kindPrefix } from '../../wire/text-line.ts'
import { createPaint, severityStyle, sourceStyle, styles } from '../terminal-style.ts'

export interface LineOptions {
  color: boolean
  utc?: boolean
  /** `2025-10-19 05:55:47.606` instead of `05:55:47`. */
  date?: boolean
  /** Columns of the source's name. */
  sourceWidth?: number
  /** False: the store cannot be written, and the line may yet be lost. */
  isKept?: boolean
}

const notKept = '[not kept yet] '

/** `[05:55:47] [4157] [INFO] message`, of the hub itself. */
export function formatHubLine(
  line: { time: number; pid: number; severity: number; message: string },
  { color, utc = false }: LineOptions,
): string {
  const head = `[${formatClock(line.time, utc)}] [${line.pid}] [${severityName(line.severity)}]`
  return `${createPaint(color)(severityStyle(line.severity), head)} ${continued(escapeTerminal(line.message), 2)}`
}

/** `[05:55:47] api        [INFO] message key=value`. */
export function formatRecordLine(record: Omit<LogRecord, 'id'>, options: LineOptions): string {
  const { color, utc = false, date = false, sourceWidth = 0, isKept = true } = options
  const paint = createPaint(color)
  const time = date ? formatFileTime(record.time, utc) : `[${formatClock(record.time, utc)}]`
  const source = escapeTerminal(record.source).padEnd(sourceWidth)
  const level = `[${severityName(record.severity)}]`
  const text = escapeTerminal(kindPrefix(record.kind) + record.message, { colors: color })
  // Events and gaps say in words what their fields hold.
  const isOurs = record.kind === 'event' || record.kind === 'gap'
  const message = isOurs ? paint(styles.dim, text) : text
  const fields = record.fields && !isOurs ? paint(styles.dim, escapeTerminal(formatFields(record.fields))) : ''
  const indent = time.length + source.length + 2
  const head = `${paint(styles.dim, time)} ${paint(sourceStyle(record.source), source)} ${paint(severityStyle(record.severity), level)}`
  const mark = isKept ? '' : paint(styles.yellow, notKept)
  return `${head} ${mark}${continued(message + fields, indent)}`
}

/**
 * A line of the one command that runs in the foreground: as it was printed where it said nothing of itself, else
 * `[05:55:47] [INFO] message`.
 */
export function formatCommandLine(record: Omit<LogRecord, 'id'>, { color, isKept = true }: LineOptions): string {
  const paint = createPaint(color)
  const mark = isKept ? '' : paint(styles.yellow, notKept)
  const text = mark + escapeTerminal(kindPrefix(record.kind) + record.message, { colors: color })
  const isPlain = record.kind !== 'gap' && record.time === record.observed && !record.logger && !record.fields
  if (isPlain && record.severity === severities.INFO) return text
  const head = `[${formatClock(record.time)}] [${severityName(record.severity)}]`
  const fields = record.fields ? paint(styles.dim, escapeTerminal(formatFields(record.fields))) : ''
  return `${paint(severityStyle(record.severity), head)} ${continued(text + fields, 2)}`
}

function continued(text: string, indent: number): string {
  return text.includes('\n') ? text.replaceAll('\n', `\n${' '.repeat(indent)}`) : text
}
