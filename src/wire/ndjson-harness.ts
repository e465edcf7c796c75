// Bodies read for tests, and their records as plain objects.
import { messageAt, type RecordBatch } from '../batch.ts'
import { kinds } from '../record.ts'
import type { ObjectParts } from './customary-keys.ts'
import { openBodyReader, type BodyForm, type BodyRecords } from './ndjson.ts'

/** Of all records. */
export const observed = 1_760_853_347_000
const reader = openBodyReader()
/** Memory that has been used before. */
const allocate = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(0x22)

export type Row = Required<Pick<ObjectParts, 'message' | 'time' | 'severity'>> & { kind: string; extras: unknown }

export function read(
  body: string | Uint8Array,
  form: BodyForm = 'ndjson',
  mayName?: (name: string) => boolean,
): BodyRecords {
  return reader.read(Uint8Array.from(Buffer.from(body)), {
    form,
    source: 'shop',
    mayName,
    session: 's',
    observed,
    allocate,
  })
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
