// Names of fields, as the query language takes them: for editors to offer, for search pages to list.
import { WrittenNumber } from '../../json/written-number.ts'
import type { RecordExtras } from '../../contracts/batch.ts'
import { extrasOf } from '../match/batch-text.ts'
import { ownNames } from '../match/field-names.ts'
import type { Ranking } from '../../contracts/request.ts'
import type { SummaryPart } from './summary-part.ts'
import { openTally } from './summary-tally.ts'
import { verbs } from '../verbs/index.ts'

const maxNames = 1000
const maxCharacters = 256
/** Deeper ones are not listed. */
const maxDepth = 20

/** A field that is called so is reached as `fields.NAME`. */
const taken = new Set([...ownNames.keys()].filter((name) => !name.includes('.')))
for (const { names } of verbs) for (const name of names) taken.add(name)

export interface OpenFields extends SummaryPart {
  result(): Ranking<{ name: string }>
}

export function openFields(): OpenFields {
  const tally = openTally()

  function addNames(path: string, value: unknown, id: number, depth: number): void {
    if (value === undefined || path.length > maxCharacters || depth > maxDepth) return
    if (typeof value !== 'object' || value === null || value instanceof WrittenNumber) return tally.add(path, id)
    if (Array.isArray(value)) for (const item of value) addNames(path, item, id, depth + 1)
    else for (const [key, inner] of Object.entries(value)) addNames(`${path}.${key}`, inner, id, depth + 1)
  }

  function addRecord({ logger, traceId, spanId, fields }: RecordExtras, id: number): void {
    if (logger !== undefined) tally.add('logger', id)
    if (traceId !== undefined) tally.add('traceId', id)
    if (spanId !== undefined) tally.add('spanId', id)
    for (const [key, value] of Object.entries(fields ?? {})) {
      addNames(taken.has(key.toLowerCase()) ? `fields.${key}` : key, value, id, 0)
    }
  }

  return {
    addRow(batch, index) {
      const extras = extrasOf(batch, index)
      if (extras) addRecord(extras, batch.id[index]!)
    },
    takes: () => false,
    addKnown: () => {},
    result: () => tally.rank(maxNames, (name) => ({ name })),
  }
}
