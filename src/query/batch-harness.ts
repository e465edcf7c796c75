// Batches from objects, for tests.
import type { RecordBatch } from '../contracts/batch.ts'
import { kinds, streams, type LogRecord } from '../contracts/record.ts'
import { decodeBatch, encodeBatch } from '../wire/batch-codec.ts'
import { frameHeaderBytes } from '../wire/frame.ts'

/** One batch; source, run and session are those of the first record. What is not given is plain: stdout, system, severity 9. */
export function batchOf(records: readonly Partial<LogRecord>[]): RecordBatch {
  const count = records.length
  const messages = records.map((record) => Buffer.from(record.message ?? ''))
  const start = new Uint32Array(count)
  const end = new Uint32Array(count)
  let at = 0
  messages.forEach((bytes, i) => {
    start[i] = at
    end[i] = at += bytes.length
  })
  const numbers = (of: (record: Partial<LogRecord>, i: number) => number) => Float64Array.from(records, of)
  return {
    source: records[0]?.source ?? 'web',
    run: records[0]?.run ?? 1,
    session: records[0]?.session ?? 'session-1',
    pid: 1234,
    count,
    text: Buffer.concat(messages),
    start,
    end,
    id: numbers((record, i) => record.id ?? i + 1),
    seq: numbers((record, i) => record.seq ?? i + 1),
    time: numbers((record) => record.time ?? 0),
    observed: numbers((record) => record.observed ?? 0),
    stream: Uint8Array.from(records, (record) => streams.indexOf(record.stream ?? 'stdout')),
    kind: Uint8Array.from(records, (record) => kinds.indexOf(record.kind ?? 'system')),
    severity: Uint8Array.from(records, (record) => record.severity ?? 9),
    extras(index) {
      const { logger, fields, traceId, spanId } = records[index]!
      return logger || fields || traceId || spanId ? { logger, fields, traceId, spanId } : undefined
    },
  }
}

/** The batch as it is after storing or sending. */
export function storedBatch(batch: RecordBatch): RecordBatch {
  return decodeBatch(encodeBatch(batch).subarray(frameHeaderBytes))
}
