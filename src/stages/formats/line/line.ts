// A line as the formats get it, and the contract of those that find their own time. One format is one file here.
import type { Calendar } from '../../../time/calendar.ts'
import type { ParsedLine } from '../../parsed-line.ts'

export interface Line {
  /** The line's first bytes as Latin-1, so that positions are byte offsets. */
  head: string
  /** Whether that is all of it. */
  isWhole: boolean
  /** When it was captured, Unix milliseconds: it gives year and day to times without. */
  observed: number
  /** The process known to print it. */
  pid: number
  /** The zone of times without one. */
  calendar: Calendar
}

/** Parts of the line, `from` on; undefined when it is not of this format. Takes time in proportion to the line, at most. */
export type ReadLine = (line: Line, from: number) => ParsedLine | undefined

/** Finds `pattern` (sticky) exactly at `from`. */
export function matchAt(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from
  return pattern.exec(text)
}

const dayMs = 86_400_000
const earliestMs = Date.UTC(1990, 0, 1)

/** A program may say that it was long ago; what is before all such programs or after tomorrow is no time of its own. */
export function isPlausible(time: number, observed: number): boolean {
  return time >= earliestMs && time <= observed + dayMs
}

const beyondAscii = /[\x80-\xff]/

/** Bytes taken out of `head` as text. */
export function textOf(bytes: string): string {
  return beyondAscii.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes
}
