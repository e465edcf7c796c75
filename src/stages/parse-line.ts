// One line → what it says: JSON or text, and what is wrapped in it read in its turn.
import { hasAnsi } from '../text/ansi.ts'
import { plainText, type PlainText } from '../text/plain-texts.ts'
import type { Calendar } from '../time/calendar.ts'
import { mayBeFormat } from './formats/line/may-be-format.ts'
import { parseJsonLine } from './parse-json-line.ts'
import type { ParsedLine } from './parsed-line.ts'
import { openTextReader } from './parse-text-line.ts'

/** Longer lines are, as a rule, no log entries but data: they stay text. */
const longestJson = 262_144
/** All that the text formats need to see of a line. */
const headBytes = 16_384
const resets = /^(?:\x1b\[|\xc2\x9b)(?:0|39|22)?m/
/** Containers in containers. */
const mostWrappings = 3

/** When and from whom the line was captured, and whether it may have colours. */
export interface Capture {
  hasAnsi: boolean
  /** Unix milliseconds. */
  observed: number
  pid: number
}

/** The line `buffer[start, end)`; undefined when it says nothing but its words. */
export type LineParser = (buffer: Buffer, start: number, end: number, capture: Capture) => ParsedLine | undefined

/** A parser for each source; see `openTextReader`. */
export function openLineParser(calendar: Calendar, longestJsonBytes: number = longestJson): LineParser {
  const readText = openTextReader(calendar)

  function parseOuter(buffer: Buffer, start: number, end: number, { observed, pid }: Capture): ParsedLine | undefined {
    if (end - start < 2) return undefined
    if (buffer[start] === 0x7b) {
      if (end - start > longestJsonBytes || !endsWithBrace(buffer, start, end)) return undefined
      return parseJsonLine(buffer.toString('utf8', start, end), observed)
    }
    if (!mayBeFormat(buffer, start, end)) return undefined
    const headEnd = Math.min(end, start + headBytes)
    return readText(buffer.toString('latin1', start, headEnd), headEnd === end, observed, pid)
  }

  function parse(buffer: Buffer, start: number, end: number, capture: Capture, depth: number): ParsedLine | undefined {
    if (capture.hasAnsi) {
      const plain = plainText(buffer, start, end)
      const found = plain && parse(plain.bytes, 0, plain.bytes.length, { ...capture, hasAnsi: false }, depth)
      if (plain) return found && coloured(found, plain, buffer, start)
    }
    const outer = parseOuter(buffer, start, end, capture)
    if (!outer?.isWrapped || depth === mostWrappings) return outer
    const { message, skipBytes = 0 } = outer
    if (message !== undefined) {
      const text = Buffer.from(message)
      const inner = parse(text, 0, text.length, { ...capture, hasAnsi: hasAnsi(message) }, depth + 1)
      return inner ? unwrap(outer, { message: text.toString('utf8', inner.skipBytes, inner.endByte), ...inner }) : outer
    }
    const inner = parse(buffer, start + skipBytes, end, capture, depth + 1)
    if (!inner) return outer
    const whole = unwrap(outer, inner)
    whole.skipBytes = skipBytes + (inner.skipBytes ?? 0)
    if (inner.endByte !== undefined) whole.endByte = skipBytes + inner.endByte
    return whole
  }

  return (buffer, start, end, capture) => parse(buffer, start, end, capture, 0)
}

/**
 * Findings in the line without its colours, with places in the line as it is. The end of colours in front of the message
 * goes with them.
 */
function coloured(found: ParsedLine, { places }: PlainText, buffer: Buffer, start: number): ParsedLine {
  if (found.endByte !== undefined) found.endByte = places[found.endByte]! - start
  if (found.skipBytes) {
    const to = places[found.skipBytes]!
    let from = places[found.skipBytes - 1]! + 1
    for (;;) {
      const reset = resets.exec(buffer.toString('latin1', from, Math.min(to, from + 8)))
      if (!reset) break
      from += reset[0].length
    }
    found.skipBytes = from - start
  }
  return found
}

/** The line inside knows better; what it does not say is what the wrapping says. */
function unwrap(outer: ParsedLine, inner: ParsedLine): ParsedLine {
  const whole = { ...outer, ...inner }
  if (outer.fields && inner.fields) whole.fields = { ...outer.fields, ...inner.fields }
  return whole
}

function endsWithBrace(buffer: Buffer, start: number, end: number): boolean {
  while (end > start && buffer[end - 1]! <= 32) end--
  return buffer[end - 1] === 0x7d
}
