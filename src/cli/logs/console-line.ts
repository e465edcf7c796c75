// A record as a line of the console (D2), and of a merged view, where the source's name stands in place of the PID.
// Whatever the text holds, it cannot command the terminal nor pretend to be a line of its own.
import { severities, severityName, type LogRecord } from '../../contracts/record.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import { formatClock, formatFileTime } from '../../time/clock.ts'
import { formatConsoleLine, formatOwnFields, indentRest, kindPrefix } from '../../wire/text-line.ts'
import { createPaint, paintSource, severityStyle } from '../terminal-style.ts'

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
  const paint = (head: string): string => createPaint(color)(severityStyle(line.severity), head)
  return formatConsoleLine({ ...line, kind: 'system' }, line.pid, { utc, paint })
}

/** `[05:55:47] api        [INFO] message key=value`. */
export function formatRecordLine(record: Omit<LogRecord, 'id'>, options: LineOptions): string {
  const { color, utc = false, date = false, sourceWidth = 0, isKept = true } = options
  const paint = createPaint(color)
  const time = date ? formatFileTime(record.time, utc) : `[${formatClock(record.time, utc)}]`
  const source = escapeTerminal(record.source).padEnd(sourceWidth)
  const level = `[${severityName(record.severity)}]`
  const text = escapeTerminal(kindPrefix(record.kind) + record.message, { colors: color })
  const message = kindPrefix(record.kind) === '' ? text : paint('dim', text)
  const fields = paint('dim', escapeTerminal(formatOwnFields(record)))
  const indent = time.length + source.length + 2
  const head = `${paint('dim', time)} ${color ? paintSource(record.source, source) : source} ${paint(severityStyle(record.severity), level)}`
  const mark = isKept ? '' : paint('yellow', notKept)
  return `${head} ${mark}${indentRest(message + fields, indent)}`
}

/**
 * A line of the one command that runs in the foreground: as it was printed where it said nothing of itself, else
 * `[05:55:47] [INFO] message`.
 */
export function formatCommandLine(record: Omit<LogRecord, 'id'>, { color, isKept = true }: LineOptions): string {
  const paint = createPaint(color)
  const mark = isKept ? '' : paint('yellow', notKept)
  const text = mark + escapeTerminal(kindPrefix(record.kind) + record.message, { colors: color })
  const isPlain = record.kind !== 'gap' && record.time === record.observed && !record.logger && !record.fields
  if (isPlain && record.severity === severities.INFO) return text
  const head = `[${formatClock(record.time)}] [${severityName(record.severity)}]`
  const fields = paint('dim', escapeTerminal(formatOwnFields(record)))
  return `${paint(severityStyle(record.severity), head)} ${indentRest(text + fields, 2)}`
}
