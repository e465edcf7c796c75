// Reads one block from its day file and checks it.
import type { RecordBatch } from '../../batch.ts'
import type { Disk } from '../../disk.ts'
import { checkFrame, frameBytes, frameHeaderBytes } from '../../wire/frame.ts'
import { decodeBlock } from './block.ts'
import type { BlockAt } from './day-file.ts'
import { readFrom } from './read-file.ts'

/** Its records; none, with a warning, when it is damaged. */
export function readBlock(disk: Disk, path: string, block: BlockAt, warn: (message: string) => void): RecordBatch[] {
  const payload = readPayload(disk, path, block)
  if (payload) return decodeBlock(payload, block.header)
  warn(`${path}: a damaged block of ${block.header.count} records of ${block.header.source} is left out`)
  return []
}

/** Undefined when it is damaged. */
export function readPayload(disk: Disk, path: string, block: BlockAt): Uint8Array | undefined {
  const fd = disk.open(path, 'r')
  try {
    const frame = readFrom(disk, fd, block.offset, frameBytes(block.payloadBytes))
    const payload = frame.subarray(frameHeaderBytes, frameHeaderBytes + block.payloadBytes)
    return checkFrame(frame, payload) ? payload : undefined
  } finally {
    disk.close(fd)
  }
}
