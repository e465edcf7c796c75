// Reads where the blocks of a day file lie, touching only their headers.
import type { Disk } from '../../../system/disk.ts'
import { frameBytes, frameHeaderBytes, readFrameHeader } from '../../../wire/frame.ts'
import { blockHeaderBytes, decodeBlockHeader, type BlockHeader } from '../block/block-header.ts'
import type { BlockMemory } from '../block/open-block.ts'
import type { Damage } from '../frames/scan-frames.ts'
import { readFrom } from '../frames/read-file.ts'

export interface BlockAt {
  /** Offset of the frame. */
  offset: number
  payloadBytes: number
  /** Bytes of the header in the payload. */
  headerBytes: number
  header: BlockHeader
  memory: BlockMemory
}

/** The blocks of one seal, covering ids `first` to `last`. */
export interface BlockGroup {
  first: number
  last: number
  blocks: BlockAt[]
  /** The group's end is not there: being written, never written, or damaged. */
  isOpen?: true
}

export interface Day {
  /** In file order; only the last one may be open. */
  groups: BlockGroup[]
  damage: Damage[]
  /** End of the last group that is not open. */
  wholeBytes: number
  /** End of the last frame; what lies behind is a seal that was interrupted, or damage. */
  frameEnd: number
}

/** Most headers are in the first read. */
const headerGuessBytes = 2048
/** Read at once where a frame is looked for in damage. */
const windowBytes = 1024 * 1024

/** Reads from `from` on, where a group begins. A group with damaged blocks is not open when something follows it. */
export function readDay(disk: Disk, path: string, from = 0): Day {
  const fd = disk.open(path, 'r')
  try {
    const { size } = disk.fstat(fd)
    const blocks: BlockAt[] = []
    const damage: Damage[] = []
    let end = from
    for (let offset = from; offset < size;) {
      const start = readFrom(disk, fd, offset, Math.min(headerGuessBytes, size - offset))
      const payloadBytes = readFrameHeader(start)
      if (payloadBytes === undefined || offset + frameBytes(payloadBytes) > size) {
        offset = nextFrame(disk, fd, offset + 8, size)
        continue
      }
      const block = readBlockAt(disk, fd, offset, payloadBytes, start)
      if (block) {
        if (offset > end) damage.push({ offset: end, bytes: offset - end })
        blocks.push(block)
        end = offset + frameBytes(payloadBytes)
      }
      offset += frameBytes(payloadBytes)
    }
    return { ...groupBlocks(blocks, from), damage, frameEnd: end }
  } finally {
    disk.close(fd)
  }
}

/** Offset of the next frame, a multiple of 8; `size` when there is none. */
function nextFrame(disk: Disk, fd: number, from: number, size: number): number {
  for (let base = from; base < size; base += windowBytes) {
    // Overlaps the next window by a header, so that none is cut in two.
    const bytes = readFrom(disk, fd, base, Math.min(windowBytes + frameHeaderBytes, size - base))
    for (let at = 0; at < windowBytes && at + frameHeaderBytes <= bytes.length; at += 8) {
      const length = readFrameHeader(bytes.subarray(at, at + frameHeaderBytes))
      if (length !== undefined && base + at + frameBytes(length) <= size) return base + at
    }
  }
  return size
}

/** `start`: the first bytes of the frame. */
function readBlockAt(
  disk: Disk,
  fd: number,
  offset: number,
  payloadBytes: number,
  start: Uint8Array,
): BlockAt | undefined {
  const headerBytes = blockHeaderBytes(start.subarray(frameHeaderBytes))
  if (headerBytes > payloadBytes) return undefined
  const needed = frameHeaderBytes + headerBytes
  const bytes = needed <= start.length ? start : readFrom(disk, fd, offset, needed)
  const header = decodeBlockHeader(bytes.subarray(frameHeaderBytes))
  return header && { offset, payloadBytes, headerBytes, header, memory: {} }
}

function groupBlocks(blocks: BlockAt[], from: number): Pick<Day, 'groups' | 'wholeBytes'> {
  const groups: BlockGroup[] = []
  for (const block of blocks) {
    const { first, last } = block.header.group
    const group = groups.at(-1)
    if (group && group.first === first) group.blocks.push(block)
    else groups.push({ first, last, blocks: [block] })
  }
  // The last block of a group says how many they are.
  const newest = groups.at(-1)
  if (newest && newest.blocks.at(-1)!.header.group.parts === undefined) newest.isOpen = true
  const last = groups.findLast(({ isOpen }) => !isOpen)?.blocks.at(-1)
  return { groups, wholeBytes: last ? last.offset + frameBytes(last.payloadBytes) : from }
}
