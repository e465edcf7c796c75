// Lines that say their level before their time: log4j's `%p %d`, Dropwizard, Django, Go's log with a prefix, and layouts of one's own.
import type { ParsedLine } from '../../parsed-line.ts'
import { matchBehindTime } from './behind-time.ts'
import { readLeadingTime } from './leading-time.ts'
import { readLevel } from './level.ts'
import { matchAt, type Line } from './line.ts'
import { readShape, shape } from './shape.ts'

const words =
  'TRACE|DEBUG|VERBOSE|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|CRIT|FATAL|ALERT|EMERG|PANIC|DBG|INF|WRN|ERR|FTL'
const start = new RegExp(
  String.raw`(?:\[ ?(${words}|${words.toLowerCase()}) {0,9}\]|(${words}))(:?)(?: [-|])?[ \t]{1,6}(\[?)(?=\d)`,
  'y',
)

const rests = [
  // [main] com.example.Orders - message
  shape('', / \[(?<thread>[^\]]{1,200})\] (?<logger>[\w.$/-]{1,200})(?::(?<line>\d{1,7}))?(?: +-{1,2}|:)(?: |$)/y),
  // views 4157 140134 message
  shape('', / (?<logger>[A-Za-z_]\w{0,99}) (?<pid>\d{1,10}) (?<tid>\d{1,20}) /y),
  // main.go:12: message
  shape('', / (?<file>[\w./@-]{1,200}\.go):(?<line>\d{1,7}): /y),
  // com.example.Orders: message
  shape('', / (?<logger>[A-Za-z_$][\w$-]{0,100}(?:\.[\w$-]{1,100}){1,20})(?: +-{1,2}|:)(?: |$)/y),
  // worker: message
  shape('', /(?<=,\d{3}) (?<logger>[A-Za-z_][\w.$-]{0,99}): /y),
]
const behindBracket = /:?(?: -)?(?:[ \t]+(?=\S)|$)/y
const slash = 47

export function readLeadingLevel(line: Line, from: number): ParsedLine | undefined {
  const { head } = line
  const found = matchAt(start, head, from)
  const level = found && readLevel(found[1] ?? found[2]!)
  if (!level) return undefined
  const timeAt = from + found[0].length
  const stamp = readLeadingTime(line, timeAt)
  if (!stamp || stamp.isVague) return undefined
  const isBracketed = found[4] === '['
  if (isBracketed && head[stamp.to] !== ']') return undefined
  const to = isBracketed ? stamp.to + 1 : stamp.to
  const more = level.word === undefined ? {} : { fields: { 'log.level': level.word } }
  const parsed = { time: stamp.time, severity: level.severity, ...more }
  for (const rest of rests) {
    const read = readShape(rest, line, to)
    if (read) return { ...read, ...parsed, fields: { ...read.fields, ...more.fields } }
  }
  // `ERROR: 2020-01-01 00:00:00 …` is a sentence as a rule; Go's logger writes its dates with slashes.
  if (found[3] !== '' && !isBracketed && head.charCodeAt(timeAt + 4) !== slash) return undefined
  const behind = isBracketed ? matchAt(behindBracket, head, to) : matchBehindTime(head, to)
  return behind ? { ...parsed, skipBytes: to + behind[0].length } : undefined
}
