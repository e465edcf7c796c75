// A block that does not hold what was written to it never takes a file's place.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchOf } from '../block/block-harness.ts'
import { encodeBlock } from '../block/encode-block.ts'
import type { RecordBatch } from '../../../contracts/batch.ts'
import { sliceBatch } from '../day/slice-batch.ts'
import { provenBlock } from './prove-block.ts'

const group = { first: 1, last: 1_000_000, part: 0, parts: 1 }
const rows = Array.from({ length: 2000 }, (_, i) => ({
  message: `order ${i} from 10.0.0.${i % 255} was paid`,
  ...(i % 3 === 0 ? { extras: { fields: { status: 200 + (i % 5), user: `u${i}` } } } : {}),
}))
const batches = [batchOf(rows.slice(0, 700)), batchOf(rows.slice(700), 5000, 2)]

/** Encodes something else than it was told, so many times. */
function faulty(change: (batch: RecordBatch) => RecordBatch, times: number): typeof encodeBlock {
  let left = times
  return (given, ...rest) => encodeBlock(left-- > 0 ? given.map(change) : given, ...rest)
}

const faults: Record<string, (batch: RecordBatch) => RecordBatch> = {
  'ids that are the sequences': (batch) => ({ ...batch, id: batch.seq }),
  'one sequence': (batch) => ({ ...batch, seq: batch.seq.with(1, 9) }),
  'one time': (batch) => ({ ...batch, time: batch.time.with(3, 9) }),
  'the last time seen': (batch) => ({ ...batch, observed: batch.observed.with(-1, 9) }),
  'one severity': (batch) => ({ ...batch, severity: batch.severity.with(5, 21) }),
  'one stream': (batch) => ({ ...batch, stream: batch.stream.with(5, 2) }),
  'one kind': (batch) => ({ ...batch, kind: batch.kind.with(5, 1) }),
  'messages shifted by one': (batch) => ({ ...batch, start: batch.start.with(0, 1) }),
  'no extras': (batch) => ({ ...batch, extras: () => undefined }),
  'another run': (batch) => ({ ...batch, run: 7 }),
  'fewer records': (batch) => sliceBatch(batch, 0, batch.count - 1),
}

for (const [name, change] of Object.entries(faults))
  test(`${name}: the block is written again, and never taken as it is`, async () => {
    const told = new Promise<Error>((resolve) => process.once('warning', resolve))
    const proven = provenBlock(batches, group, faulty(change, 1))
    assert.deepEqual(proven, encodeBlock(batches, group))
    assert.match((await told).message, /a new block of api did not hold what was written to it .*written again/)
    assert.throws(() => provenBlock(batches, group, faulty(change, 3)), /its records stay in their file/)
  })
