import assert from 'node:assert/strict'
import { test } from 'node:test'
import { completeOptions } from './agent-options.ts'

test('plain HTTP leaves this machine only where somebody says so', () => {
  for (const hub of ['http://127.0.0.1:7420', 'http://localhost:7420', 'http://[::1]:7420', 'https://logs.example.org'])
    assert.equal(completeOptions({ hub, name: 'a' }).url, hub)
  assert.throws(() => completeOptions({ hub: 'http://logs.example.org', name: 'a' }), /plain HTTP to logs.example.org/)
  assert.equal(completeOptions({ hub: 'http://10.0.0.1:7420/', name: 'a', insecure: true }).url, 'http://10.0.0.1:7420')
})

test('addresses and names that cannot be are refused', () => {
  for (const hub of ['ftp://x', '127.0.0.1:7420', 'nonsense', undefined])
    assert.throws(() => completeOptions({ hub, name: 'a' }), { code: 'request-invalid' })
  for (const name of ['', '../x', 'a/b', 'a b', '.hidden', 'x'.repeat(64)])
    assert.throws(() => completeOptions({ hub: 'http://127.0.0.1:1', name }), { code: 'request-invalid' }, name)
})
