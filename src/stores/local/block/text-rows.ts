// Which rows of a templated column contain a text: first the templates are asked, then only those columns of variables
// in which it can be.
import { isAscii } from '../../../query/byte-search.ts'
import { alignmentsOf } from './alignments.ts'
import type { SectionReader } from './sections.ts'
import type { TemplatedColumn } from './templated-column.ts'
import { readNumbers } from './value-column.ts'
import { markValues } from './value-rows.ts'

/** What JSON writes as it is inside of a text. */
const plainInJson = /^[ !#-[\]-~]+$/

/**
 * Sets `found[row]` to 1 for rows that may contain the needle (lower case). 'text': anywhere; 'json': inside a value.
 * False when it cannot tell: then every row may.
 */
export function markText(
  column: TemplatedColumn,
  reader: SectionReader,
  count: number,
  needle: string,
  kind: 'text' | 'json',
  found: Uint8Array,
): boolean {
  if (needle === '' || !isAscii(needle) || (kind === 'json' && !plainInJson.test(needle))) return false
  const { templates } = column
  /** By template: the rows of it that are marked, or true for all. */
  const marked = templates.map(({ parts, rows, columns }): Uint8Array | boolean => {
    const literals = parts.map((part) => part.toLowerCase())
    if (kind === 'text' && literals.some((part) => part.includes(needle))) return true
    const marks = new Uint8Array(rows)
    let any = false
    for (const values of columns) if (markValues(reader, values, rows, needle, marks)) any = true
    if (kind === 'text' && columns.length > 0) {
      for (const { slot, piece } of alignmentsOf(literals, needle)) {
        if (piece === '') return true
        if (markValues(reader, columns[slot]!, rows, piece, marks)) any = true
      }
    }
    return any && marks
  })
  if (marked.every((each) => each === false)) return true
  const codes = readNumbers(reader, column.codes, count)
  const seen = new Uint32Array(templates.length)
  for (let row = 0; row < count; row++) {
    const code = codes[row]!
    const marks = marked[code]!
    if (marks === true || (marks !== false && marks[seen[code]!] === 1)) found[row] = 1
    seen[code]!++
  }
  return true
}
