// Reads one block from its day file and checks it.
import { closeSync, openSync } from 'node:fs'
import type { RecordBatch } from '../../batch.ts'
import { checkFrame, frameBytes, frameHeaderBytes } from '../../wire/frame.ts'
import { decodeBlock } from './block.ts'
import type { BlockAt } from './day-file.ts'
import { readFrom } from './read-file.ts'

/** Its records; none, with a warning, when it is damaged. */
export function readBlock(path: string, block: BlockAt, warn: (message: string) => void): RecordBatch[] {
  const payload = readPayload(path, block)
  if (payload) return decodeBlock(payload, block.header)
  warn(`${path}: a damaged block of ${block.header.count} records of ${block.header.source} is left out`)
  return []
}

/** Undefined when it is damaged. */
export function readPayload(path: string, block: BlockAt): Uint8Array | undefined {
  const fd = openSync(path, 'r')
  try {
    const frame = readFrom(fd, block.offset, frameBytes(block.payloadBytes))
    const payload = frame.subarray(frameHeaderBytes, frameHeaderBytes + block.payloadBytes)
    return checkFrame(frame, payload) ? payload : undefined
  } finally {
    closeSync(fd)
  }
}
