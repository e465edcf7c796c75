// Rows of a templated column that contain a text: first the templates are asked, then only those columns of variables
// in which it can be.
import { isAscii, rowsContaining } from '../../../query/match/byte-search.ts'
import { oneJsonHasAnsi } from '../../../query/match/plain-extras.ts'
import { plainTexts } from '../../../text/plain-texts.ts'
import { alignmentsOf } from './alignments.ts'
import { isColoured, type TextKind } from './colours.ts'
import type { SectionReader } from './sections.ts'
import { textsOf, type StoredTemplate, type TemplatedColumn } from '../column/templated-column.ts'
import { readCodes } from '../column/stored-numbers.ts'
import { slotsOf } from './slots.ts'
import { isPlain, markValues } from './value-rows.ts'

/** Characters that JSON writes as they are inside of a text. */
const plainInJson = /^[ !#-[\]-~]+$/

/**
 * Marks rows that contain the needle (lower case) for sure with 2, those that may with 1. 'text': anywhere; 'json': inside
 * a value. False when it cannot tell: then every row may.
 */
export function markText(
  column: TemplatedColumn,
  reader: SectionReader,
  count: number,
  needle: string,
  kind: TextKind,
  mayBeColoured: boolean,
  found: Uint8Array,
): boolean {
  if (needle === '' || !isAscii(needle) || (kind === 'json' && !plainInJson.test(needle))) return false
  const { templates } = column
  /** By template: marks of its rows, or true when all have it for sure. */
  const marked = templates.map((template): Uint8Array | boolean => {
    if (mayBeColoured && isColoured(reader, template, kind)) return markColoured(reader, template, needle, kind)
    const { parts, rows, columns } = template
    const literals = parts.map((part) => part.toLowerCase())
    if (kind === 'text' && literals.some((part) => part.includes(needle))) return true
    const marks = new Uint8Array(rows)
    const slots = kind === 'json' ? slotsOf(template) : undefined
    let any = false
    for (const [at, values] of columns.entries()) {
      const isSure = kind === 'text' || (slots?.[at]!.isText === true && isPlain(values))
      if (markValues(reader, values, rows, needle, marks, isSure ? 2 : 1)) any = true
    }
    if (kind === 'text') {
      for (const { slot, piece } of alignmentsOf(literals, needle)) {
        // A piece is there; whether the others are, too, the record tells. Without a piece, it may be any row.
        if (piece === '') for (let row = 0; row < rows; row++) marks[row]! ||= 1
        if (piece === '' || markValues(reader, columns[slot]!, rows, piece, marks, 1)) any = true
      }
    }
    return any && marks
  })
  if (marked.every((each) => each === false)) return true
  const codes = readCodes(reader, column.codes, count)
  const seen = new Uint32Array(templates.length)
  for (let row = 0; row < count; row++) {
    const code = codes[row]!
    const marks = marked[code]!
    const mark = marks === true ? 2 : marks === false ? 0 : marks[seen[code]!]!
    if (mark > found[row]!) found[row] = mark
    seen[code]!++
  }
  return true
}

/** Rows of a template that has colours: the needle may stand in parts of several. */
function markColoured(
  reader: SectionReader,
  template: StoredTemplate,
  needle: string,
  kind: TextKind,
): Uint8Array | false {
  const texts = textsOf(reader, template)
  const contains = rowsContaining(kind === 'text' ? plainTexts(texts) : texts, needle, false)
  const marks = new Uint8Array(texts.count)
  for (let row = 0; row < texts.count; row++) {
    if (kind === 'text') marks[row] = contains(row) ? 2 : 0
    else marks[row] = contains(row) || oneJsonHasAnsi(texts.bytes, texts.start[row]!, texts.end[row]!) ? 1 : 0
  }
  return marks.some((mark) => mark > 0) && marks
}
