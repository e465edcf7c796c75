// Rows of a block that may match, from templates, dictionaries and columns, without putting a single record together.
// May be wrong in one direction only: what is found here still meets the predicate.
import { kinds, streams } from '../../../contracts/record.ts'
import type { Plan } from '../../../query/plan/plan.ts'
import type { Colours } from './block-header.ts'
import type { BlockDirectory } from './block-directory.ts'
import { markKeys, markNumbers } from './field-rows.ts'
import type { SectionReader } from './sections.ts'
import { readNumbers, type StoredNumbers } from '../column/stored-numbers.ts'
import { markTemplates } from './template-rows.ts'
import { markText } from './text-rows.ts'

/** Of a longer text its beginning is looked for: no text can then make the search take long. */
const longestWord = 200

/** Ascending; undefined when all may. */
export function findRows(
  directory: BlockDirectory,
  reader: SectionReader,
  count: number,
  plan: Plan,
  colours: () => Colours,
): Uint32Array | undefined {
  const marks = new Uint8Array(count).fill(1)
  let narrowed = false

  function keep(column: StoredNumbers, test: (value: number) => boolean): void {
    // The header has said already whether all are alike.
    if (column.form === undefined) return
    narrowed = true
    const values = readNumbers(reader, column, count)
    for (let row = 0; row < count; row++) if (marks[row] === 1 && !test(values[row]!)) marks[row] = 0
  }

  function narrowTo(found: Uint8Array): void {
    narrowed = true
    for (let row = 0; row < count; row++) if (found[row] === 0) marks[row] = 0
  }

  const { severityFrom = 0, severityTo = Infinity, timeFrom = -Infinity, timeTo = Infinity } = plan
  if (severityFrom > 0 || severityTo < Infinity) {
    keep(directory.severity, (value) => value >= severityFrom && value <= severityTo)
  }
  if (timeFrom > -Infinity || timeTo < Infinity) keep(directory.time, (value) => value >= timeFrom && value < timeTo)
  if (plan.streams) {
    const wanted = plan.streams.map((each) => streams.indexOf(each))
    keep(directory.stream, (value) => wanted.includes(value))
  }
  if (plan.kinds) {
    const wanted = plan.kinds.map((each) => kinds.indexOf(each))
    keep(directory.kind, (value) => wanted.includes(value))
  }
  if (plan.templates) {
    const found = new Uint8Array(count)
    markTemplates(reader, directory.message, count, plan.templates, found, colours().messages)
    narrowTo(found)
  }
  for (const keys of plan.fields ?? []) {
    const found = new Uint8Array(count)
    markKeys(reader, directory.extras, count, keys, found)
    narrowTo(found)
  }
  for (const range of plan.numbers ?? []) {
    const found = new Uint8Array(count)
    markNumbers(reader, directory.extras, count, range, found)
    narrowTo(found)
  }
  for (const words of [...(plan.words ?? []).map((word) => [word]), ...(plan.anyWords ?? [])]) {
    const found = new Uint8Array(count)
    if (words.every((word) => markWord(directory, reader, count, word.slice(0, longestWord), found, colours())))
      narrowTo(found)
  }
  if (!narrowed) return undefined
  return rowsMarked(marks, 1)
}

/**
 * Rows that contain all the words, in the message or a value: some for sure, some perhaps. Undefined when it takes the
 * records to tell of any.
 */
export function findWords(
  directory: BlockDirectory,
  reader: SectionReader,
  count: number,
  words: readonly string[],
  colours: Colours,
): { sure: Uint32Array; perhaps: Uint32Array } | undefined {
  if (words.some((word) => word.length > longestWord)) return undefined
  const marks = new Uint8Array(count).fill(2)
  for (const word of words) {
    const found = new Uint8Array(count)
    if (!markWord(directory, reader, count, word, found, colours)) return undefined
    for (let row = 0; row < count; row++) if (found[row]! < marks[row]!) marks[row] = found[row]!
  }
  return { sure: rowsMarked(marks, 2), perhaps: rowsMarked(marks, 1) }
}

function markWord(
  directory: BlockDirectory,
  reader: SectionReader,
  count: number,
  word: string,
  found: Uint8Array,
  { messages, extras }: Colours,
): boolean {
  return (
    markText(directory.message, reader, count, word, 'text', messages, found) &&
    markText(directory.extras, reader, count, word, 'json', extras, found)
  )
}

function rowsMarked(marks: Uint8Array, mark: number): Uint32Array {
  let size = 0
  for (let row = 0; row < marks.length; row++) if (marks[row] === mark) size++
  const rows = new Uint32Array(size)
  for (let row = 0, at = 0; row < marks.length; row++) if (marks[row] === mark) rows[at++] = row
  return rows
}
