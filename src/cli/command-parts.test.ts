import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collectNames } from './command-parts.ts'

test('names are gathered; a part of a query that looks like a flag is told what to do', () => {
  assert.deepEqual(collectNames('api,worker', ['web']), ['web', 'api', 'worker'])
  assert.throws(() => collectNames('ource:api'), /behind "--": -- -source:api/)
})
