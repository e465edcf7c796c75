// Columns of short texts: the variables of a template, the values of a field. Constant, dictionary, numbers, or text.
import { findDistinct } from './distinct.ts'
import { decimalsOf, formatDecimals, parseDecimals, type DecimalForm } from './decimals.ts'
import { readCodes, readNumbers, writeNumbers, type StoredNumbers } from './stored-numbers.ts'
import type { Place, SectionReader, SectionWriter } from '../block/sections.ts'
import { charactersOf, concatenate, longestOf, pick, type Texts } from './texts.ts'

/** Told what texts there are: each distinct one of a column that has few, every one of a column that has many. */
export interface TextFilters {
  text(bytes: Uint8Array, from: number, to: number): void
  /** In place of numbers of less than 12 digits. */
  digits(): void
}

export type ValueColumn =
  | { form: 'constant'; value: string }
  /** `text`: the distinct values behind each other, in order of first appearance. */
  | {
      form: 'dictionary'
      distinct: number
      text: Place
      lengths: StoredNumbers
      codes: StoredNumbers
      longest: number
      characters: string
    }
  /** Decimal numbers, times a power of ten. */
  | { form: 'number'; decimals: DecimalForm; low: number; high: number; values: StoredNumbers }
  | { form: 'text'; text: Place; lengths: StoredNumbers; longest: number; characters: string }

/** Numbers with so many digits are words that can be looked for in a filter. */
const longNumber = 1e11

export function writeValues(writer: SectionWriter, texts: Texts, filters: TextFilters): ValueColumn {
  const { bytes, start, end, count } = texts
  const decimals = decimalsOf(texts)
  if (decimals) {
    const values = parseDecimals(texts, decimals)
    let low = Infinity
    let high = -Infinity
    for (let i = 0; i < count; i++) {
      if (values[i]! < low) low = values[i]!
      if (values[i]! > high) high = values[i]!
    }
    filters.digits()
    if (Math.max(high, -low) >= longNumber) for (let i = 0; i < count; i++) filters.text(bytes, start[i]!, end[i]!)
    return { form: 'number', decimals, low, high, values: writeNumbers(writer, values, count) }
  }
  const distinct = findDistinct(texts)
  if (!distinct) {
    for (let i = 0; i < count; i++) filters.text(bytes, start[i]!, end[i]!)
    return writeText(writer, texts)
  }
  const { firsts, codes } = distinct
  for (const first of firsts) filters.text(bytes, start[first]!, end[first]!)
  if (firsts.length === 1) {
    return {
      form: 'constant',
      value: Buffer.from(bytes.buffer, bytes.byteOffset + start[0]!, end[0]! - start[0]!).toString('utf8'),
    }
  }
  const { text, lengths } = concatenate(pick(texts, firsts))
  return {
    form: 'dictionary',
    distinct: firsts.length,
    text: writer.add(text, 'text'),
    lengths: writeNumbers(writer, lengths, lengths.length),
    codes: writeNumbers(writer, codes, count),
    longest: longestOf(lengths),
    characters: charactersOf(text),
  }
}

function writeText(writer: SectionWriter, texts: Texts): ValueColumn {
  const { text, lengths } = concatenate(texts)
  return {
    form: 'text',
    text: writer.add(text, 'text'),
    lengths: writeNumbers(writer, lengths, lengths.length),
    longest: longestOf(lengths),
    characters: charactersOf(text),
  }
}

/** The column as texts: of all `count` rows, or of the rows asked for (ascending). */
export function readValues(reader: SectionReader, column: ValueColumn, count: number, rows?: Uint32Array): Texts {
  switch (column.form) {
    case 'constant': {
      const bytes = Buffer.from(column.value)
      const wanted = rows?.length ?? count
      return { bytes, start: new Uint32Array(wanted), end: new Uint32Array(wanted).fill(bytes.length), count: wanted }
    }
    case 'dictionary': {
      const values = readDictionary(reader, column)
      const { codes } = column
      return pick(values, rows ? readNumbers(reader, codes, count, rows) : readCodes(reader, codes, count))
    }
    case 'number':
      return formatDecimals(readNumbers(reader, column.values, count, rows), column.decimals)
    case 'text': {
      return readText(reader, column, count, rows)
    }
  }
}

/** The distinct values. */
export function readDictionary(reader: SectionReader, column: Extract<ValueColumn, { form: 'dictionary' }>): Texts {
  return readText(reader, column, column.distinct)
}

/** Texts that lie behind each other, all `count` or those asked for (ascending). */
function readText(
  reader: SectionReader,
  column: Pick<Extract<ValueColumn, { form: 'text' }>, 'text' | 'lengths'>,
  count: number,
  rows?: Uint32Array,
): Texts {
  const bytes = reader.at(column.text)
  const lengths = readCodes(reader, column.lengths, count)
  const given = rows?.length ?? count
  const start = new Uint32Array(given)
  const end = new Uint32Array(given)
  let at = 0
  let next = 0
  for (let i = 0; i < count; i++) {
    const to = at + lengths[i]!
    if (rows ? rows[next] === i : true) {
      start[next] = at
      end[next++] = to
    }
    at = to
  }
  if (at !== bytes.length) throw new RangeError('a column of text has the wrong length')
  return { bytes, start, end, count: given }
}
