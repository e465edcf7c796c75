// The blocks of one day file, read a part at a time.
import { basename } from 'node:path'
import type { Disk } from '../../../system/disk.ts'
import { checkFrame, frameBytes, frameHeaderBytes } from '../../../wire/frame.ts'
import { openBlock, type Block } from '../block/open-block.ts'
import type { BlockAt } from './day-file.ts'
import { readFrom } from '../frames/read-file.ts'

export interface BlockFile {
  /** Without its directory. */
  name: string
  open(block: BlockAt): Block
  /** True when every byte of it is as it was written. */
  isWhole(block: BlockAt): boolean
  close(): void
}

/** Throws ENOENT when the file is gone. */
export function openBlockFile(disk: Disk, path: string): BlockFile {
  const file = disk.open(path, 'r')
  return {
    name: basename(path),
    open({ offset, headerBytes, header, memory }) {
      const base = offset + frameHeaderBytes + headerBytes
      return openBlock(header, (at, length) => readFrom(disk, file, base + at, length), memory)
    },
    isWhole({ offset, payloadBytes }) {
      const frame = readFrom(disk, file, offset, frameBytes(payloadBytes))
      return checkFrame(frame, frame.subarray(frameHeaderBytes, frameHeaderBytes + payloadBytes))
    },
    close: () => disk.close(file),
  }
}
