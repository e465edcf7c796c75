import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepEverything } from '../../../contracts/retention.ts'
import { whenToSeal } from './when-to-seal.ts'

const MB = 1024 * 1024
const today = '2026-11-22'

for (const [limit, size, day, isSealing, expected] of [
  [false, 32 * MB, today, false, false],
  [false, 32 * MB + 1, today, false, true],
  [false, 1, '2026-11-21', false, true],
  [false, 99 * MB, '', false, false],
  [40 * MB, 10 * MB + 1, today, false, true],
  [40 * MB, 10 * MB + 1, today, true, false],
  [40 * MB, 32 * MB + 1, today, true, true],
  [1 * MB, 1 * MB, today, false, false],
  [1 * MB, 1 * MB + 1, today, false, true],
] as const)
  test(`${size} bytes of ${day || 'no day'}, limit ${String(limit)}${isSealing ? ', while another is sealed' : ''}: ${expected}`, () => {
    const whole = whenToSeal({ ...keepEverything, bytes: limit })
    assert.equal(whole({ size, day, today, isSealing }), expected)
    const ofOneSource = whenToSeal({ ...keepEverything, sources: [{ pattern: 'a*', bytes: limit }] })
    assert.equal(ofOneSource({ size, day, today, isSealing }), expected)
  })
