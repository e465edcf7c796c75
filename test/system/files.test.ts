// Files of others through the whole product: rotated while they are written as fast as they may be, with hubs that die.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { surviveRotation } from './survive-rotation.ts'

const pace = { perSecond: 100_000, count: 600_000, keep: 50 }

test('renamed five times a second at 100,000 lines/s, the hub killed: every line once and in order', async (t) => {
  const outcome = await surviveRotation({ ...pace, how: 'rename', rotateLines: 20_000, lifeMs: [800, 300, 1100] })
  assert.equal(outcome.gaps, 0)
  t.diagnostic(JSON.stringify(outcome))
})

test('copied and truncated four times a second at 100,000 lines/s, the hub killed: every line once, from the file or a copy', async (t) => {
  const outcome = await surviveRotation({ ...pace, how: 'copytruncate', rotateLines: 25_000, lifeMs: [800, 300, 1100] })
  // Each truncation that was seen is told: what was written between copying and truncating nobody could know.
  assert.ok(outcome.gaps > 0 && outcome.gaps <= outcome.rotations, JSON.stringify(outcome))
  t.diagnostic(JSON.stringify(outcome))
})
