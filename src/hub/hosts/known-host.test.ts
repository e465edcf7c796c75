import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextSkew } from './known-host.ts'

test('a message that was long on its way is no slow clock, several are; a clock that seems faster is so at once', () => {
  let host: { skewMs: number; slowCount?: number | undefined } = { skewMs: 0 }
  const see = (ms: number): number => (host = nextSkew(host, ms)).skewMs
  assert.deepEqual([30_000, 0, 30_000, 30_000, 0].map(see), [0, 0, 0, 0, 0])
  assert.deepEqual([60_000, 61_000, 60_500].map(see), [0, 0, 60_500])
  assert.deepEqual([62_000, 0].map(see), [60_500, 0])
  assert.deepEqual([-9000].map(see), [-9000])
})
