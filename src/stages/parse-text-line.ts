// A line of text → a record's parts, by the first format that it is certain to have; by its first characters few come into question.
import type { Calendar } from '../time/calendar.ts'
import { readAccessLog } from './formats/access-log.ts'
import { readBlueGene } from './formats/blue-gene.ts'
import { readCri, readNamed } from './formats/container.ts'
import { isLoose, shapesAt } from './formats/index.ts'
import { readKlog } from './formats/klog.ts'
import { readLeadingTime } from './formats/line/leading-time.ts'
import type { Line, ReadLine } from './formats/line/line.ts'
import { matchAt } from './formats/line/line.ts'
import { matchBehindTime } from './formats/line/behind-time.ts'
import { readLeadingLevel } from './formats/line/leading-level.ts'
import { readLogfmt } from './formats/logfmt.ts'
import { undatedLevel } from './formats/plain-level.ts'
import { readUndatedPython } from './formats/python.ts'
import { readRedis } from './formats/redis.ts'
import { readRuby } from './formats/ruby.ts'
import { undatedRust } from './formats/rust.ts'
import { readShape, type Shape } from './formats/line/shape.ts'
import { readSyslog } from './formats/syslog.ts'
import type { ParsedLine } from './parsed-line.ts'

export type TextReader = (head: string, isWhole: boolean, observed: number, pid: number) => ParsedLine | undefined

const behindBracketedTime = /\]:?(?: -)?(?:[ \t]*(?=\S)|$)/y

/** A reader for each source: it tries the format of the line before first. */
export function openTextReader(calendar: Calendar): TextReader {
  let last: Shape | undefined

  /** A line that starts with its time, in a bracket or not. */
  const readDated: ReadLine = (line, from) => {
    const { head } = line
    const bracket = head.charCodeAt(from) === 91
    const stamp = readLeadingTime(line, bracket ? from + 1 : from)
    if (!stamp) return undefined
    const { time, to, isVague } = stamp
    const before = last && readShape(last, line, to)
    if (before) {
      before.time = time
      return before
    }
    for (const shape of shapesAt(head, to)) {
      const found = readShape(shape, line, to)
      if (!found) continue
      if (!isLoose(shape)) last = shape
      found.time = time
      return found
    }
    if (isVague) return undefined
    const behind = bracket ? matchAt(behindBracketedTime, head, to) : matchBehindTime(head, to)
    return behind ? { time, skipBytes: to + behind[0].length } : undefined
  }

  const ofDigits = [readCri, readDated, readRedis, readAccessLog, readSyslog]
  const ofBrackets = [readDated, readLeadingLevel, readUndated]
  const ofCapitals = [readUndatedPython, readLeadingLevel, readUndated, readBlueGene]
  const ofMonths = [readSyslog, readDated, readRuby]
  const ofWords = [readLogfmt, readNamed, readAccessLog]

  function readPlain(line: Line): ParsedLine | undefined {
    const code = line.head.charCodeAt(0)
    if (isDigit(code)) return firstOf(ofDigits, line)
    if (code === 91) return firstOf(ofBrackets, line)
    if (code === 60) return readSyslog(line, 0)
    if (code === 45) return readBlueGene(line, 0)
    const second = line.head.charCodeAt(1)
    if (isDigit(second) && 'IWEF'.includes(line.head[0]!)) return readKlog(line, 0)
    if (isCapital(code)) {
      const found = firstOf(isCapital(second) ? ofCapitals : ofMonths, line)
      if (found) return found
    }
    return firstOf(ofWords, line)
  }

  return (head, isWhole, observed, pid) => readPlain({ head, isWhole, observed, pid, calendar })
}

const readUndated: ReadLine = (line, from) => readShape(undatedRust, line, from) ?? readShape(undatedLevel, line, from)

function firstOf(formats: readonly ReadLine[], line: Line): ParsedLine | undefined {
  for (const read of formats) {
    const found = read(line, 0)
    if (found) return found
  }
  return undefined
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}
