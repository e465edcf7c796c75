// A stream that comes from somewhere → its text: unpacked where its first bytes say that it is compressed.
import { once } from 'node:events'
import { pipeline, Readable } from 'node:stream'
import { openUnpacker, type Packing } from './unpacked-file.ts'

/** Bytes that tell how a text is packed. */
export const packingBytes = 6

const marks: readonly (readonly [name: string, mark: readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['zip', [0x50, 0x4b, 3, 4]],
]

/** How the text that begins like this is packed, as programs call it; undefined: not at all. */
export function packingOf(first: Uint8Array): string | undefined {
  const found = marks.find(([, mark]) => first.length >= mark.length && mark.every((byte, at) => first[at] === byte))
  return found?.[0]
}

export const isReadable = (packing: string): packing is Packing => packing === 'gzip' || packing === 'zstd'

/** Resolves when the first bytes have come, or none will. `refuse` throws for a packing that cannot be unpacked. */
export async function unpackStream(source: Readable, refuse: (packing: string) => never): Promise<Readable> {
  const first = await firstBytes(source)
  // Nothing can be put back into a stream that has ended.
  if (source.readableEnded || source.destroyed) return Readable.from(first.length > 0 ? [first] : [])
  source.unshift(first)
  const packing = packingOf(first)
  if (packing === undefined) return source
  if (!isReadable(packing)) refuse(packing)
  const text = openUnpacker(packing)
  pipeline(source, text, () => undefined)
  return text
}

async function firstBytes(source: Readable): Promise<Buffer> {
  let first: Buffer = Buffer.alloc(0)
  while (first.length < packingBytes && !source.readableEnded && !source.destroyed) {
    const piece = source.read() as Buffer | null
    if (piece) first = Buffer.concat([first, piece])
    else await Promise.race([once(source, 'readable'), once(source, 'end')])
  }
  return first
}
