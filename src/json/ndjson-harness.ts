// Bodies read for tests, and their records as plain objects.
import { messageAt, type RecordBatch } from '../contracts/batch.ts'
import { kinds } from '../contracts/record.ts'
import type { ObjectParts } from './customary-keys.ts'
import { openBodyCuts, type BodyCuts, type BodyForm } from './body-cuts.ts'
import { openBodyReader, type BodyOptions, type BodyRecords } from './ndjson.ts'

/** Of all records. */
export const observed = 1_760_853_347_000
const reader = openBodyReader()
/** Memory that has been used before. */
const allocate = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(0x22)

const whole = { source: 'shop', session: 's', observed, allocate, mostBytes: Infinity, mostRecords: Infinity }

export type Row = Required<Pick<ObjectParts, 'message' | 'time' | 'severity'>> & { kind: string; extras: unknown }

export function read(
  body: string | Uint8Array,
  form: BodyForm = 'ndjson',
  mayName?: (name: string) => boolean,
): BodyRecords {
  const bytes = Uint8Array.from(Buffer.from(body))
  const cuts = looked(bytes, form)
  return reader.read(bytes, cuts, { at: cuts.start, fragment: 0 }, { ...whole, form, mayName })
}

type Bounds = Pick<BodyOptions, 'mostBytes' | 'mostRecords'>

/** The same, of a single source, in parts within bounds that are asked for anew each time. */
export function readInParts(
  body: string | Uint8Array,
  form: BodyForm,
  bounds: () => Bounds,
): { rows: Row[]; records: number; malformed: number } {
  const bytes = Uint8Array.from(Buffer.from(body))
  const cuts = looked(bytes, form)
  const all = { rows: [] as Row[], records: 0, malformed: 0 }
  for (let place = { at: cuts.start, fragment: 0 }; place.at < cuts.end();) {
    const part = reader.read(bytes, cuts, place, { ...whole, ...bounds(), form })
    if (part.place.at === place.at) throw new Error(`stands still at byte ${place.at}`)
    all.rows.push(...rowsOf(part.batches[0]))
    all.records += part.records
    all.malformed += part.malformed
    place = part.place
  }
  return all
}

function looked(bytes: Uint8Array, form: BodyForm): BodyCuts {
  const cuts = openBodyCuts(bytes, form, Infinity)
  while (!cuts.look());
  return cuts
}

export function rowsOf(batch: RecordBatch | undefined): Row[] {
  return Array.from({ length: batch?.count ?? 0 }, (_, i) => ({
    message: messageAt(batch!, i),
    time: batch!.time[i]!,
    severity: batch!.severity[i]!,
    kind: kinds[batch!.kind[i]!]!,
    extras: batch!.extras(i),
  }))
}

/** Of a single source. */
export function rows(body: string | Uint8Array, form: BodyForm = 'ndjson'): Row[] {
  const { batches } = read(body, form)
  if (batches.length > 1) throw new Error('more than one source')
  return rowsOf(batches[0])
}
