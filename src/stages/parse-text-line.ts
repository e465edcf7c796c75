// Text lines whose format is certain: Logboom's own (SPEC D2, file and console) and Python's logging. Of other lines
// that start with a timestamp only the time is taken, and the text stays as it is.
import { parseSeverity } from '../record.ts'
import { readClock, readTimestamp } from '../wire/timestamp.ts'
import type { ParsedLine } from './parsed-line.ts'

const dayMs = 86_400_000
const logboomRest = / \[(\d{1,10})\] \[([A-Z]{3,9})\](?: |$)/y
const pythonDashes = / - ([\w.$-]{1,100}) - ([A-Z]{3,9}) - /y
const pythonSpaces = / +([A-Z]{3,9}):? +([A-Za-z_][\w.$-]{0,99}): /y
const pythonBracket = /\] ([A-Z]{3,9}) in ([\w.$-]{1,100}): /y
const pythonPlain = /(DEBUG|INFO|WARNING|ERROR|CRITICAL):([\w.$-]{1,100}):/y

/**
 * `head`: the line's first bytes as Latin-1, so that positions are byte offsets. `pid`: the process known to print it.
 * `observed` gives the day to a time without one, and tells a timestamp from a date that is talked about.
 */
export function parseTextLine(head: string, observed: number, pid: number): ParsedLine | undefined {
  const first = head.charCodeAt(0)
  if (first >= 48 && first <= 57) return parseDated(head, 0, observed, pid)
  if (first === 91)
    return head.charCodeAt(9) === 93 ? parseConsole(head, observed, pid) : parseBracketed(head, observed)
  return parsePythonPlain(head)
}

/** `2025-10-19 05:55:47.606 …` */
function parseDated(head: string, from: number, observed: number, pid: number): ParsedLine | undefined {
  const stamp = readTimestamp(head, from)
  if (!stamp) return undefined
  const { time, to } = stamp
  const logboom = match(logboomRest, head, to)
  if (logboom) {
    const severity = parseSeverity(logboom[2]!)
    if (severity) return { time, severity, skipBytes: to + logboom[0].length, ...pidField(logboom[1]!, pid) }
  }
  const dashes = match(pythonDashes, head, to)
  if (dashes) {
    const severity = parseSeverity(dashes[2]!)
    if (severity) return { time, severity, logger: dashes[1]!, skipBytes: to + dashes[0].length }
  }
  // Only Python puts a comma before the milliseconds and then level and name.
  const spaces = head.charCodeAt(from + 19) === 44 ? match(pythonSpaces, head, to) : null
  if (spaces) {
    const severity = parseSeverity(spaces[1]!)
    if (severity) return { time, severity, logger: spaces[2]!, skipBytes: to + spaces[0].length }
  }
  return Math.abs(time - observed) < dayMs ? { time } : undefined
}

/** `[05:55:47] [4157] [INFO] message` */
function parseConsole(head: string, observed: number, pid: number): ParsedLine | undefined {
  const clock = readClock(head, 1)
  const rest = clock && match(logboomRest, head, 10)
  const severity = rest && parseSeverity(rest[2]!)
  if (!severity) return undefined
  // The line says whole seconds: of the moment it was captured the rest is known better.
  const midnight = new Date(observed).setHours(0, 0, 0, 0)
  let time = midnight + clock.ms
  if (time - observed > dayMs / 2) time -= dayMs
  else if (observed - time > dayMs / 2) time += dayMs
  const sameSecond = observed >= time && observed - time < 1000
  return { time: sameSecond ? observed : time, severity, skipBytes: 10 + rest[0].length, ...pidField(rest[1]!, pid) }
}

/** `[2025-10-19 05:55:47,606] ERROR in app: message`, and any other `[timestamp] …`. */
function parseBracketed(head: string, observed: number): ParsedLine | undefined {
  const stamp = readTimestamp(head, 1)
  if (!stamp) return undefined
  const { time, to } = stamp
  const flask = match(pythonBracket, head, to)
  const severity = flask && parseSeverity(flask[1]!)
  if (severity) return { time, severity, logger: flask[2]!, skipBytes: to + flask[0].length }
  return Math.abs(time - observed) < dayMs ? { time } : undefined
}

/** `INFO:root:message` */
function parsePythonPlain(head: string): ParsedLine | undefined {
  const found = match(pythonPlain, head, 0)
  if (!found) return undefined
  return { severity: parseSeverity(found[1]!)!, logger: found[2]!, skipBytes: found[0].length }
}

function match(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from
  return pattern.exec(text)
}

/** The process in the line is worth a field only when it is not the one that the run already names. */
function pidField(digits: string, pid: number): Pick<ParsedLine, 'fields'> {
  const inLine = Number(digits)
  return inLine === pid ? {} : { fields: { pid: inLine } }
}
