// The most frequent values of one name: of a column where the name is one, else of the records' fields.
import type { RecordBatch } from '../../contracts/batch.ts'
import { kinds, severityName, streams, type Services } from '../../contracts/record.ts'
import { extrasOf } from '../match/batch-text.ts'
import { isScalar, valuesOf } from '../match/field-values.ts'
import type { Facet } from '../../contracts/request.ts'
import type { KnownCounts, SummaryPart, ValueCounts } from './summary-part.ts'
import { openTally, type Tally } from './summary-tally.ts'

/** Nobody picks longer ones from a list, and they would fill the memory. */
const maxCharacters = 256

export interface OpenFacet extends SummaryPart {
  result(limit: number): Facet
}

export function openFacet(name: string, services: Services): OpenFacet {
  // As in the query language, where the letter case of these names does not matter.
  switch (name.toLowerCase()) {
    case 'source':
    case 'session':
    case 'run':
      return openBatchFacet(name, name.toLowerCase() as 'source' | 'session' | 'run')
    case 'level':
    case 'severity':
      return openColumnFacet(name, 'severity', severityName)
    case 'stream':
      return openColumnFacet(name, 'stream', (code) => streams[code] ?? String(code))
    case 'kind':
      return openColumnFacet(name, 'kind', (code) => kinds[code] ?? String(code))
    case 'service':
      return openServiceFacet(name, services)
    case 'logger':
      return openValueFacet(name, (batch, index) => [extrasOf(batch, index)?.logger])
    default:
      return openValueFacet(name, (batch, index) => valuesOf(batch, index, name))
  }
}

/** A value that is the same for a whole batch. */
function openBatchFacet(name: string, key: 'source' | 'session' | 'run'): OpenFacet {
  const tally = openTally()
  return {
    add: (batch) => tally.add(String(batch[key]), undefined, batch.count),
    takes: (known) => known[key] !== undefined,
    addKnown: (known) => tally.add(String(known[key]), undefined, sumOf(known)),
    result: (limit) => ({ name, ...ranking(tally, limit), missing: 0 }),
  }
}

/** Small numbers that stand for words. */
function openColumnFacet(
  name: string,
  column: 'severity' | 'stream' | 'kind',
  nameOf: (code: number) => string,
): OpenFacet {
  const counts = new Float64Array(256)
  return {
    add(batch) {
      const codes = batch[column]
      for (let i = 0; i < batch.count; i++) counts[codes[i]!]!++
    },
    takes: (known) => column === 'severity' || known[column] !== undefined,
    addKnown(known) {
      for (const { severity, count } of known.cells) counts[column === 'severity' ? severity : known[column]!]! += count
    },
    result(limit) {
      const tally = openTally()
      counts.forEach((count, code) => count > 0 && tally.add(nameOf(code), undefined, count))
      return { name, ...ranking(tally, limit), missing: 0 }
    },
  }
}

function openValueFacet(name: string, values: (batch: RecordBatch, index: number) => unknown[]): OpenFacet {
  const tally = openTally()
  let missing = 0
  /** Records with a value that is too long to be listed. */
  let long = 0
  /** Values that `takes` has found. */
  let known: ValueCounts | undefined
  return {
    addRow(batch, index) {
      let found = false
      let isLong = false
      for (const value of values(batch, index)) {
        if (!isScalar(value)) continue
        found = true
        const text = String(value)
        if (text.length > maxCharacters) isLong = true
        else tally.add(text, batch.id[index])
      }
      if (!found) missing++
      if (isLong) long++
    },
    // Long values are told apart only by the records that have them.
    takes({ values: counted }) {
      known = counted?.(name)
      return known?.values.every(([value]) => value.length <= maxCharacters) ?? false
    },
    addKnown() {
      for (const [value, count] of known!.values) tally.add(value, undefined, count)
      missing += known!.missing
    },
    result(limit) {
      const { other, distinct, ...rest } = ranking(tally, limit)
      const isKnown = distinct !== undefined && long === 0
      return { name, ...rest, other: other + long, ...(isKnown ? { distinct } : {}), missing }
    },
  }
}

/** Of a logger or a source, so that it can be told from the counts of loggers. */
function openServiceFacet(name: string, { nameOf }: Services): OpenFacet {
  const tally = openTally()
  let loggers: ValueCounts | undefined
  return {
    addRow: (batch, index) => tally.add(nameOf(batch.source, extrasOf(batch, index)?.logger), batch.id[index]),
    takes({ source, values }) {
      loggers = source === undefined ? undefined : values?.('logger')
      return loggers !== undefined
    },
    addKnown({ source = '' }) {
      for (const [logger, count] of loggers!.values) tally.add(nameOf(source, logger), undefined, count)
      if (loggers!.missing > 0) tally.add(nameOf(source), undefined, loggers!.missing)
    },
    result: (limit) => ({ name, ...ranking(tally, limit), missing: 0 }),
  }
}

function ranking(tally: Tally, limit: number): Omit<Facet, 'name' | 'missing'> {
  return tally.rank(limit, (value) => ({ value }))
}

function sumOf({ cells }: KnownCounts): number {
  return cells.reduce((sum, { count }) => sum + count, 0)
}
