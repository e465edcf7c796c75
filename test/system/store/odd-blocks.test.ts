// Blocks that are unusual, and blocks that are rubbish: answers are right, or at least given.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { naiveSummary } from '../../../src/query/naive-summary-harness.ts'
import { collect } from './commit-oracle.ts'
import { askForged, batchOf, diskInMemory, mixOf, openOn, queries, questions, summaryOf } from './odd-blocks.ts'
import { seededRandom } from './seeded-random.ts'

/** Throws where a summary of a sealed mix is not what a naive count says. */
async function countMix(seed: number): Promise<void> {
  const random = seededRandom(seed)
  const records = mixOf(random)
  const store = await openOn(diskInMemory())
  await store.commit([batchOf(records)], new Map())
  await store.seal({ all: true })
  assert.deepEqual(await collect(store, { order: 'oldest' }), records, `seed ${seed}`)
  for (const question of questions)
    assert.deepEqual(
      await summaryOf(store, question),
      naiveSummary(question, records),
      `seed ${seed}, ${JSON.stringify(question)}`,
    )
  for (const query of queries) {
    const { count } = await summaryOf(store, { query })
    assert.equal(count, (await collect(store, { order: 'newest', query })).length, `seed ${seed}, ${query}`)
  }
  await store.close()
}

test('summaries of blocks of every mix of records are what a naive count says', async () => {
  for (let seed = 1; seed <= 30; seed++) await countMix(seed)
})

test('a block that is rubbish behind right checksums fails no question', async () => {
  for (let seed = 1; seed <= 50; seed++) await askForged(seed)
})
