// How small the best general compressor makes the same bytes: the `zstd` command at level 19 with long-distance matching, or,
// where it is not installed, the same of node:zlib.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { constants, createZstdCompress } from 'node:zlib'

/** As fast as the level allows; one thread, since several find less. */
const commandWords = ['-19', '--long', '-q', '-c']

export interface Compression {
  tool: string
  bytes: number
  compressedBytes: number
}

/** Compresses pieces as they come. */
export interface Compressor {
  /** Resolves when more may be added. */
  add(piece: Uint8Array): Promise<void>
  end(): Promise<Compression>
}

export function openCompressor(): Compressor {
  const command = spawnSync('zstd', ['--version']).status === 0
  const child = command ? spawn('zstd', commandWords, { stdio: ['pipe', 'pipe', 'inherit'] }) : undefined
  const inner = child ? undefined : createZstdCompress({ params: level19 })
  const input = child?.stdin ?? inner!
  const output = child?.stdout ?? inner!
  let bytes = 0
  let compressedBytes = 0
  output.on('data', (part: Buffer) => (compressedBytes += part.length))
  const ended = once(output, 'end')
  return {
    async add(piece) {
      bytes += piece.length
      if (!input.write(piece)) await once(input, 'drain')
    },
    async end() {
      input.end()
      await ended
      return {
        tool: child ? `zstd ${commandWords.slice(0, 2).join(' ')}` : 'node:zlib, zstd 19 long',
        bytes,
        compressedBytes,
      }
    },
  }
}

const level19 = {
  [constants.ZSTD_c_compressionLevel]: 19,
  [constants.ZSTD_c_enableLongDistanceMatching]: 1,
  [constants.ZSTD_c_windowLog]: 27,
}

export async function compress(pieces: Iterable<Uint8Array>): Promise<Compression> {
  const compressor = openCompressor()
  for (const piece of pieces) await compressor.add(piece)
  return await compressor.end()
}
