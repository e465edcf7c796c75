// Syslog as it stands in files: RFC 3164 (`Oct 19 05:55:47 host app[4157]: message`), rsyslog's and journalctl's form with
// the time of RFC 3339, and both RFCs with their priority.
import { readSyslogHeader, shapeSyslog, type SyslogHeader } from '../../syslog/syslog.ts'
import type { ParsedLine } from '../parsed-line.ts'
import { isPlausible, textOf, type Line } from './line/line.ts'
import { shape, type Shape } from './line/shape.ts'

export const syslog: Shape[] = [
  shape(
    'Aa0',
    /(?<=T\d\d:\d\d:\d\d(?:\.\d{6}(?:[+-]\d\d:?\d\d|Z)|[+-]\d{4})) (?<host>[\w.:-]{1,255}) (?<logger>[^\s:[\]]{1,128})(?:\[(?<pid>\d{1,10})\])?:(?: |$)/y,
  ),
]

export function readSyslog({ head, isWhole, observed, pid, calendar }: Line, from: number): ParsedLine | undefined {
  const header = readSyslogHeader(from === 0 ? head : head.slice(from), observed, calendar)
  // `<3>` alone may start a line of HTML as well; structured data that goes on behind the head is not read at all.
  if (header?.time === undefined || !isPlausible(header.time, observed)) return undefined
  if (!isWhole && header.to > head.length / 2) return undefined
  const { fields, ...rest } = shapeSyslog(decoded(header))
  if (fields && fields['process.pid'] === pid) delete fields['process.pid']
  return { ...rest, ...(fields ? { fields } : {}), skipBytes: from + header.to }
}

function decoded({ structured, ...header }: SyslogHeader): SyslogHeader {
  for (const key of ['host', 'app', 'processId', 'messageId'] as const) {
    const text = header[key]
    if (text !== undefined) header[key] = textOf(text)
  }
  for (const parameters of Object.values(structured ?? {})) {
    for (const [name, value] of Object.entries(parameters))
      if (name !== '__proto__') parameters[name] = typeof value === 'string' ? textOf(value) : value.map(textOf)
  }
  return structured ? { ...header, structured } : header
}
