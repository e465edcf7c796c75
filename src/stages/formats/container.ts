// Lines that carry another line: Docker's JSON files, the files of Kubernetes (CRI), and lines with the name of their file in front.
// The line inside is read as if it stood alone.
import type { Stream } from '../../contracts/record.ts'
import { readTimestamp } from '../../time/timestamp.ts'
import type { ParsedLine } from '../parsed-line.ts'
import { isPlausible, matchAt, textOf, type Line } from './line/line.ts'

/** `{"log":"message\n","stream":"stdout","time":"2025-10-19T05:55:47.606123456Z"}`, and perhaps attributes. */
export function readDocker(object: Record<string, unknown>): ParsedLine | undefined {
  const { log, stream, time, ...rest } = object
  if (typeof log !== 'string' || typeof time !== 'string' || (stream !== 'stdout' && stream !== 'stderr'))
    return undefined
  const stamp = readTimestamp(time, 0)
  if (!stamp) return undefined
  return {
    isWrapped: true,
    message: log.endsWith('\n') ? log.slice(0, -1) : log,
    stream,
    time: stamp.time,
    ...(Object.keys(rest).length > 0 ? { fields: rest } : {}),
  }
}

const cri = / (stdout|stderr) ([FP])(?: |$)/y

/** `2025-10-19T05:55:47.606123456Z stdout F message`; `P` is a part of a line, which goes on in the next one. */
export function readCri({ head, observed }: Line, from: number): ParsedLine | undefined {
  if (head[from + 10] !== 'T') return undefined
  const stamp = readTimestamp(head, from)
  const found = stamp && matchAt(cri, head, stamp.to)
  if (!found || !isPlausible(stamp.time, observed)) return undefined
  return {
    isWrapped: true,
    skipBytes: stamp.to + found[0].length,
    stream: found[1] as Stream,
    time: stamp.time,
    ...(found[2] === 'P' ? { fields: { 'log.partial': true } } : {}),
  }
}

/** Behind the time there must be more of a head, or it is a sentence that tells of a file. */
const named =
  /((?:\/var\/log\/[^\s:]{1,200}|[^\s:]{1,200}\.(?:log|out|err)(?:[.-]\S{0,100}?)?)):? (?=\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?(?: -)? +(?:\[|[A-Z]{4,9}\b|\d{1,10} [A-Z]{4,9} ))/y

/** `nova-api.log.1 2017-05-16 00:00:00.008 25746 INFO …`, as collectors write it: a name that is one of a log, and nothing else. */
export function readNamed({ head }: Line, from: number): ParsedLine | undefined {
  const found = matchAt(named, head, from)
  return found
    ? { isWrapped: true, skipBytes: from + found[0].length, fields: { 'log.file.name': textOf(found[1]!) } }
    : undefined
}
