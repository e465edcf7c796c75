// Finds the frames in a file's bytes, and what between them is damaged.
import { checkFrame, frameBytes, frameHeaderBytes, readFrameHeader } from '../../wire/frame.ts'

export interface FrameAt {
  /** Offset of the frame in the bytes. */
  offset: number
  /** Length of the whole frame. */
  bytes: number
  payload: Uint8Array
}

export interface Damage {
  offset: number
  bytes: number
}

/**
 * All undamaged frames in order. What is not part of one is damage; damage that reaches the end of the bytes is a torn
 * write where the file's last writer died. `check: false` trusts payloads (they are checked when they are decoded).
 */
export function scanFrames(
  bytes: Uint8Array,
  from = 0,
  options: { check?: boolean } = {},
): { frames: FrameAt[]; damage: Damage[]; end: number } {
  const frames: FrameAt[] = []
  const damage: Damage[] = []
  let offset = from
  let end = from
  while (offset < bytes.length) {
    const header = bytes.subarray(offset, offset + frameHeaderBytes)
    const length = readFrameHeader(header)
    if (length !== undefined && offset + frameBytes(length) <= bytes.length) {
      const payload = bytes.subarray(offset + frameHeaderBytes, offset + frameHeaderBytes + length)
      if (options.check === false || checkFrame(header, payload)) {
        if (offset > end) damage.push({ offset: end, bytes: offset - end })
        frames.push({ offset, bytes: frameBytes(length), payload })
        offset += frameBytes(length)
        end = offset
        continue
      }
    }
    // Frames start at multiples of 8, so that is where the next one can be.
    offset += 8
  }
  if (end < bytes.length) damage.push({ offset: end, bytes: bytes.length - end })
  return { frames, damage, end }
}
