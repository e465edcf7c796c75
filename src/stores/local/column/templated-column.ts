// A column of texts that are much alike, taken apart: each text is a template, said once, and its variables, which lie in a
// column for each place of the template. Messages and the JSON of fields are kept so.
import { readValues, writeValues, type TextFilters, type ValueColumn } from './value-column.ts'
import { textAt, copyBytes, pick, type Texts } from './texts.ts'
import { writeNumbers, readCodes, type StoredNumbers } from './stored-numbers.ts'
import { viewOf } from '../../../system/view-of.ts'
import { areSame } from './same-bytes.ts'
import type { SectionReader, SectionWriter } from '../block/sections.ts'

/** Places of the variables of `bytes[from, to)`: ascending pairs of start and end; returns how many. */
export type FindPlaces = (bytes: Uint8Array, from: number, to: number, places: Uint32Array) => number

export interface StoredTemplate {
  /** The constant text before, between and after the variables: one more than there are columns. */
  parts: string[]
  /** How many texts have it. */
  rows: number
  columns: ValueColumn[]
}

export interface TemplatedColumn {
  templates: StoredTemplate[]
  /** Template of each row. */
  codes: StoredNumbers
}

/** Templates of fewer texts are not worth their place: such texts are kept whole, as the one variable of an empty template. */
const worthwhileRows = 4

/** `filters` are told all constant text and the variables. `mostPlaces`: the most that `find` finds. */
export function writeTemplated(
  writer: SectionWriter,
  texts: Texts,
  find: FindPlaces,
  mostPlaces: number,
  filters: TextFilters,
): TemplatedColumn {
  const { bytes, start, end, count } = texts
  const found = findTemplates(texts, find, mostPlaces)
  const { examples, sizes, codes, places, firstPlace } = found
  const kept = new Int32Array(examples.length).fill(-1)
  const templates: StoredTemplate[] = []
  let wholeRows = 0
  for (let template = 0; template < examples.length; template++) {
    if (sizes[template]! < worthwhileRows) wholeRows += sizes[template]!
    else kept[template] = templates.push({ parts: [], rows: sizes[template]!, columns: [] }) - 1
  }
  const whole = templates.length
  if (wholeRows > 0) templates.push({ parts: ['', ''], rows: wholeRows, columns: [] })
  const rowsOf = templates.map(({ rows }) => new Uint32Array(rows))
  assignRows(codes, kept, whole, rowsOf)
  for (const [at, template] of templates.entries()) {
    const rows = rowsOf[at]!
    if (at === whole) {
      template.columns.push(writeValues(writer, pick(texts, rows), filters))
      continue
    }
    const first = firstPlace[rows[0]!]!
    const slots = (firstPlace[rows[0]! + 1]! - first) / 2
    let literalFrom = start[rows[0]!]!
    for (let slot = 0; slot <= slots; slot++) {
      const literalTo = slot < slots ? places[first + slot * 2]! : end[rows[0]!]!
      template.parts.push(
        Buffer.from(bytes.buffer, bytes.byteOffset + literalFrom, literalTo - literalFrom).toString('utf8'),
      )
      filters.text(bytes, literalFrom, literalTo)
      if (slot < slots) literalFrom = places[first + slot * 2 + 1]!
    }
    for (let slot = 0; slot < slots; slot++) {
      template.columns.push(writeValues(writer, textsOfSlot(bytes, found, rows, slot), filters))
    }
  }
  return { templates, codes: writeNumbers(writer, codes, count) }
}

// Loops that run once for each block or column stand in functions of their own: the engine compiles those for good.

/** Gives each row the number of its template among those that are kept, else `whole`, and each template its rows. */
function assignRows(codes: Uint32Array, kept: Int32Array, whole: number, rowsOf: readonly Uint32Array[]): void {
  const filled = new Uint32Array(rowsOf.length)
  for (let row = 0; row < codes.length; row++) {
    const at = kept[codes[row]!]!
    const template = at < 0 ? whole : at
    codes[row] = template
    rowsOf[template]![filled[template]!++] = row
  }
}

function textsOfSlot(bytes: Uint8Array, { places, firstPlace }: Found, rows: Uint32Array, slot: number): Texts {
  const start = new Uint32Array(rows.length)
  const end = new Uint32Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const place = firstPlace[rows[i]!]! + slot * 2
    start[i] = places[place]!
    end[i] = places[place + 1]!
  }
  return { bytes, start, end, count: rows.length }
}

interface Found {
  /** A row of each template, in order of first appearance. */
  examples: number[]
  /** How many rows each template has. */
  sizes: number[]
  /** Template of each row. */
  codes: Uint32Array
  /** Starts and ends of the variables of all rows; those of row i begin at `firstPlace[i]`. */
  places: Uint32Array
  firstPlace: Uint32Array
}

function findTemplates({ bytes, start, end, count }: Texts, find: FindPlaces, mostPlaces: number): Found {
  let places = new Uint32Array(Math.max(1024, count * 8))
  const firstPlace = new Uint32Array(count + 1)
  const codes = new Uint32Array(count)
  const examples: number[] = []
  const sizes: number[] = []
  const byHash = new Map<number, number[]>()
  const ofRow = new Uint32Array(2 * mostPlaces)
  const view = viewOf(bytes)
  let at = 0
  for (let row = 0; row < count; row++) {
    if (at + 2 * mostPlaces > places.length) {
      const larger = new Uint32Array(places.length * 2 + 2 * mostPlaces)
      larger.set(places)
      places = larger
    }
    const from = start[row]!
    const to = end[row]!
    firstPlace[row] = at
    const next = at + find(bytes, from, to, ofRow) * 2
    for (let place = at; place < next; place++) places[place] = ofRow[place - at]!
    // The lengths of the constant parts and a few of their bytes: templates alike in these are told apart by comparing.
    let hash = next - at
    let literal = from
    for (let place = at; place <= next; place += 2) {
      const literalTo = place < next ? places[place]! : to
      hash = Math.imul(hash ^ (literalTo - literal), 0x01000193)
      if (literal < literalTo)
        hash ^= bytes[literal]! ^ (bytes[(literal + literalTo) >> 1]! << 8) ^ (bytes[literalTo - 1]! << 16)
      hash = Math.imul(hash, 0x01000193)
      if (place < next) literal = places[place + 1]!
    }
    firstPlace[row + 1] = at = next
    let same = byHash.get(hash)
    if (!same) byHash.set(hash, (same = []))
    let template = -1
    for (const candidate of same) {
      if (isSameTemplate(row, examples[candidate]!)) {
        template = candidate
        break
      }
    }
    if (template < 0) {
      template = examples.push(row) - 1
      sizes.push(0)
      same.push(template)
    }
    sizes[template]!++
    codes[row] = template
  }
  return { examples, sizes, codes, places, firstPlace }

  function isSameTemplate(row: number, other: number): boolean {
    let place = firstPlace[row]!
    let otherPlace = firstPlace[other]!
    const last = firstPlace[row + 1]!
    if (last - place !== firstPlace[other + 1]! - otherPlace) return false
    let from = start[row]!
    let otherFrom = start[other]!
    for (; ; place += 2, otherPlace += 2) {
      const to = place < last ? places[place]! : end[row]!
      const otherTo = place < last ? places[otherPlace]! : end[other]!
      if (to - from !== otherTo - otherFrom || !areSame(view, from, otherFrom, to - from)) return false
      if (place >= last) return true
      from = places[place + 1]!
      otherFrom = places[otherPlace + 1]!
    }
  }
}

/** Texts kept whole; a template that is but a variable looks the same. */
export function isWhole({ parts }: StoredTemplate): boolean {
  return parts.length === 2 && parts[0] === '' && parts[1] === ''
}

/** The texts of one template, in the order of their rows. */
export function textsOf(reader: SectionReader, template: StoredTemplate): Texts {
  if (isWhole(template)) return readValues(reader, template.columns[0]!, template.rows)
  return readTemplated(reader, { templates: [template], codes: { base: 0 } }, template.rows)
}

/** The decoded texts. */
export function decodedTexts(reader: SectionReader, template: StoredTemplate): string[] {
  const texts = textsOf(reader, template)
  return Array.from({ length: template.rows }, (_, row) => textAt(texts, row))
}

/** For each of the rows (ascending), its position among those with the same template. */
function ranksOf(
  codes: ArrayLike<number>,
  templates: number,
  rows: Uint32Array,
): { rank: Uint32Array; wanted: Uint32Array[] } {
  const seen = new Uint32Array(templates)
  const rank = new Uint32Array(rows.length)
  const sizes = new Uint32Array(templates)
  for (const row of rows) sizes[codes[row]!]!++
  const wanted = Array.from(sizes, (size) => new Uint32Array(size))
  sizes.fill(0)
  let row = 0
  for (let i = 0; i < rows.length; i++) {
    for (; row < rows[i]!; row++) seen[codes[row]!]!++
    const code = codes[row]!
    rank[i] = seen[code]!
    wanted[code]![sizes[code]!++] = seen[code]!
  }
  return { rank, wanted }
}

/** The texts of all rows, or of the rows asked for (ascending). */
export function readTemplated(
  reader: SectionReader,
  { templates, codes }: TemplatedColumn,
  count: number,
  rows?: Uint32Array,
): Texts {
  const code = readCodes(reader, codes, count)
  const wanted = rows && rows.length < count ? ranksOf(code, templates.length, rows).wanted : undefined
  const opened = templates.map(({ parts, columns, rows: size }, template) => {
    const ranks = wanted?.[template]
    if (ranks?.length === 0) return undefined
    return {
      parts: parts.map((part) => Buffer.from(part)),
      values: columns.map((column) => readValues(reader, column, size, ranks)),
      next: 0,
    }
  })
  const given = wanted ? rows!.length : count
  const start = new Uint32Array(given)
  const end = new Uint32Array(given)
  let total = 0
  for (const template of opened) {
    if (!template) continue
    const size = template.values[0]?.count ?? 0
    const partBytes = template.parts.reduce((sum, part) => sum + part.length, 0)
    if (template.values.length > 0) total += size * partBytes
    for (const { start: starts, end: ends } of template.values) {
      for (let i = 0; i < starts.length; i++) total += ends[i]! - starts[i]!
    }
  }
  for (let i = 0; i < given; i++) {
    const template = opened[code[wanted ? rows![i]! : i]!]!
    if (template.values.length === 0) total += template.parts[0]!.length
  }
  const bytes = new Uint8Array(total)
  let at = 0
  for (let i = 0; i < given; i++) {
    const template = opened[code[wanted ? rows![i]! : i]!]!
    const { parts, values } = template
    const index = template.next++
    start[i] = at
    at = copyBytes(parts[0]!, 0, parts[0]!.length, bytes, at)
    for (let slot = 0; slot < values.length; slot++) {
      const value = values[slot]!
      at = copyBytes(value.bytes, value.start[index]!, value.end[index]!, bytes, at)
      const part = parts[slot + 1]!
      at = copyBytes(part, 0, part.length, bytes, at)
    }
    end[i] = at
  }
  return { bytes, start, end, count: given }
}
