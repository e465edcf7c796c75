import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordBatch } from '../../contracts/batch.ts'
import type { SearchPage } from '../../contracts/store.ts'
import { batchOf } from '../batch-harness.ts'
import { textOfPages, type TextPiece } from './text-of-pages.ts'

const pageOf = (ids: number[]): SearchPage => ({ batches: [batchOf(ids.map((id) => ({ id })))], cursor: 0 })

async function* pages(...all: SearchPage[]): AsyncGenerator<SearchPage> {
  yield* all
}

async function piecesOf(pieces: AsyncIterable<TextPiece>): Promise<TextPiece[]> {
  const found: TextPiece[] = []
  for await (const piece of pieces) found.push(piece)
  return found
}

test('records in order, in pieces of bounded size, counted', async () => {
  const format = ({ id }: RecordBatch, row: number): string => `${id[row]}${'.'.repeat(29_998)}\n`
  const newest = pages(pageOf([3, 4, 5]), pageOf([1, 2]))
  const found = await piecesOf(textOfPages(newest, 'newest', format))
  assert.deepEqual(
    found.map(({ records }) => records),
    [3, 2],
  )
  assert.equal(found.map(({ text }) => text.replaceAll(/[.\n]/g, '')).join(''), '54321')
  assert.deepEqual(await piecesOf(textOfPages(pages(pageOf([])), 'oldest', format)), [])
})

test('others have their turn although nothing has to be waited for', async () => {
  const slowly = (): string => {
    for (const end = performance.now() + 3; performance.now() < end;);
    return '\n'
  }
  let turns = 0
  let running = true
  const count = (): void => {
    turns++
    if (running) setImmediate(count)
  }
  setImmediate(count)
  const ids = Array.from({ length: 60 }, (_, i) => i + 1)
  assert.equal((await piecesOf(textOfPages(pages(pageOf(ids)), 'oldest', slowly))).length, 1)
  running = false
  assert.ok(turns >= 10, `${turns} turns`)
})
