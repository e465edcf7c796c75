// Blocks that are unusual, and blocks that are rubbish: answers are right, or at least given.
import { test } from 'node:test'
import { askForged, countMix } from './odd-blocks.ts'

test('summaries of blocks of every mix of records are what a naive count says', async () => {
  for (let seed = 1; seed <= 30; seed++) await countMix(seed)
})

test('a block that is rubbish behind right checksums fails no question', async () => {
  for (let seed = 1; seed <= 50; seed++) await askForged(seed)
})
