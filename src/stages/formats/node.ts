// Node: winston's text formats and pino-pretty.
import { shape, type Shape } from './line/shape.ts'

export const node: Shape[] = [
  // 2025-10-19T05:55:47.606Z [orders] info: message
  shape('[', / \[(?<logger>[\w. -]{1,100})\] (?<level>[a-z]{4,7}): /y),
  // [05:55:47.606] INFO (orders/4157): message
  shape(
    ']',
    /\] (?<level>[A-Z]{4,5}) \((?:(?<logger>[^()/]{1,100})\/)?(?<pid>\d{1,10})(?: on (?<host>[^()]{1,100}))?\): /y,
  ),
]
