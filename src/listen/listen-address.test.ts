import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findDrops } from './kernel-drops.ts'
import { formatListenAddress, parseListenAddress } from './listen-address.ts'
import { isNetwork, openPeers, plainAddress } from './peers.ts'

test('addresses to listen on, as people write them', () => {
  const addresses = {
    '5514': '127.0.0.1:5514',
    'localhost:5514': '127.0.0.1:5514',
    '0.0.0.0:514': '0.0.0.0:514',
    '[::1]:514': '[::1]:514',
    'logs.example.org:514': 'logs.example.org:514',
  }
  for (const [text, shown] of Object.entries(addresses))
    assert.equal(formatListenAddress(parseListenAddress(text)!), shown)
  for (const text of [
    '',
    'x',
    '::1:514',
    '1.2.3.4',
    '127.0.0.1:',
    '127.0.0.1:70000',
    '[1.2.3.4]:5',
    '-1',
    '5514 ',
    'a b:1',
  ])
    assert.equal(parseListenAddress(text), undefined, text)
})

test('this machine may send, and so may those that are named', () => {
  const peers = openPeers(['10.0.0.7', '192.168.0.0/16', 'fd00::/8'])
  for (const peer of ['127.0.0.1', '::1', '10.0.0.7', '192.168.3.4', 'fd12::1', plainAddress('::ffff:10.0.0.7')])
    assert.equal(peers.mayCome(peer), true, peer)
  for (const peer of ['10.0.0.8', '193.168.0.1', 'fe80::1', '']) assert.equal(peers.mayCome(peer), false, peer)
  for (const text of ['10.0.0.0/33', '10.0.0', 'host', '::/129', '10.0.0.0/', '/8'])
    assert.equal(isNetwork(text), false, text)
})

test('the drops of a socket are found in the table of the kernel', () => {
  const udp = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  324: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 26712 2 0000000000000000 17
 1325: 00000000:1594 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 26713 2 0000000000000000 0
`
  const udp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  9: 00000000000000000000000001000000:158A 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 26714 2 0000000000000000 5
 11: B80D0120000000000000000001000000:158A 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 26715 2 0000000000000000 6
`
  assert.equal(findDrops(udp, { host: '127.0.0.1', port: 5514 }), 17)
  assert.equal(findDrops(udp, { host: '0.0.0.0', port: 5524 }), 0)
  assert.equal(findDrops(udp, { host: '127.0.0.1', port: 1 }), undefined)
  assert.equal(findDrops(udp6, { host: '::1', port: 5514 }), 5)
  assert.equal(findDrops(udp6, { host: '2001:db8::1', port: 5514 }), 6)
})
