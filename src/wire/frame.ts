// Self-delimiting, checked stretches of bytes: how everything in the store lies on disk.
// magic "LBF1" · u32 payload length · u32 CRC-32 of the payload · payload · zeros to a multiple of 8.
import { crc32 } from 'node:zlib'

const magic = 0x3146424c // "LBF1", little-endian
export const frameHeaderBytes = 16
const maxPayloadBytes = 1 << 30

/** Bytes a payload takes as a frame. */
export function frameBytes(payloadBytes: number): number {
  return frameHeaderBytes + ((payloadBytes + 7) & ~7)
}

/** Writes the header of a frame whose payload already stands behind it in `frame`. */
export function sealFrame(frame: Uint8Array, payloadBytes: number): void {
  const view = new DataView(frame.buffer, frame.byteOffset)
  view.setUint32(0, magic, true)
  view.setUint32(4, payloadBytes, true)
  view.setUint32(8, crc32(frame.subarray(frameHeaderBytes, frameHeaderBytes + payloadBytes)), true)
  view.setUint32(12, crc32(frame.subarray(0, 12)), true)
}

/** Whether a frame's first bytes stand at `offset`; quick, where `readFrameHeader` is sure. */
export function mayBeFrame(bytes: DataView, offset: number): boolean {
  return offset <= bytes.byteLength - frameHeaderBytes && bytes.getUint32(offset, true) === magic
}

/** Payload length that a frame header announces; undefined when these bytes are no whole, undamaged header. */
export function readFrameHeader(header: Uint8Array): number | undefined {
  if (header.length < frameHeaderBytes) return undefined
  const view = new DataView(header.buffer, header.byteOffset, frameHeaderBytes)
  if (view.getUint32(0, true) !== magic || view.getUint32(12, true) !== crc32(header.subarray(0, 12))) return undefined
  const length = view.getUint32(4, true)
  return length <= maxPayloadBytes ? length : undefined
}

/** True when the payload is what was written. Both `header` and `payload` come from the same frame. */
export function checkFrame(header: Uint8Array, payload: Uint8Array): boolean {
  return new DataView(header.buffer, header.byteOffset).getUint32(8, true) === crc32(payload)
}

/** The payload of a frame that is known to be whole. */
export function framePayload(frame: Uint8Array): Uint8Array {
  const length = new DataView(frame.buffer, frame.byteOffset).getUint32(4, true)
  return frame.subarray(frameHeaderBytes, frameHeaderBytes + length)
}

/** The header of a payload that still stands behind it in memory. */
export function headerBefore(payload: Uint8Array): Uint8Array {
  return new Uint8Array(payload.buffer, payload.byteOffset - frameHeaderBytes, frameHeaderBytes)
}

/** Makes the checksum of the payload wrong and lets the header be read: damage that is copied must be seen on the copy. */
export function spoilFrame(frame: Uint8Array): void {
  const view = new DataView(frame.buffer, frame.byteOffset)
  view.setUint32(8, view.getUint32(8, true) ^ 1, true)
  view.setUint32(12, crc32(frame.subarray(0, 12)), true)
}
