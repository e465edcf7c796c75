// Texts as WebSocket frames in one piece of bytes, so that many messages to many clients cost one write each.

/** One message of UTF-8 text. */
export function textFrame(text: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(headBytes(text.length) + text.length)
  frame.set(text, writeHead(frame, 0, text.length))
  return frame
}

/** Each text becomes an unmasked, whole text message (RFC 6455, 5.2), as a server sends it. */
export function textFrames(texts: readonly string[]): Buffer {
  const sizes = texts.map((text) => Buffer.byteLength(text))
  const frames = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + headBytes(size) + size, 0))
  let at = 0
  for (const [index, text] of texts.entries()) {
    at = writeHead(frames, at, sizes[index]!)
    at += frames.write(text, at)
  }
  return frames
}

/** The texts of frames that `textFrames` made. */
export function textsOfFrames(frames: Uint8Array): string[] {
  const bytes = Buffer.from(frames.buffer, frames.byteOffset, frames.length)
  const texts: string[] = []
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at + 1]!
    const size =
      length < 126 ? length : length === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
    const start = at + headBytes(size)
    texts.push(bytes.toString('utf8', start, (at = start + size)))
  }
  return texts
}

const finalText = 0x81

/** Gives where the message goes on. */
function writeHead(frames: Buffer, at: number, size: number): number {
  frames[at] = finalText
  if (size < 126) frames[at + 1] = size
  else if (size < 65_536) {
    frames[at + 1] = 126
    frames.writeUInt16BE(size, at + 2)
  } else {
    frames[at + 1] = 127
    frames.writeBigUInt64BE(BigInt(size), at + 2)
  }
  return at + headBytes(size)
}

function headBytes(size: number): number {
  return size < 126 ? 2 : size < 65_536 ? 4 : 10
}
