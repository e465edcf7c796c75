// Text files in other encodings than UTF-8: where their lines end, and the same text as UTF-8, which all that follows works on.
import type { Encoding } from '../contracts/source-storage.ts'

const newline = 10

/** The encoding that the file's first bytes name, and how many they are. */
export function readByteOrderMark(bytes: Uint8Array): { encoding: Encoding; length: number } | undefined {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', length: 3 }
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', length: 2 }
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', length: 2 }
  return undefined
}

/** Bytes that belong together at the least. */
export const unitBytes = (encoding: Encoding): number => (encoding.startsWith('utf-16') ? 2 : 1)

/** Behind the last newline in `bytes`, which begin with a whole character; 0 when there is none. */
export function lastLineEnd(bytes: Buffer, encoding: Encoding): number {
  if (unitBytes(encoding) === 1) return bytes.lastIndexOf(newline) + 1
  const high = encoding === 'utf-16be' ? 0 : 1
  for (let at = bytes.lastIndexOf(newline); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(newline, at - 1)) {
    const start = at - (1 - high)
    if (start >= 0 && start % 2 === 0 && bytes[start + high] === 0) return start + 2
  }
  return 0
}

/** The text of `bytes`, which hold whole lines or characters, as UTF-8. */
export function toUtf8(bytes: Buffer, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return bytes
  if (encoding === 'utf-16be') return Buffer.from(Buffer.from(bytes).swap16().toString('utf16le'))
  return Buffer.from(bytes.toString(encoding === 'latin1' ? 'latin1' : 'utf16le'))
}
