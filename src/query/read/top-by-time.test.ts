// The best so many by time, in bounded memory, and a search in that order that can be left in the middle.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchOf } from '../batch-harness.ts'
import { seededRandom } from '../random-query-harness.ts'
import { recordsOf } from './records-of.ts'
import { openTopByTime, searchByTime } from './top-by-time.ts'

const orders = ['latest', 'earliest'] as const

test('the window closes to the last that is wanted, and is open until there are enough', () => {
  for (const [order, first, then] of [
    ['latest', { from: -Infinity, to: 50 }, { from: 30, to: 50 }],
    ['earliest', { from: 50, to: Infinity }, { from: 50, to: 70 }],
  ] as const) {
    const top = openTopByTime({ order, limit: 3, past: { time: 50, id: 4 } })
    const sign = order === 'latest' ? -1 : 1
    top.add(batchOf([1, 2, 3].map((id) => ({ id, time: 50 - sign * id }))))
    assert.deepEqual(recordsOf(top.batches(), order), [])
    assert.deepEqual(top.window(), first)
    top.add(batchOf([10, 20].map((far) => ({ id: 5 + sign, time: 50 + sign * far }))))
    assert.deepEqual(top.window(), first)
    top.add(batchOf([20, 40].map((far, i) => ({ id: 7 + i, time: 50 + sign * far }))))
    assert.deepEqual(top.window(), then)
  }
})

test('what is kept has texts and extras of its own, and no more of them than it needs', () => {
  const random = seededRandom(5)
  for (const order of orders) {
    const limit = 40
    const top = openTopByTime({ order, limit })
    const all: { id: number; time: number }[] = []
    for (let i = 0; i < 300; i++) {
      const records = Array.from({ length: 1 + random(20) }, (_, row) => ({
        id: all.length + row + 1,
        // Ever better ones, so that all of them are taken for a while.
        time: (order === 'latest' ? i : -i) * 10 + random(30),
        message: `message ${all.length + row}`,
        fields: { row },
      }))
      all.push(...records)
      const batch = batchOf(records)
      top.add(batch)
      batch.text.fill(0)
      batch.extras = () => assert.fail('kept')
    }
    const kept = top.batches()
    assert.equal(
      kept.reduce((sum, { count }) => sum + count, 0),
      limit,
    )
    assert.ok(kept.every(({ text, start, end }) => text.length === end.reduce((sum, to, i) => sum + to - start[i]!, 0)))
    const sign = order === 'latest' ? -1 : 1
    const expected = all.toSorted((a, b) => sign * (a.time - b.time || a.id - b.id)).slice(0, limit)
    assert.deepEqual(
      recordsOf(kept, order).map(({ id, time, message, fields }) => ({ id, time, message, fields })),
      expected,
    )
  }
})

test('a search that goes on for ever is left when its reader says so', async () => {
  const abort = new AbortController()
  let isOpen = true
  function* steps(): Generator<undefined> {
    try {
      for (;;) yield
    } finally {
      isOpen = false
    }
  }
  setImmediate(() => abort.abort())
  const pages = searchByTime({ order: 'latest', limit: 1 }, steps, abort.signal)
  await assert.rejects(pages.next(), { name: 'AbortError' })
  assert.equal(isOpen, false)
})

test('of large messages so many come as fit into the bytes, and one in any case', () => {
  for (const order of orders) {
    const sizes = [30, 50, 30, 90, 200, 10, 10]
    const sign = order === 'latest' ? -1 : 1
    const records = sizes.map((size, at) => ({ id: at + 1, time: sign * at, message: 'x'.repeat(size) }))
    const pages: number[][] = []
    for (let past: { time: number; id: number } | undefined; ;) {
      const top = openTopByTime({ order, limit: 3, maxBytes: 100, ...(past ? { past } : {}) })
      // The worst first, so that what was kept has to make room.
      for (const record of records.toReversed()) top.add(batchOf([record]))
      const page = recordsOf(top.batches(), order)
      if (page.length === 0) break
      pages.push(page.map(({ message }) => message.length))
      past = page.at(-1)!
    }
    assert.deepEqual(pages, [[30, 50], [30], [90], [200], [10, 10]])
  }
})
