// Syslog messages, RFC 3164 and 5424, as they come over a network and as they stand in files, where the priority is missing.
import { setProperty } from '../json/parse-json.ts'
import { numberOfDigits } from '../json/written-number.ts'
import { parseSeverity } from '../contracts/record.ts'
import { localCalendar, type Calendar } from '../time/calendar.ts'
import { readMonthDay } from '../time/month-date.ts'
import { readTimestamp } from '../time/timestamp.ts'

export interface SyslogHeader {
  /** 0–23: the code of RFC 5424. */
  facility?: number
  /** 0 (emergency) to 7 (debug). */
  level?: number
  /** Unix milliseconds. */
  time?: number
  host?: string
  app?: string
  processId?: string
  messageId?: string
  /** Structured data: element → parameter → value, or all values in their order. */
  structured?: Record<string, Record<string, string | string[]>>
  /** Offset of the message. */
  to: number
}

export type SyslogMessage = Omit<SyslogHeader, 'to'> & { message: string }

const facilities: readonly string[] = (
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock ' +
  'local0 local1 local2 local3 local4 local5 local6 local7'
).split(' ')
const levels: readonly string[] = 'emerg alert crit err warning notice info debug'.split(' ')
const severities = levels.map((name) => parseSeverity(name)!)

/**
 * Parses a message. With a priority in front anything is one, as the RFCs ask of receivers; without, only what has a time and a
 * tag, or RFC 5424's version and time. `capturedMs` gives the year to a time without one, `calendar` the zone.
 */
export function parseSyslog(text: string, capturedMs: number, calendar?: Calendar): SyslogMessage | undefined {
  const header = readSyslogHeader(text, capturedMs, calendar)
  if (!header) return undefined
  const { to, ...rest } = header
  return { ...rest, message: text.slice(to) }
}

/** Parses a message, with the offset at which its text starts. */
export function readSyslogHeader(
  text: string,
  capturedMs: number,
  calendar: Calendar = localCalendar,
): SyslogHeader | undefined {
  const priority = text.charCodeAt(0) === 60 ? matchAt(priorityPattern, text, 0) : undefined
  const value = priority ? Number(priority[1]) : 0
  if (value > 191) return undefined
  const from = priority ? priority[0].length : 0
  const header =
    readVersioned(text, from, calendar, priority !== undefined) ??
    readTagged(text, from, capturedMs, calendar, priority !== undefined)
  if (header && priority) {
    header.facility = value >> 3
    header.level = value & 7
  }
  return header
}

const priorityPattern = /<(\d{1,3})>/y
const version = /[1-9]\d? /y
const word = /(\S{1,255}) /y
const lastWord = /(\S{1,255})(?: |$)/y

/** RFC 5424: `1 2025-10-19T05:55:47.606Z host app 4157 ID47 [origin ip="10.0.0.1"] message`, `-` for what is absent. */
function readVersioned(text: string, from: number, calendar: Calendar, certain: boolean): SyslogHeader | undefined {
  const start = matchAt(version, text, from)
  if (!start || (!certain && start[0] !== '1 ')) return undefined
  let to = from + start[0].length
  const header: SyslogHeader = { to }
  if (text.startsWith('- ', to)) to += 2
  else {
    const stamp = readTimestamp(text, to, calendar)
    if (!stamp || text.charCodeAt(stamp.to) !== 32 || (!certain && text[to + 10] !== 'T')) return undefined
    header.time = stamp.time
    to = stamp.to + 1
  }
  for (const key of ['host', 'app', 'processId', 'messageId'] as const) {
    const found = matchAt(key === 'messageId' ? lastWord : word, text, to)
    if (!found) return undefined
    if (found[1] !== '-') header[key] = found[1]!
    to += found[0].length
  }
  header.to = to
  // Without a priority in front any words would do.
  if (!readStructured(text, header) && !certain) return undefined
  if (text.startsWith('\ufeff', header.to)) header.to++
  // The byte order mark of UTF-8 where bytes are taken for characters.
  else if (text.startsWith('\u00ef\u00bb\u00bf', header.to)) header.to += 3
  return header
}

/** Names are printable ASCII without `=`, `]` and `"`. */
const elementName = /\[([!#-<>-\\^-~]{1,255})/y
const parameter = / ([!#-<>-\\^-~]{1,255})="([^"\\\]]*(?:\\[^][^"\\\]]*)*)"/y

/** Moves `to` behind the structured data; false when it is not whole: then it belongs to the message. */
function readStructured(text: string, header: SyslogHeader): boolean {
  let { to } = header
  if (text.charCodeAt(to) === 45) to++
  else {
    const elements: SyslogHeader['structured'] = {}
    for (let name = matchAt(elementName, text, to); name; name = matchAt(elementName, text, to)) {
      to += name[0].length
      const values: Record<string, string | string[]> = Object.hasOwn(elements, name[1]!) ? elements[name[1]!]! : {}
      for (let found = matchAt(parameter, text, to); found; found = matchAt(parameter, text, to)) {
        addValue(values, found[1]!, found[2]!.replace(/\\(["\\\]])/g, '$1'))
        to += found[0].length
      }
      if (text.charCodeAt(to) !== 93) return false
      to++
      setProperty(elements, name[1]!, values)
    }
    if (to === header.to) return false
    if (isEnd(text, to)) header.structured = elements
  }
  if (!isEnd(text, to)) return false
  header.to = Math.min(to + 1, text.length)
  return true
}

function isEnd(text: string, at: number): boolean {
  return at >= text.length || text.charCodeAt(at) === 32
}

const tag = /([^\s:[\]]{1,128})(?:\[([^\s\]]{0,128})\])?:(?: |$)/y
/** Lines of syslogd itself have no colon behind its name. */
const ownWords = /last message repeated \d|message repeated \d|-- MARK --|syslogd [\d.]+: | ?-- [\w./-]{1,64}\[\d+\]: /y

/** RFC 3164: `Oct 19 05:55:47 host app[4157]: message`, also with an RFC 3339 time, and as `/dev/log` gets it, without host. */
function readTagged(
  text: string,
  from: number,
  capturedMs: number,
  calendar: Calendar,
  certain: boolean,
): SyslogHeader | undefined {
  const header: SyslogHeader = { to: from }
  const stamp = readMonthDay(text, from, capturedMs, calendar) ?? readTimestamp(text, from, calendar)
  if (!stamp && !certain) return undefined
  if (stamp) {
    header.time = stamp.time
    header.to = stamp.to
    // Cisco's have a colon behind the time.
    if (text.charCodeAt(header.to) === 58) header.to++
    if (text.charCodeAt(header.to) !== 32) return certain ? { to: from } : undefined
    header.to++
  }
  if (takeTag(text, header) || !stamp) return header
  const host = matchAt(word, text, header.to)
  if (!host) return certain ? header : undefined
  const behind = header.to + host[0].length
  if (takeTag(text, header, behind)) header.host = host[1]!
  else if (certain || matchAt(ownWords, text, behind)) {
    header.host = host[1]!
    header.to = behind
  } else return undefined
  return header
}

function takeTag(text: string, header: SyslogHeader, from = header.to): boolean {
  const found = matchAt(tag, text, from)
  if (!found) return false
  header.app = found[1]!
  if (found[2]) header.processId = found[2]
  header.to = from + found[0].length
  return true
}

export interface SyslogParts {
  /** Unix milliseconds. */
  time?: number
  /** SeverityNumber. */
  severity?: number
  logger?: string
  fields?: Record<string, unknown>
}

/** The header, as parts of a record. A level that shares its severity with another is kept as `log.level`. */
export function shapeSyslog(header: Omit<SyslogHeader, 'to'>): SyslogParts {
  const { facility, level, time, host, app, processId, messageId, structured } = header
  const fields: Record<string, unknown> = {}
  if (host !== undefined) fields['host.name'] = host
  if (processId !== undefined)
    fields['process.pid'] = /^\d{1,10}$/.test(processId) ? numberOfDigits(processId) : processId
  if (facility !== undefined) fields['syslog.facility'] = facilities[facility]
  if (level === 0 || level === 1 || level === 5) fields['log.level'] = levels[level]
  if (messageId !== undefined) fields['syslog.msgid'] = messageId
  for (const name in structured) setProperty(fields, name, structured[name])
  const parts: SyslogParts = {}
  if (time !== undefined) parts.time = time
  if (level !== undefined) parts.severity = severities[level]!
  if (app !== undefined) parts.logger = app
  if (Object.keys(fields).length > 0) parts.fields = fields
  return parts
}

/** A parameter may come several times in its element. */
function addValue(values: Record<string, string | string[]>, name: string, value: string): void {
  const before = Object.hasOwn(values, name) ? values[name]! : undefined
  if (Array.isArray(before)) before.push(value)
  else setProperty(values, name, before === undefined ? value : [before, value])
}

function matchAt(pattern: RegExp, text: string, from: number): RegExpExecArray | undefined {
  pattern.lastIndex = from
  return pattern.exec(text) ?? undefined
}
