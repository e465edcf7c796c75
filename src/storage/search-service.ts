// Searches served to another thread a page at a time, so that a reader who stops asking costs nothing more.
import type { SearchRequest } from '../query/request.ts'
import type { SearchPage, StoreReader } from '../store.ts'
import { encodeBatch } from '../wire/batch-codec.ts'

/** A page as it crosses threads: frames of batches. */
export interface PageMessage {
  frames: Uint8Array[]
  cursor: number
}

/** What reading a page leaves behind: its bytes, columns and decompressed text. */
const pageGarbageBytes = 8 * 1024 * 1024

export interface SearchService {
  /** The next page of search `number`, begun by its first call; undefined at its end. */
  next(number: number, request: SearchRequest): Promise<PageMessage | undefined>
  /** Gives a search up. */
  leave(number: number): Promise<void>
}

/** `spent` is told after each page how many bytes it has about left behind. */
export function openSearchService(reader: StoreReader, spent?: (bytes: number) => void): SearchService {
  const searches = new Map<number, AsyncIterator<SearchPage>>()
  return {
    async next(number, request) {
      let search = searches.get(number)
      if (!search) searches.set(number, (search = reader.search(request)[Symbol.asyncIterator]()))
      const { value, done } = await search.next().catch((error: unknown) => {
        searches.delete(number)
        throw error
      })
      spent?.(pageGarbageBytes)
      if (!done)
        return {
          frames: value.batches.map((batch: SearchPage['batches'][number]) => encodeBatch(batch)),
          cursor: value.cursor,
        }
      searches.delete(number)
      return undefined
    },
    async leave(number) {
      await searches.get(number)?.return?.()
      searches.delete(number)
    },
  }
}
