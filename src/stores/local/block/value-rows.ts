// Values of a column that contain a text.
import type { SectionReader } from './sections.ts'
import { readCodes, readNumbers } from '../column/stored-numbers.ts'
import { readDictionary, readValues, type ValueColumn } from '../column/value-column.ts'
import type { Texts } from '../column/texts.ts'

const inNumbers = /^[0-9.-]+$/

/** Nothing, perhaps, for sure. */
export type Mark = 0 | 1 | 2

/** Marks values that contain the needle (lower case, ASCII) with at least `mark`; true when there are any. */
export function markValues(
  reader: SectionReader,
  column: ValueColumn,
  count: number,
  needle: string,
  marks: Uint8Array,
  mark: Mark,
): boolean {
  switch (column.form) {
    case 'constant':
      if (!column.value.toLowerCase().includes(needle)) return false
      for (let i = 0; i < count; i++) if (marks[i]! < mark) marks[i] = mark
      return true
    case 'dictionary': {
      if (needle.length > column.longest || !hasCharacters(column.characters, needle)) return false
      const distinct = new Uint8Array(column.distinct)
      if (!markTexts(reader.at(column.text), () => readDictionary(reader, column), needle, distinct, mark)) return false
      const codes = readCodes(reader, column.codes, count)
      for (let i = 0; i < count; i++) if (distinct[codes[i]!]! > marks[i]!) marks[i] = mark
      return true
    }
    case 'number':
      // Digits on both sides of a point, or zeros that are not written, may be found by mistake.
      return inNumbers.test(needle) && markNumbers(reader, column, count, needle, marks)
    case 'text':
      if (needle.length > column.longest || !hasCharacters(column.characters, needle)) return false
      return markTexts(reader.at(column.text), () => readValues(reader, column, count), needle, marks, mark)
  }
}

/**
 * Digits are looked for in the numbers themselves; only what may begin with filled-in zeros, or has a point or sign, in their
 * texts.
 */
function markNumbers(
  reader: SectionReader,
  column: Extract<ValueColumn, { form: 'number' }>,
  count: number,
  needle: string,
  marks: Uint8Array,
): boolean {
  if (needle.length > 15) return false
  if (!/^[1-9]\d*$/.test(needle)) {
    const texts = readValues(reader, column, count)
    return markTexts(texts.bytes, () => texts, needle, marks, 1)
  }
  const wanted = Number(needle)
  if (Math.max(column.high, -column.low) < wanted) return false
  const power = 10 ** needle.length
  const values = readNumbers(reader, column.values, count)
  let any = false
  for (let i = 0; i < count; i++) {
    for (let rest = Math.abs(values[i]!); rest >= wanted; rest = Math.floor(rest / 10)) {
      if (rest % power !== wanted) continue
      if (marks[i] === 0) marks[i] = 1
      any = true
      break
    }
  }
  return any
}

/** Whether values as JSON writes them are the values themselves. */
export function isPlain(column: ValueColumn): boolean {
  switch (column.form) {
    case 'constant':
      return !column.value.includes('\\')
    case 'number':
      return false
    default:
      return !column.characters.includes('\\')
  }
}

/** Whether all of them occur in the column. */
function hasCharacters(characters: string, needle: string): boolean {
  for (const char of needle) if (!characters.includes(char)) return false
  return true
}

/** The texts lie behind each other in `bytes`; where each begins and ends is asked only when the needle is there. */
function markTexts(bytes: Uint8Array, read: () => Texts, needle: string, marks: Uint8Array, mark: Mark): boolean {
  // As Latin-1, one character is one byte, and ASCII is never a part of other characters.
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').toLowerCase()
  let at = all.indexOf(needle)
  if (at < 0) return false
  const { start, end, count } = read()
  let any = false
  let row = 0
  while (at >= 0) {
    while (row < count && end[row]! <= at) row++
    if (row === count) break
    if (at >= start[row]! && at + needle.length <= end[row]!) {
      if (marks[row]! < mark) marks[row] = mark
      any = true
      at = all.indexOf(needle, end[row]!)
    } else at = all.indexOf(needle, at + 1)
  }
  return any
}
