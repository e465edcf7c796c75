// Records for tests of the page's lines: each is named after its id.
import type { NamedRecord } from '../../../../src/contracts/record.ts'

export const numberedRecord = (id: number): NamedRecord => ({
  id,
  time: id,
  observed: id,
  source: 'api',
  run: 1,
  seq: id,
  stream: 'stdout',
  kind: 'system',
  severity: 9,
  level: 'INFO',
  service: 'Api',
  message: `line ${id}`,
  session: 's',
})

/** Both ends inclusive; none when `to` is smaller. */
export const numberedRecords = (from: number, to: number): NamedRecord[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => numberedRecord(from + index))
