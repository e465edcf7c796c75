// Finds the frames in a file's bytes, and what between them is damaged.
import { checkFrame, frameBytes, frameHeaderBytes, mayBeFrame, readFrameHeader } from '../../../wire/frame.ts'
import { viewOf } from '../../../system/view-of.ts'

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

export interface Scanned {
  frames: FrameAt[]
  damage: Damage[]
  /** End of the last whole frame. */
  end: number
  /** The frame that begins in these bytes and ends behind them, in what follows. */
  cut?: { offset: number; bytes: number }
}

/**
 * All undamaged frames in order. What is not part of one is damage; damage that reaches the end of the bytes is a torn
 * write where the file's last writer died. So many bytes follow in the file.
 */
export function scanFrames(bytes: Uint8Array, following = 0): Scanned {
  const frames: FrameAt[] = []
  const damage: Damage[] = []
  const view = viewOf(bytes)
  let offset = 0
  let end = 0
  for (; offset < bytes.length; offset += 8) {
    // Frames start at multiples of 8; in damage each of these is looked at, so that nothing is made there.
    if (!mayBeFrame(view, offset)) continue
    const header = bytes.subarray(offset, offset + frameHeaderBytes)
    const length = readFrameHeader(header)
    if (length === undefined) continue
    const to = offset + frameBytes(length)
    if (to > bytes.length + following) continue
    if (to > bytes.length) return { frames, damage, end, cut: { offset, bytes: to - offset } }
    const payload = bytes.subarray(offset + frameHeaderBytes, offset + frameHeaderBytes + length)
    if (!checkFrame(header, payload)) continue
    if (offset > end) damage.push({ offset: end, bytes: offset - end })
    frames.push({ offset, bytes: to - offset, payload })
    end = to
    offset = to - 8
  }
  if (end < bytes.length) damage.push({ offset: end, bytes: bytes.length - end })
  return { frames, damage, end }
}
