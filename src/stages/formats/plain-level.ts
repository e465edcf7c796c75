// A level and a message, whoever wrote them: the last shapes that are tried. Words that are no level anywhere else (`log`,
// `http`) count in brackets only; in running text nothing is taken out.
import { shape, type Shape } from './line/shape.ts'

const words =
  'TRACE|TRC|DEBUG|DBG|VERBOSE|INFO|INF|NOTICE|WARN|WRN|WARNING|ERROR|ERR|SEVERE|CRITICAL|CRIT|FATAL|FTL|ALERT|EMERG|PANIC'
const lower = words.toLowerCase()

export const plainLevel: Shape[] = [
  // 2025-10-19 05:55:47 [warning  ] message
  shape(
    '[](|:-',
    new RegExp(String.raw`\]?:?(?: -)? ?[[(|] ?(?<level>${words}|INFORMATION) {0,9}[\])|]:?(?: -)? {0,3}`, 'iy'),
  ),
  // 2025-10-19 05:55:47 WARNING: message
  shape(
    'A]:-|',
    new RegExp(String.raw`\]?:?(?: [-|])?[ \t]+(?<level>${words})(?::| [-|])?(?:[ \t]+|(?=[\r\n])|$)`, 'y'),
  ),
  // 2025-10-19 05:55:47 warn: message
  shape('a]:-|', new RegExp(String.raw`\]?:?(?: [-|])? (?<level>${lower}): `, 'y')),
  // [05:55:47 WRN] message
  shape('A', new RegExp(String.raw` (?<level>${words})\]:? `, 'y')),
]

/** `[error] message`, `ERROR: message` without a time. `error: message` is a sentence. */
export const undatedLevel: Shape = shape(
  '',
  new RegExp(String.raw`(?:\[ ?(?<level>${words}|${lower}) {0,9}\]:? |(?<level>${words}): +)(?=\S)(?!0(?:\D|$))`, 'y'),
)
