// Searches and summaries served to another thread a piece at a time, so that a reader who stops asking costs nothing more.
import type { SearchRequest, Summary, SummaryRequest } from '../contracts/request.ts'
import type { SearchPage, StoreReader } from '../contracts/store.ts'
import type { StoreInfo } from '../contracts/store-info.ts'
import { encodeBatch } from '../wire/batch-codec.ts'

/** A page as it crosses threads: frames of batches. */
export interface PageMessage {
  frames: Uint8Array[]
  cursor: number
}

/** Garbage of a page that was read: its bytes, columns and decompressed text. */
const pageGarbageBytes = 8 * 1024 * 1024

export interface SearchService {
  /** The next page of search `number`, begun by its first call; undefined at its end. */
  nextPage(number: number, request: SearchRequest): Promise<PageMessage | undefined>
  /** The next state of summary `number`, begun by its first call; undefined at its end. Numbers are shared with searches. */
  nextSummary(number: number, request: SummaryRequest): Promise<Summary | undefined>
  info(): Promise<StoreInfo>
  /** Gives a search or summary up, also in the middle of a piece. */
  leave(number: number): void
}

interface Walk {
  pieces: AsyncIterator<unknown>
  abort: AbortController
}

/** `spent` is told now and then how many bytes have about been left behind. */
export function openSearchService(reader: StoreReader, spent: (bytes: number) => void = () => {}): SearchService {
  const walks = new Map<number, Walk>()

  async function next<Piece>(number: number, begin: (signal: AbortSignal) => AsyncIterable<Piece>) {
    let walk = walks.get(number)
    if (!walk) {
      const abort = new AbortController()
      walks.set(number, (walk = { pieces: begin(abort.signal)[Symbol.asyncIterator](), abort }))
    }
    try {
      const { value, done } = (await walk.pieces.next()) as IteratorResult<Piece, undefined>
      if (done) walks.delete(number)
      return value
    } catch (error) {
      walks.delete(number)
      throw error
    } finally {
      spent(pageGarbageBytes)
    }
  }

  return {
    async nextPage(number, request) {
      const page = await next(number, (signal): AsyncIterable<SearchPage> => reader.search(request, signal))
      return page && { frames: page.batches.map((batch) => encodeBatch(batch)), cursor: page.cursor }
    },
    nextSummary: (number, request) => next(number, (signal) => reader.summarize(request, signal)),
    info: () => reader.info(),
    leave(number) {
      const walk = walks.get(number)
      walks.delete(number)
      walk?.abort.abort()
      void walk?.pieces.return?.()
    },
  }
}

/** Memory of an answer that is handed over instead of copied: a page of a search, or a part of a spool. */
export function transferOf(answer: unknown): ArrayBuffer[] {
  const { frames = [] } = (answer ?? {}) as { frames?: Uint8Array | Uint8Array[] }
  return [frames].flat().map((frame) => frame.buffer as ArrayBuffer)
}
