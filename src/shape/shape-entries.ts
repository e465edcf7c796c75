// Records handed over as objects → a batch. Severity stays unknown (0) where the caller did not say it.
import type { Origin, RecordBatch } from '../contracts/batch.ts'
import { kinds, streams } from '../contracts/record.ts'
import type { Entry } from '../contracts/source-storage.ts'

export function shapeEntries(
  entries: readonly Entry[],
  origin: Origin,
  observed: number,
  firstSeq: number,
): RecordBatch {
  const count = entries.length
  const messages = entries.map((entry) => Buffer.from(entry.message))
  const start = new Uint32Array(count)
  const end = new Uint32Array(count)
  let at = 0
  messages.forEach((message, i) => {
    start[i] = at
    end[i] = at += message.length
  })
  return {
    source: origin.source,
    run: origin.run,
    session: origin.session,
    pid: origin.pid,
    count,
    text: Buffer.concat(messages),
    start,
    end,
    id: new Float64Array(count),
    seq: Float64Array.from(entries, (_, i) => firstSeq + i),
    time: Float64Array.from(entries, (entry) => entry.time ?? observed),
    observed: new Float64Array(count).fill(observed),
    stream: Uint8Array.from(entries, (entry) => streams.indexOf(entry.stream ?? 'log')),
    kind: Uint8Array.from(entries, (entry) => kinds.indexOf(entry.kind ?? 'system')),
    severity: Uint8Array.from(entries, (entry) => entry.severity ?? 0),
    extras: (index) => entries[index]!.extras,
  }
}
