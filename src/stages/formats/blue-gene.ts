// The event log of IBM's Blue Gene, which reference collections of logs use:
// `- 1117838570 2005.06.03 R02-M1-N0 2005-06-03-15.42.50.675872 R02-M1-N0 RAS KERNEL INFO message`.
import type { ParsedLine } from '../parsed-line.ts'
import { readLevel } from './line/level.ts'
import { isPlausible, matchAt, type Line } from './line/line.ts'

const pattern =
  /([A-Z][A-Z0-9_]{0,40}|-) (\d{9,10}) (?:\d{4}\.\d\d\.\d\d) (\S{1,100}) \d{4}-\d\d-\d\d-\d\d\.\d\d\.\d\d(\.\d{1,9})? (?:\3|(\S{1,100})) ([A-Z]{2,12}) ([A-Z_]{2,20}) ([A-Z]{4,8})(?: |$)/y

export function readBlueGene({ head, observed }: Line, from: number): ParsedLine | undefined {
  const found = matchAt(pattern, head, from)
  const level = found && readLevel(found[8]!)
  if (!level) return undefined
  const time = Number(found[2]) * 1000 + Math.round(Number(found[4] ?? 0) * 1e6) / 1e3
  if (!isPlausible(time, observed)) return undefined
  const fields: Record<string, unknown> = { 'host.name': found[3], 'event.type': found[6] }
  if (found[5] !== undefined) fields['host.repeated'] = found[5]
  if (found[1] !== '-') fields['event.label'] = found[1]
  if (level.word !== undefined) fields['log.level'] = level.word
  return { time, severity: level.severity, logger: found[7]!, fields, skipBytes: from + found[0].length }
}
