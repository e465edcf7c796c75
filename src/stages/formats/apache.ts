// Apache's error log, of 2.2 `[Sun Dec 04 04:47:44 2005] [notice] message` and 2.4
// `[Sun Oct 19 05:55:47.606123 2025] [core:error] [pid 4157:tid 140] [client 10.0.0.1:5123] AH00124: message`.
import { shape, type Shape } from './line/shape.ts'

export const apache: Shape[] = [
  shape(
    ']',
    /\] \[(?:(?:-|(?<logger>[\w-]{1,60})):)?(?<level>[a-z]{4,6}\d?)\] (?:\[pid (?<pid>\d{1,10})(?::tid (?<tid>\d{1,20}))?\] (?:\[client (?<client>[^\s\]]{1,100}):(?<port>\d{1,5})\] )?|\[client (?<client>[^\s\]]{1,100})\] )?/y,
  ),
]
