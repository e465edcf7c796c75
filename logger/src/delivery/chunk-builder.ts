// Records that become a chunk.
import type { Chunk } from './chunk.ts'

export interface ChunkBuilder {
  /** True when the chunk is full. */
  add(time: number, level: string, logger: string, message: string, rest: string): boolean
  /** The chunk; undefined when there is no record. */
  take(): Omit<Chunk, 'number' | 'dropped' | 'position'> | undefined
}

const mostRecords = 500
const mostCharacters = 256 * 1024

export function openChunkBuilder(): ChunkBuilder {
  const times = new Float64Array(mostRecords)
  const lengths = new Uint32Array(2 * mostRecords)
  let text = ''
  let heads: Chunk['heads'] = []
  let count = 0
  let lastLevel = ''
  let lastLogger = ''

  return {
    add(time, level, logger, message, rest) {
      if (count === 0 || level !== lastLevel || logger !== lastLogger) {
        heads.push(count, level, logger)
        lastLevel = level
        lastLogger = logger
      }
      times[count] = time
      lengths[2 * count] = message.length
      lengths[2 * count + 1] = rest.length
      text += message + rest
      count++
      return count === mostRecords || text.length >= mostCharacters
    },
    take() {
      if (count === 0) return undefined
      const chunk = { text, times: times.slice(0, count), lengths: lengths.slice(0, 2 * count), heads }
      text = ''
      heads = []
      count = 0
      return chunk
    },
  }
}
