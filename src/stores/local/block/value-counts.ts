// How often each value of a key occurs in a block, counted on its columns: no record is put together, no JSON parsed.
import type { ValueCounts } from '../../../query/summary-part.ts'
import type { SectionReader } from './sections.ts'
import type { StoredTemplate, TemplatedColumn } from './templated-column.ts'
import { readDictionary, readNumbers, readValues, type Texts, type ValueColumn } from './value-column.ts'

/** A value and the key that it stands behind. */
interface Slot {
  key: string
  inFields: boolean
  /** It stands in quotes. */
  isText: boolean
  column: ValueColumn
}

const keyBefore = /"((?:[^"\\]|\\.)*)":("?)$/

/** Undefined where the values cannot be told from the template: what then follows is JSON of any form. */
function slotsOf({ parts, columns }: StoredTemplate): Slot[] | undefined {
  const slots: Slot[] = []
  let inFields = false
  for (const [at, column] of columns.entries()) {
    const part = parts[at]!
    if (/^"?\}/.test(part)) inFields = false
    if (part.includes('"fields":{')) inFields = true
    const [, key, quote] = keyBefore.exec(part) ?? []
    if (key === undefined || key.includes('\\')) return undefined
    slots.push({ key, inFields, isText: quote === '"', column })
  }
  return slots
}

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
    const slots = slotsOf(template)
    if (!slots) return undefined
    // Of keys that are there twice, JSON means the last.
    const slot = slots.findLast((each) => each.key === key && each.inFields === inFields)
    if (!slot) missing += template.rows
    else if (!addColumn(reader, slot, template.rows, counts)) return undefined
  }
  return { values: [...counts], missing }
}

function addColumn(
  reader: SectionReader,
  { column, isText }: Slot,
  rows: number,
  counts: Map<string, number>,
): boolean {
  const add = (text: string, count: number): boolean => {
    const value = valueOf(text, isText)
    if (value === undefined) return false
    counts.set(value, (counts.get(value) ?? 0) + count)
    return true
  }
  if (column.form === 'constant') return add(column.value, rows)
  if (column.form === 'dictionary') {
    const times = new Float64Array(column.distinct)
    for (const code of readNumbers(reader, column.codes, rows)) times[code]!++
    const distinct = readDictionary(reader, column)
    return times.every((count, code) => add(textAt(distinct, code), count))
  }
  // As many values as records, or nearly: a facet of them is of little use, and costs what it costs.
  const texts = readValues(reader, column, rows)
  for (let row = 0; row < rows; row++) if (!add(textAt(texts, row), 1)) return false
  return true
}

function textAt({ bytes, start, end }: Texts, index: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start[index]!, end[index]! - start[index]!).toString('utf8')
}

/** Undefined for objects and lists, which have several values or none. */
function valueOf(text: string, isText: boolean): string | undefined {
  if (isText) return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text
  if (text.startsWith('{') || text.startsWith('[')) return undefined
  return String(JSON.parse(text))
}
