// Rows that have a key among their fields, or a number within a range under it, told from templates and columns alone.
import { readNumber } from '../../../json/compare-numbers.ts'
import type { NumberRange } from '../../../query/plan/plan.ts'
import { hasAnsi } from '../../../text/ansi.ts'
import type { SectionReader } from './sections.ts'
import { slotsOf, type Slot } from './slots.ts'
import type { TemplatedColumn } from '../column/templated-column.ts'
import { readCodes, readNumbers } from '../column/stored-numbers.ts'
import { readDictionary, readValues } from '../column/value-column.ts'
import { textAt } from '../column/texts.ts'

type RowTest = (row: number) => boolean

/** Sets `found[row]` to 1 for rows that have one of the keys at the top of their fields. */
export function markKeys(
  reader: SectionReader,
  column: TemplatedColumn,
  count: number,
  keys: readonly string[],
  found: Uint8Array,
): void {
  mark(reader, column, count, found, (slots) => slots.some(({ key, inFields }) => inFields && keys.includes(key)))
}

/** Sets `found[row]` to 1 for rows that may have such a number. */
export function markNumbers(
  reader: SectionReader,
  column: TemplatedColumn,
  count: number,
  range: NumberRange,
  found: Uint8Array,
): void {
  mark(reader, column, count, found, (slots, rows) => {
    const tests = slots
      .filter(({ key, inFields }) => inFields && key === range.key)
      .map((slot) => testOf(reader, slot, rows, range))
    // A key that repeats has several.
    return tests.length > 1 ? true : (tests[0] ?? false)
  })
}

/** `test` is asked once for each template; its answer is for all rows of it, or a test of each. */
function mark(
  reader: SectionReader,
  { templates, codes }: TemplatedColumn,
  count: number,
  found: Uint8Array,
  test: (slots: Slot[], rows: number) => boolean | RowTest,
): void {
  const tests = templates.map((template) => {
    const slots = slotsOf(template)
    return slots ? test(slots, template.rows) : true
  })
  const seen = new Uint32Array(templates.length)
  readCodes(reader, codes, count).forEach((code, row) => {
    const answer = tests[code]!
    if (answer === true || (answer !== false && answer(seen[code]!))) found[row] = 1
    seen[code]!++
  })
}

function testOf(
  reader: SectionReader,
  { column, isText }: Slot,
  rows: number,
  { from = -Infinity, to = Infinity }: NumberRange,
): boolean | RowTest {
  const mayHold = (text: string): boolean => {
    // Lists and objects have several values, and escapes must be read first: they are looked at as records.
    if (/^[[{]|\\/.test(text) || hasAnsi(text)) return true
    const number = isText || /^[-\d]/.test(text) ? readNumber(text)?.near : undefined
    return number !== undefined && number >= from && number <= to
  }
  switch (column.form) {
    case 'constant':
      return mayHold(column.value)
    case 'dictionary': {
      const distinct = readDictionary(reader, column)
      const holds = Array.from({ length: column.distinct }, (_, code) => mayHold(textAt(distinct, code)))
      if (!holds.includes(true)) return false
      const codes = readCodes(reader, column.codes, rows)
      return (row) => holds[codes[row]!]!
    }
    case 'number': {
      const unit = 10 ** column.decimals.decimals
      if (column.low / unit > to || column.high / unit < from) return false
      const values = readNumbers(reader, column.values, rows)
      return (row) => values[row]! / unit >= from && values[row]! / unit <= to
    }
    case 'text': {
      const texts = readValues(reader, column, rows)
      return (row) => mayHold(textAt(texts, row))
    }
  }
}
