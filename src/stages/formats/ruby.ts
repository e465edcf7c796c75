// Ruby's and Rails' logger: `E, [2025-10-19T05:55:47.606123 #4157] ERROR -- shop: message`.
import type { ParsedLine } from '../parsed-line.ts'
import { readLeadingTime } from './line/leading-time.ts'
import { matchAt, type Line } from './line/line.ts'
import { readShape, shape } from './line/shape.ts'

const start = /[DIWEFA], \[(?=\d{4}-)/y
const rest = shape('', / ?#(?<pid>\d{1,10})\] +(?:(?<level>[A-Z]{4,5})|ANY) -- (?<logger>[^\s:]{0,200}): ?/y)

export function readRuby(line: Line, from: number): ParsedLine | undefined {
  const found = matchAt(start, line.head, from)
  const stamp = found && readLeadingTime(line, from + found[0].length)
  const parsed = stamp && readShape(rest, line, stamp.to)
  return parsed ? { ...parsed, time: stamp.time } : undefined
}
