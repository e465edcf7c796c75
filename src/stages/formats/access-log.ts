// Access logs of nginx, Apache and all that write like them, in the common and the combined format, also with the virtual host in
// front and more at the end: `10.0.0.1 - ada [19/Oct/2025:05:55:47 +0200] "GET /orders?id=7 HTTP/1.1" 200 2326 "-" "curl/8.5.0"`.
import { severities } from '../../contracts/record.ts'
import { readDayMonth } from '../../time/month-date.ts'
import { numberOfDigits } from '../../json/written-number.ts'
import type { ParsedLine } from '../parsed-line.ts'
import { isPlausible, matchAt, textOf, type Line } from './line/line.ts'

const who = /(?:(\S{1,255}) )?(\S{1,255}) (\S{1,255}) (\S{1,255}) \[(?=\d\d\/)/y
const request = /^([A-Z]{1,30}) ([^\s"]{1,8000})(?: HTTP\/(\d(?:\.\d)?))?$/
const numbers = / (\d{3}) (\d{1,15}|-)(?: |$)/y

export function readAccessLog({ head, isWhole, observed, calendar }: Line, from: number): ParsedLine | undefined {
  const start = matchAt(who, head, from)
  if (!start) return undefined
  const stamp = readDayMonth(head, from + start[0].length, calendar)
  if (!stamp || head[stamp.to] !== ']' || head[stamp.to + 2] !== '"' || !isPlausible(stamp.time, observed)) {
    return undefined
  }
  const messageAt = stamp.to + 2
  const asked = readQuoted(head, messageAt)
  const answered = asked && matchAt(numbers, head, asked.to)
  if (!answered) return undefined
  const [, host, client, identity, user] = start
  const status = Number(answered[1])
  const fields: Record<string, unknown> = {}
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '-' && value !== '') fields[name] = textOf(value)
  }
  set('client.address', client)
  set('server.address', host)
  set('client.identity', identity)
  set('user.name', user)
  const parts = request.exec(asked.text)
  if (parts) {
    const target = parts[2]!
    const query = target.indexOf('?')
    fields['http.request.method'] = parts[1]
    set('url.path', query < 0 ? target : target.slice(0, query))
    set('url.query', query < 0 ? undefined : target.slice(query + 1))
    set('network.protocol.version', parts[3])
  }
  fields['http.response.status_code'] = status
  if (answered[2] !== '-') fields['http.response.body.size'] = numberOfDigits(answered[2]!)
  const end = asked.to + answered[0].trimEnd().length
  const referer = readQuoted(head, end + 1)
  const agent = referer && readQuoted(head, referer.to + 1)
  if (agent) {
    set('http.request.header.referer', referer.text)
    set('user_agent.original', agent.text)
  }
  // Text that no field holds stays in the message.
  const isAll = isWhole && (agent ? agent.to : end) === head.trimEnd().length
  return {
    time: stamp.time,
    severity: status >= 500 ? severities.ERROR : status >= 400 ? severities.WARNING : severities.INFO,
    fields,
    skipBytes: messageAt,
    ...(isAll ? { endByte: end } : {}),
  }
}

/** The text in quotes at `from`, as it stands there; a backslash hides the quote behind it. */
function readQuoted(head: string, from: number): { text: string; to: number } | undefined {
  if (head[from] !== '"') return undefined
  let to = head.indexOf('"', from + 1)
  while (to > 0 && isEscaped(head, to)) to = head.indexOf('"', to + 1)
  return to < 0 ? undefined : { text: head.slice(from + 1, to), to: to + 1 }
}

function isEscaped(head: string, at: number): boolean {
  let slashes = 0
  while (head[at - 1 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}
