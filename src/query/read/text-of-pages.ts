// Any number of records as text, in pieces made as they are asked for: no more than a page is ever in memory, and the
// thread is free for others every few milliseconds.
import { setImmediate as breathe } from 'node:timers/promises'
import type { RecordBatch } from '../../contracts/batch.ts'
import type { SearchPage } from '../../contracts/store.ts'
import { eachPlace } from './records-of.ts'
import type { IdOrder } from '../../contracts/request.ts'

const pieceCharacters = 64 * 1024
const sliceMs = 8

export interface TextPiece {
  text: string
  records: number
}

/** `format` gives a record's lines, line ends included. */
export async function* textOfPages(
  pages: AsyncIterable<SearchPage>,
  order: IdOrder,
  format: (batch: RecordBatch, row: number) => string,
): AsyncGenerator<TextPiece, undefined> {
  let text = ''
  let records = 0
  let sliceEnd = performance.now() + sliceMs
  for await (const { batches } of pages) {
    for (const { batch, row } of eachPlace(batches, order)) {
      text += format(batch, row)
      records++
      if (text.length >= pieceCharacters) {
        yield { text, records }
        text = ''
        records = 0
      }
      if (performance.now() < sliceEnd) continue
      await breathe()
      sliceEnd = performance.now() + sliceMs
    }
  }
  if (records > 0) yield { text, records }
}
