import assert from 'node:assert/strict'
import { test } from 'node:test'
import { peerOf } from './peer.ts'

test('a proxy on this machine is believed, others are not', () => {
  const cases: [address: string | undefined, told: string | string[] | undefined, peer: string][] = [
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['::ffff:127.0.0.1', undefined, '127.0.0.1'],
    ['127.0.0.1', '192.0.2.7', '192.0.2.7'],
    ['::1', '2001:db8::7', '2001:db8::7'],
    ['::ffff:127.0.0.1', '192.0.2.7', '192.0.2.7'],
    ['127.0.0.1', '198.51.100.1, 192.0.2.7', '192.0.2.7'],
    ['127.0.0.1', ['198.51.100.1', '192.0.2.7'], '192.0.2.7'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', 'unknown', '127.0.0.1'],
    ['127.0.0.1', '192.0.2.7, x', '127.0.0.1'],
    ['203.0.113.9', '192.0.2.7', '203.0.113.9'],
    ['::ffff:203.0.113.9', '127.0.0.1', '203.0.113.9'],
    [undefined, '192.0.2.7', ''],
  ]
  for (const [remoteAddress, told, peer] of cases) {
    const request = { socket: { remoteAddress }, headers: { 'x-forwarded-for': told } } as never
    assert.equal(peerOf(request), peer, JSON.stringify([remoteAddress, told]))
  }
})
