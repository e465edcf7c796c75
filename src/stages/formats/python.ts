// Python: the standard library's logging as people set it up, Flask, Celery, loguru, and OpenStack's oslo.log.
import type { ParsedLine } from '../parsed-line.ts'
import { matchAt, type Line } from './line/line.ts'
import { readShape, shape, type Shape } from './line/shape.ts'

export const python: Shape[] = [
  // 2025-10-19 05:55:47,606 - worker.jobs - ERROR - message
  shape('-', / - (?<logger>[\w.$-]{1,100}) - (?<level>[A-Z]{3,9}) - /y),
  // 2025-10-19 05:55:47,606 ERROR worker.jobs: message. Only with a comma before the milliseconds is the word a name for certain.
  shape('A[', /(?<=,\d{3}) +\[?(?<level>[A-Z]{3,9})\]?:? +(?<logger>[A-Za-z_][\w.$-]{0,99}): /y),
  // [2025-10-19 05:55:47,606] ERROR in app: message
  shape(']', /\] (?<level>[A-Z]{3,9}) in (?<logger>[\w.$-]{1,100}): /y),
  // [2025-10-19 05:55:47,606: ERROR/MainProcess] message
  shape(':', /: (?<level>[A-Z]{3,9})\/(?<thread>[\w-]{1,100})\] /y),
  // 2025-10-19 05:55:47.606 | ERROR    | worker.jobs:run:12 - message
  shape('|', / \| (?<level>[A-Z]{3,9}) *\| (?<logger>[\w.<>]{1,100}):(?<function>[\w<>]{1,100}):(?<line>\d{1,7}) - /y),
  // 2025-10-19 05:55:47.606 4157 ERROR nova.compute [req-3810 113d 54fa - - -] message
  shape(
    '0',
    / (?<pid>\d{1,10}) (?<level>[A-Z]{3,9}) (?<logger>[\w.-]{1,200}) \[(?:-|(?<request>[^\]]{0,300}))\](?: |$)/y,
  ),
]

const undated = shape('', /(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL):(?<logger>[\w.$-]{1,100}):/y)
const name = /[A-Z]{4,8}:[\w]/y

/** `INFO:root:message` */
export function readUndatedPython(line: Line, from: number): ParsedLine | undefined {
  return matchAt(name, line.head, from) ? readShape(undated, line, from) : undefined
}
