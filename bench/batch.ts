// The shape of a batch on its way, against the obvious other shapes: JSON lines, and objects cloned between threads.
import type { RecordBatch } from '../src/contracts/batch.ts'
import { recordAt } from '../src/contracts/batch.ts'
import { formatCount } from '../src/text/amounts.ts'
import { decodeBatch, encodeBatch } from '../src/wire/batch-codec.ts'
import { framePayload } from '../src/wire/frame.ts'
import { printTable } from './table.ts'

const count = 2000

function sampleBatch(): RecordBatch {
  const messages = Array.from({ length: count }, (_, n) =>
    Buffer.from(`order ${n * 7} of basket ${n % 97} paid in ${n % 311} ms by card`),
  )
  let at = 0
  const start = Uint32Array.from(messages, (message) => (at += message.length) - message.length)
  at = 0
  const end = Uint32Array.from(messages, (message) => (at += message.length))
  return {
    source: 'shop',
    run: 1,
    session: 'logboom-session-20250608-142530',
    pid: 4157,
    count,
    text: Buffer.concat(messages),
    start,
    end,
    id: Float64Array.from(messages, (_, n) => 1e6 + n),
    seq: Float64Array.from(messages, (_, n) => n + 1),
    time: new Float64Array(count).fill(1.7e12),
    observed: new Float64Array(count).fill(1.7e12),
    stream: new Uint8Array(count),
    kind: new Uint8Array(count),
    severity: new Uint8Array(count).fill(9),
    extras: () => undefined,
  }
}

/** Records per second of `work`, which handles `count` of them. */
function rate(work: () => unknown): number {
  for (let warm = 0; warm < 20; warm++) work()
  let rounds = 0
  const startedAt = performance.now()
  while (performance.now() - startedAt < 1000) {
    work()
    rounds++
  }
  return (rounds * count) / ((performance.now() - startedAt) / 1000)
}

export function batch(): void {
  const columns = sampleBatch()
  const frame = encodeBatch(columns)
  const records = Array.from({ length: count }, (_, i) => recordAt(columns, i))
  const json = JSON.stringify(records)
  const measured = {
    'frame, encode': rate(() => encodeBatch(columns)),
    'frame, decode': rate(() => decodeBatch(framePayload(frame))),
    'frame, decode and make objects': rate(() => {
      const decoded = decodeBatch(framePayload(frame))
      for (let i = 0; i < count; i++) recordAt(decoded, i)
    }),
    'JSON, encode': rate(() => JSON.stringify(records)),
    'JSON, decode': rate(() => JSON.parse(json)),
    'objects cloned between threads': rate(() => structuredClone(records)),
  }
  const unit = measured['JSON, decode']
  printTable(
    `A batch of ${count} records: ${formatCount(frame.length)} bytes as a frame, ${formatCount(json.length)} as JSON`,
    Object.entries(measured).map(([what, each]) => ({
      what,
      'records/s': Math.round(each),
      'JSON.parse = 1': each / unit,
    })),
  )
}
