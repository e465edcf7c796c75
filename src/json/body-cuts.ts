// Cuts in a body of records, so that it need not be taken in at once; and whether it can be taken in at all, which is
// known before its first record is stored.
import { isUtf8 } from 'node:buffer'
import { LogboomError } from '../contracts/errors.ts'
import { spaceEnd, valueEnd, type Scan } from './json-scan.ts'
import { viewOf } from '../system/view-of.ts'
import { formatAmount } from '../text/amounts.ts'

export type BodyForm = 'ndjson' | 'json' | 'text'

export interface BodyCuts {
  /** Goes on looking, a short while; true when all of the body is known to be good. Throws `request-invalid` or `too-large`. */
  look(): boolean
  /** Beginning of the first record. */
  start: number
  /** The end of whole records that begin at `from`: of `bytes` of them or less, but of one at least. Once `look` is done. */
  cut(from: number, bytes: number): number
  /** Behind the last record. */
  end(): number
}

const newline = 10
const comma = 0x2c
const openList = 0x5b
const closeList = 0x5d
const byteOrderMark = [0xef, 0xbb, 0xbf]
/** Looked at in one go. */
const lookBytes = 1024 * 1024
const lookRecords = 32_768
/** A list is cut there or not at all. */
const markBytes = 64 * 1024

export function openBodyCuts(body: Uint8Array, form: BodyForm, mostRecords: number): BodyCuts {
  const start = byteOrderMark.every((byte, i) => body[i] === byte) ? byteOrderMark.length : 0
  return form === 'json' ? cutValues(body, start, mostRecords) : cutLines(body, start, mostRecords)
}

function cutLines(body: Uint8Array, start: number, mostRecords: number): BodyCuts {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.length)
  let at = start
  let lines = 0
  return {
    start,
    look() {
      // A record takes a byte at least.
      if (body.length <= mostRecords) return true
      for (const until = lines + lookRecords; lines < until; lines++) {
        if (at >= body.length) return true
        if (lines === mostRecords) throw tooMany(mostRecords)
        const found = buffer.indexOf(newline, at)
        at = found < 0 ? body.length : found + 1
      }
      return false
    },
    cut(from, bytes) {
      if (body.length - from <= bytes) return body.length
      const before = buffer.subarray(from, from + bytes).lastIndexOf(newline)
      if (before >= 0) return from + before + 1
      const behind = buffer.indexOf(newline, from + bytes)
      return behind < 0 ? body.length : behind + 1
    },
    end: () => body.length,
  }
}

/** A list of values, or values one after the other. */
function cutValues(body: Uint8Array, start: number, mostRecords: number): BodyCuts {
  const { length } = body
  const scan: Scan = {
    bytes: body,
    view: viewOf(body),
    length,
    newlines: true,
    escaped: false,
    odd: false,
    exponents: false,
  }
  let at = spaceEnd(scan, start)
  const isList = body[at] === openList
  if (isList) at = spaceEnd(scan, at + 1)
  const first = at
  let records = 0
  let isDone = false
  /** Beginnings of records, and at last the end. */
  const marks: number[] = []

  function finish(): true {
    if (isList && spaceEnd(scan, at + 1) < length) throw notJson(at + 1)
    marks.push(at)
    return (isDone = true)
  }

  return {
    start: first,
    look() {
      if (isDone) return true
      if (records === 0 && !isUtf8(body)) throw new LogboomError('request-invalid', 'The body is not UTF-8.')
      if (records === 0 && (isList ? body[at] === closeList : at >= length)) return finish()
      const until = { bytes: at + lookBytes, records: records + lookRecords }
      while (at < until.bytes && records < until.records) {
        if (records++ === mostRecords) throw tooMany(mostRecords)
        const end = valueEnd(scan, at)
        if (end < 0) throw notJson(at)
        at = spaceEnd(scan, end)
        if (isList) {
          if (body[at] === closeList) return finish()
          if (body[at] !== comma) throw notJson(at)
          at = spaceEnd(scan, at + 1)
        } else if (at >= length) return finish()
        if (at - (marks.at(-1) ?? first) >= markBytes) marks.push(at)
      }
      return false
    },
    cut(from, bytes) {
      let best = marks.find((mark) => mark > from) ?? from
      for (const mark of marks) if (mark > best && mark - from <= bytes) best = mark
      return best
    },
    end: () => marks.at(-1)!,
  }
}

function tooMany(mostRecords: number): LogboomError {
  return new LogboomError('too-large', `The body has more than ${formatAmount(mostRecords, 'record')}.`)
}

function notJson(at: number): LogboomError {
  return new LogboomError('request-invalid', `The body is not JSON, or too deep, at byte ${at + 1}.`, {
    hint: 'Send a list of objects, or one object a line with content-type application/x-ndjson.',
  })
}
