// The newest lines of a query with adjacent repeats folded: where a follower begins that has them folded, so that a repeat is
// counted alike whether it came before or after somebody looked.
import type { SearchRequest } from '../contracts/request.ts'
import type { Storage } from '../contracts/storage.ts'
import { eachPlace } from '../query/read/records-of.ts'
import type { Codec } from './codec.ts'
import { rowOf } from './row.ts'
import { isSameLine, type RepeatedLine } from './thin/repeated-line.ts'

/** Most records that are looked at, and most characters of JSON that lines together may have. */
const mostRecords = 10_000
const mostCharacters = 4 * 1024 * 1024
/** Each search asks for so many times as many records as the one before: mostly the first has enough. */
const growth = 4

interface FoldedRequest {
  asked: Pick<SearchRequest, 'query' | 'within'>
  limit: number
  head: number
  codec: Codec
}

/** The newest `limit` lines among the records up to `head`, oldest first. */
export async function readFolded(
  storage: Storage,
  { asked, limit, head, codec }: FoldedRequest,
  signal: AbortSignal,
): Promise<RepeatedLine[]> {
  const lines: RepeatedLine[] = []
  let before = head + 1
  let characters = 0
  let looked = 0
  for (let size = limit + 1; limit > 0; size = Math.min(size * growth, mostRecords - looked)) {
    let found = 0
    for await (const { batches } of storage.search({ ...asked, before, order: 'newest', limit: size }, signal)) {
      for (const place of eachPlace(batches, 'newest')) {
        const row = rowOf(place, '')
        const line = lines.at(-1)
        found++
        before = row.id
        if (line && isSameLine(row, line.newest)) {
          line.firstId = row.id
          line.repeats++
          continue
        }
        if (lines.length === limit || characters > mostCharacters) return lines.reverse()
        row.json = codec.record(place.batch, place.row)
        characters += row.json.length
        lines.push({ firstId: row.id, newest: row, repeats: 0 })
      }
    }
    looked += found
    if (found < size) break
    if (looked >= mostRecords) {
      lines.at(-1)!.isCut = true
      break
    }
  }
  return lines.reverse()
}
