// Batches for the tests of blocks, and blocks without files.
import type { RecordBatch, RecordExtras } from '../../../contracts/batch.ts'
import { framePayload } from '../../../wire/frame.ts'
import { blockHeaderBytes, decodeBlockHeader, type BlockHeader } from './block-header.ts'
import { encodeBlock } from './encode-block.ts'
import { openBlock, type Block } from './open-block.ts'

export interface Row {
  message: string
  extras?: RecordExtras
  time?: number
  severity?: number
}

export function batchOf(rows: readonly Row[], from = 0, run = 1): RecordBatch {
  const messages = rows.map(({ message }) => Buffer.from(message))
  const count = rows.length
  const end = new Uint32Array(count)
  let at = 0
  for (let i = 0; i < count; i++) end[i] = at += messages[i]!.length
  return {
    source: 'api',
    run,
    session: `session-${run}`,
    pid: 7,
    count,
    text: Buffer.concat(messages),
    start: Uint32Array.from(messages, (message, i) => end[i]! - message.length),
    end,
    id: Float64Array.from(rows, (_, i) => from + 2 * i + 1),
    seq: Float64Array.from(rows, (_, i) => from + i + 1),
    time: Float64Array.from(rows, (row, i) => row.time ?? 1_700_000_000_000 + i * 0.5),
    observed: new Float64Array(count).fill(1_700_000_000_000),
    stream: Uint8Array.from(rows, (_, i) => i % 2),
    kind: new Uint8Array(count),
    severity: Uint8Array.from(rows, (row) => row.severity ?? 9),
    extras: (index) => rows[index]!.extras,
  }
}

export function blockOf(batches: readonly RecordBatch[]): { header: BlockHeader; block: Block; payload: Uint8Array } {
  const payload = framePayload(encodeBlock(batches, { first: 1, last: 1_000_000, part: 0, parts: 1 }))
  const header = decodeBlockHeader(payload)!
  return { header, block: openBlock(header, readOf(payload)), payload }
}

/** Reads behind the header. */
export function readOf(payload: Uint8Array): (offset: number, length: number) => Uint8Array {
  const base = blockHeaderBytes(payload)
  return (offset, length) => payload.subarray(base + offset, base + offset + length)
}
