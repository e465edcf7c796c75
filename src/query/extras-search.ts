// What the extras' JSON shows before any of it is parsed, which costs many times as much. No is certain; for yes one has to
// look. Rests on extras being written by JSON.stringify: see `ExtrasColumn`.
import type { RecordBatch } from '../batch.ts'
import { rowsContaining } from './byte-search.ts'
import type { RowTest } from './verbs/verb.ts'

/** JSON writes these characters as they are. */
const plain = /^[ !#-[\]-~]+$/

const always: RowTest = () => true

/** False only where no value can contain the word, which is in lower case. */
export function extrasMayContain(batch: RecordBatch, word: string): RowTest {
  return plain.test(word) ? inJson(batch, word) : always
}

/** False only where nothing is called so: neither an id nor the logger, nor a field, whichever dots lead inwards. */
export function extrasMayHave(batch: RecordBatch, name: string): RowTest {
  // These have two spellings.
  if (name === 'trace_id' || name === 'span_id' || !plain.test(name)) return always
  const lower = name.toLowerCase()
  if (!lower.includes('.')) return inJson(batch, `"${lower}":`)
  const begins = inJson(batch, `"${lower.slice(0, lower.indexOf('.'))}`)
  const ends = inJson(batch, `${lower.slice(lower.lastIndexOf('.') + 1)}":`)
  return (index) => begins(index) && ends(index)
}

function inJson(batch: RecordBatch, needle: string): RowTest {
  const { json } = batch.extras
  return json ? rowsContaining({ ...json, count: batch.count }, needle, false) : always
}
