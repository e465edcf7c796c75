// `kill -9` of a real store process at random moments; `npm run torture` does it thousands of times.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { whatWasLost } from './commit-oracle.ts'
import { surviveStoreKills } from './store-kills.ts'

test('killed at any moment: what was acknowledged is there exactly once', async (t) => {
  // The moments are not the seed's, but when the system gets round to it.
  const found = await Promise.all([1, 2].map((seed) => surviveStoreKills(seed, 20)))
  t.diagnostic(`${found.join(' and ')} commits`)
  assert.ok(Math.min(...found) > 10)
})

test('a store that acknowledges before it writes is found out', async () => {
  await assert.rejects(surviveStoreKills(3, 40, { isHasty: true }), whatWasLost)
})
