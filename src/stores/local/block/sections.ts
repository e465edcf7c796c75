// Compressed sections of a block. Small columns share one, so that compressing pays; large ones have their own, so that a
// search reads no more than it needs. Each carries zstd's checksum: a damaged one is noticed when it is read.
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Section, offset in its decompressed bytes, length. */
export type Place = [section: number, offset: number, length: number]

/** Compressed and decompressed bytes. */
export type SectionSize = [bytes: number, rawBytes: number]

/** A section is closed when it has so many bytes. */
const fullBytes = 32 * 1024

/** Bytes of one lane are alike; they share sections. */
export type Lane = 'text' | 'numbers'

export interface SectionWriter {
  add(bytes: Uint8Array, lane: Lane): Place
  /** Ends the last section. */
  finish(): { sizes: SectionSize[]; parts: Uint8Array[] }
}

export function compress(bytes: Uint8Array, level: number): Uint8Array {
  return zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
    pledgedSrcSize: bytes.length,
  })
}

/** Bytes are not what was written. */
export class Damaged extends Error {}

/** Decoders of damaged bytes with a right checksum throw in words of their own. */
export function checked<Result>(decode: () => Result): Result {
  try {
    return decode()
  } catch (cause) {
    if (!(cause instanceof RangeError || cause instanceof TypeError || cause instanceof SyntaxError)) throw cause
    throw new Damaged(cause.message, { cause })
  }
}

/** Throws Damaged. */
export function decompress(bytes: Uint8Array, rawBytes: number): Uint8Array {
  let raw: Uint8Array
  try {
    // Room for all of it and the end, so that it is done in one go.
    const chunkSize = Math.max(constants.Z_MIN_CHUNK, rawBytes + 1)
    raw = zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, rawBytes), chunkSize })
  } catch (cause) {
    throw new Damaged('compressed bytes are damaged', { cause })
  }
  if (raw.length !== rawBytes) throw new Damaged(`${raw.length} bytes where there were ${rawBytes}`)
  return raw
}

export function openSectionWriter(level: number): SectionWriter {
  const sizes: SectionSize[] = []
  const parts: Uint8Array[] = []
  const lanes = new Map<Lane, { section: number; pieces: Uint8Array[]; bytes: number }>()

  function close(lane: Lane): void {
    const open = lanes.get(lane)
    lanes.delete(lane)
    if (!open) return
    const packed = compress(open.pieces.length === 1 ? open.pieces[0]! : Buffer.concat(open.pieces, open.bytes), level)
    sizes[open.section] = [packed.length, open.bytes]
    parts[open.section] = packed
  }

  return {
    add(bytes, lane) {
      if (bytes.length === 0) return [0, 0, 0]
      if ((lanes.get(lane)?.bytes ?? 0) + bytes.length > fullBytes) close(lane)
      let open = lanes.get(lane)
      if (!open) {
        // The number is taken now and the section filled later: a placeholder keeps it.
        lanes.set(lane, (open = { section: sizes.length, pieces: [], bytes: 0 }))
        sizes.push([0, 0])
      }
      const place: Place = [open.section, open.bytes, bytes.length]
      open.pieces.push(bytes)
      open.bytes += bytes.length
      return place
    },
    finish() {
      close('text')
      close('numbers')
      return { sizes, parts }
    },
  }
}

export interface SectionReader {
  /** The bytes at a place. Throws for damaged ones. */
  at(place: Place): Uint8Array
}

/** `read` gives compressed bytes by their offset behind each other. */
export function openSectionReader(
  sizes: readonly SectionSize[],
  read: (offset: number, length: number) => Uint8Array,
): SectionReader {
  const offsets: number[] = []
  let end = 0
  for (const [bytes] of sizes) {
    offsets.push(end)
    end += bytes
  }
  const raw: (Uint8Array | undefined)[] = []
  return {
    at([section, offset, length]) {
      if (length === 0) return new Uint8Array(0)
      const size = sizes[section]
      if (!size) throw new RangeError('there is no such section')
      raw[section] ??= decompress(read(offsets[section]!, size[0]), size[1])
      return raw[section].subarray(offset, offset + length)
    },
  }
}
