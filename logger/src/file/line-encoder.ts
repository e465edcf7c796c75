// Lines as bytes in one buffer, used again and again: the length is known before the write, and counting it apart would take a tenth of the call.
export interface LineEncoder {
  /** Returns the length in bytes. */
  encode(line: string): number
  /** Bytes of the line that was encoded last; longer than the line. */
  bytes(): Uint8Array
}

const bufferBytes = 24 << 10
/** Bytes that a UTF-16 unit takes at most. */
const mostBytesPerUnit = 3

export function createLineEncoder(): LineEncoder {
  const own = Buffer.allocUnsafeSlow(bufferBytes)
  let bytes = own
  return {
    bytes: () => bytes,
    encode(line) {
      if (line.length * mostBytesPerUnit > bufferBytes) {
        bytes = Buffer.from(line)
        return bytes.length
      }
      bytes = own
      return own.write(line)
    },
  }
}
