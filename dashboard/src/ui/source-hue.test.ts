import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceHues } from './source-hue.ts'

const shop = ['api', 'worker', 'report', 'traffic', 'supplier_feed']

test('no two sources of a hub look alike, whatever order they come in', () => {
  const hueOf = sourceHues(shop)
  assert.equal(new Set(shop.map(hueOf)).size, shop.length)
  assert.deepEqual(shop.map(sourceHues(shop.toReversed())), shop.map(hueOf))
})

test('more sources than hues, and names that are not of this hub', () => {
  const many = Array.from({ length: 30 }, (_, index) => `worker-${index}`)
  assert.equal(new Set(many.map(sourceHues(many))).size, 10)
  assert.equal(sourceHues([])('api'), sourceHues([])('api'))
  assert.ok(Number.isFinite(sourceHues(shop)('somebody else')))
})
