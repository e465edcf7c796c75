// Redis and Valkey: `4157:M 19 Oct 2025 05:55:47.606 * message`.
import { severities } from '../../contracts/record.ts'
import { readDayMonth } from '../../time/month-date.ts'
import type { ParsedLine } from '../parsed-line.ts'
import { isPlausible, matchAt, type Line } from './line/line.ts'

const start = /([1-9]\d{0,9}):([MSCX]) (?=\d\d [A-Z])/y
const roles: Record<string, string> = { M: 'master', S: 'replica', C: 'child', X: 'sentinel' }
const levels: Record<string, [severity: number, word: string | undefined]> = {
  '.': [severities.DEBUG, undefined],
  '-': [severities.DEBUG, 'verbose'],
  '*': [severities.INFO, 'notice'],
  '#': [severities.WARNING, undefined],
}

export function readRedis({ head, observed, pid, calendar }: Line, from: number): ParsedLine | undefined {
  const found = matchAt(start, head, from)
  const stamp = found && readDayMonth(head, from + found[0].length, calendar)
  const level = stamp && head[stamp.to] === ' ' && head[stamp.to + 2] === ' ' ? levels[head[stamp.to + 1]!] : undefined
  if (!level || !isPlausible(stamp!.time, observed)) return undefined
  const fields: Record<string, unknown> = { 'redis.role': roles[found![2]!] }
  if (Number(found![1]) !== pid) fields['process.pid'] = Number(found![1])
  if (level[1]) fields['log.level'] = level[1]
  return { time: stamp!.time, severity: level[0], fields, skipBytes: stamp!.to + 3 }
}
