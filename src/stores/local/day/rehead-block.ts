// A block's frame with another header in front of what it holds, which is copied byte for byte.
import { checkFrame, frameBytes, frameHeaderBytes, framePayload, sealFrame, spoilFrame } from '../../../wire/frame.ts'
import { blockHeaderBytes, decodeBlockHeader, encodeBlockHeader, type BlockHeader } from '../block/block-header.ts'

/** Damage stays: its checksum does not become right by being written again. */
export function reheadBlock(frame: Uint8Array, change: (header: BlockHeader) => BlockHeader): Uint8Array {
  const payload = framePayload(frame)
  const header = encodeBlockHeader(change(decodeBlockHeader(payload)!))
  const rest = payload.subarray(blockHeaderBytes(payload))
  const bytes = header.length + rest.length
  const changed = new Uint8Array(frameBytes(bytes))
  changed.set(header, frameHeaderBytes)
  changed.set(rest, frameHeaderBytes + header.length)
  sealFrame(changed, bytes)
  if (!checkFrame(frame, payload)) spoilFrame(changed)
  return changed
}
