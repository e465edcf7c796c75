import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openUnreadBytes } from './unread-bytes.ts'

const mb = 1024 * 1024

test('beyond the bound only those get more who have taken all; who takes nothing is let go, the largest first', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let now = 0
  t.mock.method(performance, 'now', () => now)
  const unread = openUnreadBytes()
  const open = () => {
    const peer = { bytes: 0, isLetGo: false, woken: 0 }
    const seat = unread.join({
      pendingBytes: () => peer.bytes,
      wake: () => void peer.woken++,
      letGo() {
        peer.isLetGo = true
        seat.leave()
      },
    })
    const has = (bytes: number) => {
      peer.bytes = bytes
      seat.count()
    }
    return { peer, seat, has }
  }
  const [deaf, slow, quick] = [open(), open(), open()]
  deaf.has(30 * mb)
  slow.has(1 * mb)
  assert.ok(slow.seat.hasRoom())
  slow.has(8 * mb)
  assert.deepEqual([deaf.seat.hasRoom(), slow.seat.hasRoom(), quick.seat.hasRoom()], [false, false, true])
  quick.has(11 * mb)
  quick.has(0)
  slow.has(20 * mb)
  assert.equal(quick.seat.hasRoom(), false, 'not even those beyond the second bound')

  now = 1900
  slow.has(15 * mb)
  t.mock.timers.tick(250)
  assert.equal(deaf.peer.isLetGo, false)
  now = 2100
  t.mock.timers.tick(250)
  assert.deepEqual([deaf.peer.isLetGo, slow.peer.isLetGo, quick.peer.isLetGo], [true, false, false])
  assert.ok(slow.seat.hasRoom())
  assert.ok(quick.peer.woken > 0)
  assert.equal(unread.letGoOne(), false, 'all are reading')
  now = 5000
  assert.equal(unread.letGoOne(), true)
  assert.deepEqual([slow.peer.isLetGo, quick.peer.isLetGo], [true, false])
  slow.has(0)
  slow.seat.leave()
  slow.seat.leave()
  assert.ok(quick.seat.hasRoom())
})
