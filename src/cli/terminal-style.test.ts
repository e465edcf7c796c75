import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPaint } from './terminal-style.ts'

test('text is painted where there is any, and with colours only', () => {
  assert.equal(createPaint(true)('dim', 'x'), '\u001b[2mx\u001b[22m')
  assert.equal(createPaint(true)('dim', ''), '')
  assert.equal(createPaint(false)('dim', 'x'), 'x')
})
