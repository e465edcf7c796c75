// How often each value of a key occurs in a block, counted on its columns: no record is put together, no JSON parsed.
import type { ValueCounts } from '../../../query/summary/summary-part.ts'
import { parseJson } from '../../../json/parse-json.ts'
import { WrittenNumber } from '../../../json/written-number.ts'
import type { RecordExtras } from '../../../contracts/batch.ts'
import { stripAnsi } from '../../../text/ansi.ts'
import type { SectionReader } from './sections.ts'
import { slotsOf, type Slot } from './slots.ts'
import { decodedTexts, isWhole, type TemplatedColumn } from '../column/templated-column.ts'
import { readCodes } from '../column/stored-numbers.ts'
import { readDictionary, readValues } from '../column/value-column.ts'
import { textAt } from '../column/texts.ts'

/** The values of `logger` (not `inFields`) or of a key of `fields`. Undefined where it takes the records to tell. */
export function countValues(
  reader: SectionReader,
  { templates }: TemplatedColumn,
  key: string,
  inFields: boolean,
): ValueCounts | undefined {
  const counts = new Map<string, number>()
  let missing = 0
  for (const template of templates) {
    if (isWhole(template)) {
      for (const text of decodedTexts(reader, template)) {
        const extras = (text === '' ? {} : parseJson(text)) as RecordExtras
        const value = inFields ? extras.fields?.[key] : extras.logger
        if (typeof value === 'object' && value !== null && !(value instanceof WrittenNumber)) return undefined
        if (value === undefined) missing++
        else count(counts, String(value), 1)
      }
      continue
    }
    const slots = slotsOf(template)
    if (!slots) return undefined
    const [slot, second] = slots.filter((each) => each.key === key && each.inFields === inFields)
    if (!slot) missing += template.rows
    else if (second || !addColumn(reader, slot, template.rows, counts)) return undefined
  }
  return { values: [...counts], missing }
}

function addColumn(
  reader: SectionReader,
  { column, isText }: Slot,
  rows: number,
  counts: Map<string, number>,
): boolean {
  const add = (text: string, times: number): boolean => {
    const value = valueOf(text, isText)
    if (value === undefined) return false
    count(counts, value, times)
    return true
  }
  if (column.form === 'constant') return add(column.value, rows)
  if (column.form === 'dictionary') {
    const times = new Float64Array(column.distinct)
    for (const code of readCodes(reader, column.codes, rows)) times[code]!++
    const distinct = readDictionary(reader, column)
    return times.every((count, code) => add(textAt(distinct, code), count))
  }
  // As many values as records, or nearly: a facet of them is of little use, and costs what it costs.
  const texts = readValues(reader, column, rows)
  for (let row = 0; row < rows; row++) if (!add(textAt(texts, row), 1)) return false
  return true
}

/** Values that differ in colour only are the same. */
function count(counts: Map<string, number>, value: string, times: number): void {
  const plain = stripAnsi(value)
  counts.set(plain, (counts.get(plain) ?? 0) + times)
}

/** Undefined for objects and lists, which have several values or none. */
function valueOf(text: string, isText: boolean): string | undefined {
  if (isText) return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text
  return text.startsWith('{') || text.startsWith('[') ? undefined : text
}
