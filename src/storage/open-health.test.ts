import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openHealth } from './open-health.ts'

test('a storage is well, cannot be written, or is silent', async () => {
  for (const [isWritable, expected] of [
    [() => Promise.resolve(true), 'well'],
    [() => Promise.resolve(false), 'unwritable'],
    [() => Promise.reject(new Error('gone')), 'silent'],
    [() => new Promise<boolean>(() => undefined), 'silent'],
  ] as const)
    assert.equal(await openHealth({ isWritable }, 10)(), expected)
})

test('many who ask at once are one question, and the next is asked anew', async () => {
  let asked = 0
  const answers = [true, false]
  const health = openHealth({ isWritable: () => Promise.resolve(answers[asked++]!) })
  assert.deepEqual(await Promise.all([health(), health(), health()]), ['well', 'well', 'well'])
  assert.equal(await health(), 'unwritable')
  assert.equal(asked, 2)
})
