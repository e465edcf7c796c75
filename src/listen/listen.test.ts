// Listeners with real sockets in front of a store that takes what it is given when the test lets it.
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../test/hub-process.ts'
import type { Entry } from '../contracts/source-storage.ts'
import { listenTcp } from './listen-tcp.ts'
import { listenUdp } from './listen-udp.ts'
import { openPeers } from './peers.ts'

async function listening(t: TestContext, listen: typeof listenTcp) {
  const committed: Entry[] = []
  const refused: string[] = []
  let door: PromiseWithResolvers<void> | undefined
  const listener = await listen({
    address: { host: '127.0.0.1', port: 0 },
    peers: openPeers([]),
    now: Date.now,
    refuse: (peer, why) => refused.push(`${peer} ${why}`),
    async push(entries) {
      await door?.promise
      committed.push(...entries)
    },
  })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= listener.close())
  t.after(close)
  return {
    committed,
    refused,
    close,
    port: listener.address.port,
    messages: () => committed.map(({ message }) => message),
    shut: () => (door = Promise.withResolvers()),
    open: () => door?.resolve(),
  }
}

async function dial(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

const line = (n: number): string => `<14>Oct 19 05:55:47 host app[12]: number ${n} ${'x'.repeat(20_000)}\n`

test('while nothing can be committed a TCP sender waits, and nothing of what it sent is lost', async (t) => {
  const place = await listening(t, listenTcp)
  place.shut()
  const socket = await dial(t, place.port)
  const total = 1000
  let written = 0
  const sending = (async () => {
    for (; written < total; written++) if (!socket.write(line(written))) await once(socket, 'drain')
  })()
  let before = -1
  await until('the sender to be held up', async () => {
    const held = before === written && written > 0
    before = written
    await sleep(100)
    return held
  })
  assert.ok(written < total, 'the sender could not send all')
  assert.equal(place.committed.length, 0)
  place.open()
  await sending
  await until('all to be committed', () => place.committed.length === total)
  assert.ok(place.messages().every((message, n) => message.startsWith(`number ${n} `)))
})

test('while nothing can be committed UDP messages beyond the bound are lost, and a gap says exactly how many', async (t) => {
  const place = await listening(t, listenUdp)
  place.shut()
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  const total = 400
  const body = 'x'.repeat(60_000)
  // One after the other, so that the kernel loses none of them.
  for (let n = 0; n < total; n++) {
    await new Promise((resolve) => socket.send(`<14>app: ${n} ${body}`, place.port, '127.0.0.1', resolve))
    if (n % 2 === 1) await sleep(0)
  }
  await sleep(50)
  place.open()
  const numbers = (): number[] =>
    place.messages().flatMap((message) => (/^\d+ x/.test(message) ? [parseInt(message)] : []))
  const lost = (): number =>
    place.committed.reduce((sum, { kind, extras }) => sum + (kind === 'gap' ? Number(extras?.fields?.['lines']) : 0), 0)
  await until('all to be accounted for', () => numbers().length + lost() === total)
  assert.ok(lost() > 0)
  assert.deepEqual(
    numbers(),
    numbers().toSorted((a, b) => a - b),
  )
})

test('a connection that breaks within a message, or speaks something else, leaves the others alone', async (t) => {
  const place = await listening(t, listenTcp)
  const good = await dial(t, place.port)
  good.write('<14>app: one\n<14>app: tw')
  const broken = await dial(t, place.port)
  broken.write('99 <14>app: half of it')
  await until('the first line', () => place.messages().includes('one'))
  broken.resetAndDestroy()
  const page = await dial(t, place.port)
  page.write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n<14>app: forged\n')
  await once(page, 'close')
  good.end('o\n<14>app: last words')
  await until('the last words', () => place.messages().includes('last words'))
  await until('the half', () => place.messages().includes('half of it'))
  assert.deepEqual(place.messages().toSorted(), [
    '80 bytes missing: the connection of 127.0.0.1 ended within a message',
    'half of it',
    'last words',
    'one',
    'two',
  ])
  assert.deepEqual(place.refused, ['127.0.0.1 speaks HTTP'])
})

test('what a connection sent before it was reset is taken, though nothing could be committed when it came', async (t) => {
  const place = await listening(t, listenTcp)
  place.shut()
  const full = await dial(t, place.port)
  await new Promise((resolve) => full.write(Array.from({ length: 60 }, (_, n) => line(n)).join(''), resolve))
  // The first of these come before there is no room, the last after it.
  const reset = await Promise.all(Array.from({ length: 20 }, () => dial(t, place.port)))
  for (const [n, socket] of reset.entries()) {
    await new Promise((resolve) => socket.write(`<14>app: before the end of ${n}\n99 <14>app: half of ${n}`, resolve))
    await sleep(5)
    socket.resetAndDestroy()
  }
  await sleep(50)
  place.open()
  const expected = reset.flatMap((_, n) => [`before the end of ${n}`, `half of ${n}`])
  await until('all that was sent', () => expected.every((message) => place.messages().includes(message)), 5000)
  assert.equal(place.committed.filter(({ kind }) => kind === 'gap').length, reset.length)
})

test('what has arrived when the hub closes is taken', async (t) => {
  const place = await listening(t, listenTcp)
  const socket = await dial(t, place.port)
  socket.write('<14>app: one\n<14>app: not ended')
  const closed = once(socket, 'close')
  await until('the first', () => place.messages().includes('one'))
  await place.close()
  assert.deepEqual(place.messages(), ['one', 'not ended'])
  await closed
})
