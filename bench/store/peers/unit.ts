// The unit: parsing the same JSON and compressing the same bytes with zstd at level 1, which anything written for Node.js
// would have to do at the very least. It answers nothing.
import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { constants, createZstdCompress } from 'node:zlib'
import { once } from 'node:events'
import { linesOf, readPieces } from '../read-pieces.ts'
import type { Embedded } from './embedded.ts'

export function open(directory: string): Embedded {
  return {
    async ingest(file) {
      const compress = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } })
      const output = compress.pipe(createWriteStream(path.join(directory, 'raw.zst')))
      for (const piece of readPieces(file)) {
        for (const line of linesOf(piece)) JSON.parse(line)
        if (!compress.write(piece)) await once(compress, 'drain')
      }
      compress.end()
      await once(output, 'close')
    },
    settle: () => undefined,
    query: () => undefined,
    close: () => undefined,
  }
}
