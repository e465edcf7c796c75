// The text of a compressed file, as if it were a file that grows while it is unpacked.
import { closeSync, createReadStream, fstatSync, readSync } from 'node:fs'
import { createGunzip, createZstdDecompress, crc32 } from 'node:zlib'
import type { FileIdentity } from '../contracts/source-storage.ts'
import { beginningBytes } from './beginning.ts'
import { openStreamFile, type StreamFile } from './stream-file.ts'
import { openSame } from './tailed-file.ts'

const pieceBytes = 256 * 1024
/** The end of an archive has checksums of what is in it. */
const trailerBytes = 64

/** Tells an archive from another in its place, and from itself when it was not complete. */
export function packedSum(path: string, identity: FileIdentity): number {
  const fd = openSame(path, identity)
  try {
    return sumOf(fd)
  } finally {
    closeSync(fd)
  }
}

function sumOf(fd: number): number {
  const { size } = fstatSync(fd)
  const trailer = Buffer.alloc(Math.min(size, trailerBytes))
  readSync(fd, trailer, 0, trailer.length, size - trailer.length)
  return crc32(trailer, crc32(String(size)))
}

export type Packing = 'gzip' | 'zstd'

/** Resolves when its beginning is known. Throws as `openTailedFile` does. */
export async function openUnpackedFile(
  path: string,
  identity: FileIdentity,
  packing: Packing = path.endsWith('.gz') ? 'gzip' : 'zstd',
): Promise<StreamFile> {
  const fd = openSame(path, identity)
  const { mtimeMs } = fstatSync(fd)
  const packed = sumOf(fd)
  const stream = createReadStream('', { fd, start: 0, highWaterMark: pieceBytes })
  const text = openUnpacker(packing)
  stream.on('error', (error) => text.destroy(error))
  stream.pipe(text)
  const file = openStreamFile({
    stream: text,
    identity,
    packed,
    modifiedAt: mtimeMs,
    close() {
      stream.destroy()
      text.destroy()
    },
  })
  while (file.beginning.bytes.length < beginningBytes && !file.isWhole()) await file.more()
  return file
}

export const openUnpacker = (packing: Packing): ReturnType<typeof createGunzip | typeof createZstdDecompress> =>
  packing === 'gzip' ? createGunzip({ chunkSize: pieceBytes }) : createZstdDecompress({ chunkSize: pieceBytes })
