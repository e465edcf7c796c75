// Reads where the blocks of a day file lie, touching only their headers.
import type { Disk } from '../../disk.ts'
import { frameBytes, frameHeaderBytes, readFrameHeader } from '../../wire/frame.ts'
import { decodeBlockHeader, type BlockHeader } from './block.ts'
import type { Damage } from './scan-frames.ts'
import { readFrom } from './read-file.ts'

export interface BlockAt {
  /** Offset of the frame. */
  offset: number
  payloadBytes: number
  header: BlockHeader
}

/** The blocks of one seal, covering ids `first` to `last`. */
export interface BlockGroup {
  first: number
  last: number
  blocks: BlockAt[]
}

export interface Day {
  groups: BlockGroup[]
  damage: Damage[]
  /** End of the last whole group; what lies behind is an interrupted seal. */
  wholeBytes: number
}

const headerGuessBytes = 4096

/** Whole groups in file order. A group with damaged blocks counts as whole when what follows it proves it was finished. */
export function readDay(disk: Disk, path: string, from = 0): Day {
  const fd = disk.open(path, 'r')
  try {
    const { size } = disk.fstat(fd)
    const blocks: BlockAt[] = []
    const damage: Damage[] = []
    let end = from
    for (let offset = from; offset < size;) {
      const block = readBlockAt(disk, fd, offset, size)
      if (!block) {
        offset += 8
        continue
      }
      if (offset > end) damage.push({ offset: end, bytes: offset - end })
      blocks.push(block)
      end = offset += frameBytes(block.payloadBytes)
    }
    return { ...groupBlocks(blocks, from), damage }
  } finally {
    disk.close(fd)
  }
}

function readBlockAt(disk: Disk, fd: number, offset: number, size: number): BlockAt | undefined {
  const start = readFrom(disk, fd, offset, headerGuessBytes)
  const payloadBytes = readFrameHeader(start)
  if (payloadBytes === undefined || offset + frameBytes(payloadBytes) > size) return undefined
  const headerBytes = new DataView(start.buffer, start.byteOffset).getUint32(frameHeaderBytes, true)
  const needed = frameHeaderBytes + 4 + headerBytes
  const bytes = needed <= start.length ? start : readFrom(disk, fd, offset, Math.min(needed, frameBytes(payloadBytes)))
  try {
    return { offset, payloadBytes, header: decodeBlockHeader(bytes.subarray(frameHeaderBytes)) }
  } catch {
    return undefined
  }
}

function groupBlocks(blocks: BlockAt[], from: number): Pick<Day, 'groups' | 'wholeBytes'> {
  const groups: BlockGroup[] = []
  for (const block of blocks) {
    const { first, last } = block.header.group
    const group = groups.at(-1)
    if (group && group.first === first) group.blocks.push(block)
    else groups.push({ first, last, blocks: [block] })
  }
  const newest = groups.at(-1)
  if (newest && newest.blocks.at(-1)!.header.group.part + 1 < newest.blocks[0]!.header.group.parts) groups.pop()
  const last = groups.at(-1)?.blocks.at(-1)
  return { groups, wholeBytes: last ? last.offset + frameBytes(last.payloadBytes) : from }
}
