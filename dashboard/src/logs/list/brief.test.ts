import assert from 'node:assert/strict'
import { test } from 'node:test'
import { briefFields, briefMessage } from './brief.ts'

test('a row shows the first line and counts the others', () => {
  assert.deepEqual(briefMessage('Error: x\n  at a\n  at b\n', false), { text: 'Error: x', hiddenLines: 2 })
  assert.deepEqual(briefMessage('Error: x\n  at a\n', true), { text: 'Error: x\n  at a', hiddenLines: 0 })
  assert.deepEqual(briefMessage('plain\r\n', false), { text: 'plain', hiddenLines: 0 })
})

test('a line of a mebibyte is cut', () => {
  assert.equal(briefMessage('x'.repeat(1 << 20), false).text.length, 1001)
})

test('fields in one line', () => {
  assert.equal(briefFields({ a: 1, b: 'two words', c: { d: [1] }, e: null }), 'a=1 b="two words" c={"d":[1]} e=null')
  assert.equal(briefFields({ a: 'x'.repeat(400) }).length, 301)
})
