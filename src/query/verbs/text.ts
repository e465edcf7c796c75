// Words and phrases: text that occurs anywhere in the message or in a field's value (decisions/002). The usual search,
// so it is the fast one: plain words are looked up in the whole batch at once, and hits are mapped to rows.
import type { RecordBatch } from '../../batch.ts'
import { lowerBytes, lowerMessage, lowerMessageBytes } from '../batch-text.ts'
import { someValue } from '../field-values.ts'
import { condition, everything, type Condition } from '../syntax-tree.ts'
import { equalityOnly, type RowTest, type Verb } from './verb.ts'
import { regexp } from './regexp.ts'

type TextCondition = Extract<Condition, { verb: 'text' }>

export const text: Verb<TextCondition> = {
  names: ['message'],
  parse(comparison) {
    equalityOnly(comparison)
    const { value } = comparison
    if (value.form === 'regexp') return regexp.parse({ ...comparison, name: 'message' })
    const wanted = value.form === 'bare' ? value.text.replace(/^\*+|\*+$/g, '') : value.text
    return wanted ? condition({ verb: 'text', text: wanted, messageOnly: true }) : everything
  },
  test(wanted) {
    const needle = wanted.text.toLowerCase()
    const whole = wanted.whole ?? false
    const inValue = (value: string) => occurs(value.toLowerCase(), needle, whole)
    return {
      cost: 50,
      bind(batch) {
        const inMessage = isAscii(needle)
          ? bytesTest(batch, needle, whole)
          : (index: number) => occurs(lowerMessage(batch, index), needle, whole)
        if (wanted.messageOnly) return inMessage
        return (index) => inMessage(index) || someValue(batch, index, inValue)
      },
    }
  },
  plan: (wanted) => ({ words: [wanted.text.toLowerCase()] }),
}

/** A text this small is scanned whole even if few of its rows are asked about. */
const smallBytes = 65_536

function bytesTest(batch: RecordBatch, needle: string, whole: boolean): RowTest {
  let hits: Uint8Array | undefined
  let asked = 0
  let first = -1
  return (index) => {
    if (hits) return hits[index] === 1
    if (first < 0) first = index
    asked++
    // Where a cheaper condition leaves few rows, they are looked at alone; where many are asked about, all at once.
    if (batch.text.length <= smallBytes || (asked > 16 && asked * 4 > Math.abs(index - first))) {
      hits = rowsWith(batch, needle, whole)
      return hits[index] === 1
    }
    return occurs(lowerMessageBytes(batch, index), needle, whole)
  }
}

/** 1 for each row whose message has the needle. */
function rowsWith(batch: RecordBatch, needle: string, whole: boolean): Uint8Array {
  const { count, start, end } = batch
  const hits = new Uint8Array(count)
  if (!isDense(batch)) {
    for (let row = 0; row < count; row++) hits[row] = occurs(lowerMessageBytes(batch, row), needle, whole) ? 1 : 0
    return hits
  }
  const all = lowerBytes(batch)
  let row = 0
  let at = all.indexOf(needle)
  while (at >= 0) {
    while (row < count && end[row]! <= at) row++
    if (row === count) break
    const rowEnd = end[row]!
    let next: number
    if (at < start[row]!) next = start[row]!
    else if (at + needle.length > rowEnd) next = rowEnd
    else if (whole && !standsAlone(all, at, needle.length, start[row]!, rowEnd)) next = at + 1
    else {
      hits[row++] = 1
      next = rowEnd
    }
    at = all.indexOf(needle, next)
  }
  return hits
}

/** Messages follow each other and fill most of the text. */
function isDense(batch: RecordBatch): boolean {
  const { count, start, end } = batch
  let last = 0
  let used = 0
  for (let row = 0; row < count; row++) {
    if (start[row]! < last) return false
    last = end[row]!
    used += last - start[row]!
  }
  return used * 2 >= batch.text.length
}

function occurs(value: string, needle: string, whole: boolean): boolean {
  if (!whole) return value.includes(needle)
  for (let at = value.indexOf(needle); at >= 0; at = value.indexOf(needle, at + 1)) {
    if (standsAlone(value, at, needle.length, 0, value.length)) return true
  }
  return false
}

function standsAlone(value: string, at: number, length: number, from: number, to: number): boolean {
  const after = at + length
  return (
    !(at > from && isWordCode(value.charCodeAt(at)) && isWordCode(value.charCodeAt(at - 1))) &&
    !(after < to && isWordCode(value.charCodeAt(after - 1)) && isWordCode(value.charCodeAt(after)))
  )
}

/** a–z, 0–9 or _; the text is lower-cased, and bytes of other characters count as none. */
function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95
}

function isAscii(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 127) return false
  return true
}
