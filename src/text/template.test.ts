import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findVariables, maxVariables, templateId, templateOf } from './template.ts'

const examples: [message: string, template: string][] = [
  ['connected to 10.0.0.1 in 12 ms', 'connected to <*> in <*> ms'],
  ['took 3.14s', 'took <*>'],
  ['Received block blk_-1608999 of size 91178 from /10.250.10.6:50010', 'Received block <*> of size <*> from /<*>:<*>'],
  ['18:01:47,978 at 2015-10-18', '<*>:<*>:<*>,<*> at <*>'],
  ['user_id=42 path=/api/v2/items/17.', 'user_id=<*> path=/api/<*>/items/<*>.'],
  ['id 550e8400-e29b-41d4-a716-446655440000!', 'id <*>!'],
  ['a--b 1- -1 1.. .1 1-', 'a--b <*>- -<*> <*>.. .<*> <*>-'],
  ['no variable here', 'no variable here'],
  ['', ''],
  ['grüße an müller7 in 東京', 'grüße an <*> in 東京'],
]

test('variables are words with digits; the rest is the template', () => {
  for (const [message, template] of examples) assert.equal(templateOf(message), template)
})

test('places are bytes, and a stretch of a longer text can be asked for', () => {
  const bytes = Buffer.from('xé9 b2')
  const places = new Uint32Array(2 * maxVariables)
  assert.equal(findVariables(bytes, 0, bytes.length, places), 2)
  assert.deepEqual([...places.subarray(0, 4)], [0, 4, 5, 7])
  assert.equal(findVariables(bytes, 5, bytes.length, places), 1)
  assert.deepEqual([...places.subarray(0, 2)], [5, 7])
})

test('a message of thousands of numbers has a template of bounded length', () => {
  const template = templateOf(Array.from({ length: 5000 }, (_, n) => n).join(' '))
  assert.equal(template, Array.from({ length: maxVariables }, () => '<*>').join(' '))
})

test('the identity of a template never changes', () => {
  assert.equal(templateId('connected to <*> in <*> ms'), templateId(templateOf('connected to a1 in 2 ms')))
  assert.match(templateId(''), /^[0-9a-f]{16}$/)
  assert.equal(templateId(''), 'e3b0c44298fc1c14')
})
