// klog and glog, Kubernetes and Google: `I1019 05:55:47.606123    4157 take.go:12] message`, with or without a year in front.
import { latestTime } from '../../time/calendar.ts'
import { completeTime, readClock, twoDigits } from '../../time/timestamp.ts'
import type { ParsedLine } from '../parsed-line.ts'
import { isPlausible, matchAt, type Line } from './line/line.ts'
import { readShape, shape } from './line/shape.ts'

const start = /[IWEF](?:(\d{4})?(\d\d)(\d\d)) (?=\d\d:\d\d:\d\d)/y
const rest = shape('', / +(?<tid>\d{1,10}) (?<file>[\w./@-]{1,200}):(?<line>\d{1,7})\](?: |$)/y)
const severities: Record<string, number> = { I: 9, W: 13, E: 17, F: 21 }

export function readKlog(line: Line, from: number): ParsedLine | undefined {
  const { head, observed, calendar } = line
  const date = matchAt(start, head, from)
  const clock = date && readClock(head, from + date[0].length)
  const parsed = clock && readShape(rest, line, clock.to)
  if (!parsed) return undefined
  const [month, day] = [twoDigits(date[2]!, 0), twoDigits(date[3]!, 0)]
  const time = date[1]
    ? (completeTime('', clock, Number(date[1]), month, day, calendar)?.time ?? NaN)
    : latestTime(calendar, month, day, clock.ms, observed)
  if (!isPlausible(time, observed)) return undefined
  return { ...parsed, time, severity: severities[head[from]!]! }
}
