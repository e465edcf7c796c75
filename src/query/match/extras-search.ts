// A look at the extras' JSON before any of it is parsed, which costs many times as much. No is certain; for yes one has to
// look. Rests on how extras are written: see `ExtrasJson`.
import type { RecordBatch } from '../../contracts/batch.ts'
import { rowsContaining } from './byte-search.ts'
import { firstKeys, ownNames } from './field-names.ts'
import { jsonHasAnsi, oneJsonHasAnsi } from './plain-extras.ts'
import type { RowTest } from './row-test.ts'

/** JSON writes these characters as they are. */
const plain = /^[ !#-[\]-~]+$/

const always: RowTest = () => true

/** False only where no value can contain the word, which is in lower case. */
export function extrasMayContain(batch: RecordBatch, word: string): RowTest {
  const { json } = batch.extras
  if (!json || !plain.test(word)) return always
  const contains = inJson(batch, word)
  if (!jsonHasAnsi(json.bytes)) return contains
  // The word may be in parts of different colours.
  return (index) => contains(index) || oneJsonHasAnsi(json.bytes, json.start[index]!, json.end[index]!)
}

/** False only where nothing is called so: neither an id nor the logger, nor a field, whichever dots lead inwards. */
export function extrasMayHave(batch: RecordBatch, name: string): RowTest {
  if (!plain.test(name)) return always
  const lower = name.toLowerCase()
  const own = ownNames.get(lower)?.toLowerCase()
  if (own === undefined || own === lower) return fieldMayBe(batch, lower)
  // The record's own value is there under another spelling.
  const [isOwn, isField] = [inJson(batch, `"${own}":`), fieldMayBe(batch, lower)]
  return (index) => isOwn(index) || isField(index)
}

function fieldMayBe(batch: RecordBatch, lower: string): RowTest {
  if (!lower.includes('.')) return inJson(batch, `"${lower}":`)
  const begins = inJson(batch, `"${lower.slice(0, lower.indexOf('.'))}`)
  const ends = inJson(batch, `${lower.slice(lower.lastIndexOf('.') + 1)}":`)
  return (index) => begins(index) && ends(index)
}

/**
 * False only where nothing that is called so is a number that passes, or text or a list that may hold one. Numbers are what
 * is compared most, mostly of fields that every record has: reading one costs a third of parsing them all.
 */
export function extrasMayHaveNumber(batch: RecordBatch, name: string, passes: (value: number) => boolean): RowTest {
  const { json } = batch.extras
  // A name of no field may stand otherwise in the JSON.
  if (!json || !plain.test(name) || !firstKeys(name)) return always
  const { bytes, start, end } = json
  const key = name.includes('.') ? `${name.slice(name.lastIndexOf('.') + 1)}":` : `"${name}":`
  return (index) => {
    const from = start[index]!
    const length = end[index]! - from
    if (length === 0) return false
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString('latin1')
    for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
      const first = text[at + key.length]!
      if (first === '"' || first === '[' || first === '{') return true
      number.lastIndex = at + key.length
      const written = number.exec(text)
      if (written && passes(Number(written[0]))) return true
    }
    return false
  }
}

const number = /-?\d[\d.eE+-]*/y

function inJson(batch: RecordBatch, needle: string): RowTest {
  const { json } = batch.extras
  return json ? rowsContaining({ ...json, count: batch.count }, needle, false) : always
}
