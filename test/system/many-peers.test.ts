// Peers of which there are too many, or that ask and read nothing: each is served, told that there is no room, or let go, and
// the hub's own work goes on beside them.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { WebSocket } from 'ws'
import { prepareHub, until, type HubProcess, type HubProcessOptions } from '../hub-process.ts'
import { openQuiet, openUnreadEvents, openUnreadSocket } from './raw-follower.ts'
import { exchange, parseAnswer, rawRequest } from './raw-request.ts'

const printed = 5000
const printing = `let n = 0
const print = (count) => { let text = ''; for (; count > 0; count--) text += 'n=' + n++ + ' ' + 'x'.repeat(1000) + '\\n'; process.stdout.write(text) }
print(${printed}); setInterval(() => print(10), 100)`

async function open(
  context: TestContext,
  config: HubProcessOptions,
  limits?: { openFiles: number },
): Promise<HubProcess> {
  const under = limits && ['/bin/sh', '-c', `ulimit -n ${limits.openFiles}; exec "$@"`, 'sh']
  const hub = prepareHub(config, () => (under ? { under } : {}))
  context.after(() => hub.close())
  await hub.start()
  return hub
}

test('150 followers that never read take no memory to speak of; who reads gets every line, and all is captured', async (t) => {
  const hub = await open(t, { processes: { printer: { command: [process.execPath, '-e', printing] } } })
  const captured = async (n: number) => (await hub.client.search({ query: `n=${n}` })).records.length > 0
  await until('what was printed is stored', () => captured(printed - 1))
  const before = hub.memoryMb().now
  const deaf: Socket[] = []
  t.after(() => deaf.forEach((socket) => socket.destroy()))
  for (let i = 0; i < 75; i++) {
    deaf.push(await openUnreadEvents(hub.url, 'after=0'))
    deaf.push(await openUnreadSocket(hub.url, { after: 0, query: i % 2 ? '' : 'source:printer' }))
  }
  const seen = new Set<number>()
  const reader = hub.client.follow(
    { after: 0, query: 'source:printer' },
    { records: (records) => records.forEach(({ message }) => seen.add(Number(/^n=(\d+) /.exec(message)?.[1]))) },
  )
  t.after(() => reader.close())
  await until('a reader has them all, and what comes', () => seen.has(printed + 50), 60_000)
  for (let n = 0; n <= printed + 50; n++) assert.ok(seen.has(n), `line ${n} has not come`)
  assert.ok(await captured(printed + 50))
  const grown = Math.round(hub.memoryMb().peak - before)
  assert.ok(grown < 160, `the hub takes ${grown} MB more`)
})

test('with few files to open: the oldest idle connections go, too many followers are told so, and capturing goes on', async (t) => {
  const line = (text: string) => ['sh', '-c', `echo ${text} $$; exec sleep 600`]
  const hub = await open(t, { processes: { web: { command: line('hello') } } }, { openFiles: 300 })
  const { host } = new URL(hub.url)
  const sockets: Socket[] = []
  t.after(() => sockets.forEach((socket) => socket.destroy()))

  // More than the hub may have files: what is quiet for longest makes room for what comes.
  for (let i = 0; i < 400; i++) sockets.push((await openQuiet(hub.url)).resume())
  const isOpen = (socket: Socket) => !socket.destroyed && !socket.readableEnded
  await until('idle connections were closed', () => sockets.filter(isOpen).length <= 150)
  assert.ok(isOpen(sockets.at(-1)!), 'the newest was closed')
  assert.equal((await hub.client.sources()).find(({ name }) => name === 'web')?.state, 'running')
  // So many heads that are never finished: the same.
  for (let i = 0; i < 150; i++) {
    const socket = (await openQuiet(hub.url)).resume()
    socket.write(`GET /api/v1/hub HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `)
    sockets.push(socket)
  }
  assert.ok((await hub.client.hub()).session)

  // Followers: so many, and the next is told, in the way that each of them understands.
  const followers: WebSocket[] = []
  t.after(() => followers.forEach((socket) => socket.terminate()))
  let refused: { frame: { error: { code: string; hint: string } }; code: number } | undefined
  while (!refused && followers.length < 200) {
    const socket = new WebSocket(
      `${hub.url.replace('http', 'ws')}/api/v1/${followers.length % 2 ? 'status' : 'follow'}`,
    )
    followers.push(socket)
    const message = once(socket, 'message')
    await once(socket, 'open')
    if (followers.length % 2) socket.send('{"limit":0}')
    const [data] = (await message) as [Buffer]
    const frame = JSON.parse(data.toString()) as { type: string; error: { code: string; hint: string } }
    if (frame.type === 'error') refused = { frame, code: ((await once(socket, 'close')) as [number])[0] }
  }
  assert.ok(refused, 'no follower is one too many')
  assert.deepEqual([refused.frame.error.code, refused.code], ['too-many', 1013])
  assert.match(refused.frame.error.hint, /again/)
  const events = await rawRequest(hub.url, { target: '/api/v1/follow', headers: [`Host: ${host}`] }, (text) =>
    text.includes('\r\n\r\n'),
  )
  assert.deepEqual([events.status, events.headers['content-type']], [503, 'application/json; charset=utf-8'])
  assert.match(events.headers['retry-after'] ?? '', /^\d+$/)

  // Questions and the hub's own work find room beside them.
  assert.equal((await hub.client.control('web', 'restart')).state, 'running')
  await until('what the process printed is stored', async () => {
    return (await hub.client.search({ query: 'kind:system hello source:web' })).records.length === 2
  })
  const [first] = followers
  first!.terminate()
  await until('a place is free again', async () => {
    const text = await exchange(hub.url, `GET /api/v1/follow HTTP/1.1\r\nHost: ${host}\r\n\r\n`, (all) =>
      all.includes('\r\n\r\n'),
    )
    return parseAnswer(text).status === 200
  })
})

test('one socket that asks 20,000 times is told so and closed; an error inside shows nothing of the inside', async (t) => {
  const hub = await open(t, { processes: { web: { command: ['sleep', '600'] } } })
  const requests = Array.from({ length: 20_000 }, (_, index) => ({ query: `word${index}` }))
  const socket = await openUnreadSocket(hub.url, ...requests)
  t.after(() => socket.destroy())
  let received = ''
  socket
    .setEncoding('latin1')
    .on('data', (data: string) => (received += data))
    .resume()
  await until('the socket is closed', () => socket.destroyed || socket.readableEnded)
  assert.match(received, /"code":"too-often"/)
  assert.ok(received.includes(`\u0003\u00f0too-often`), 'the close frame says 1008 and why')
  assert.ok((await hub.client.hub()).session)

  // What fails inside shows nothing of the inside, and is told once in the hub's log.
  const store = path.join(hub.stateDirectory, 'store')
  renameSync(store, `${store}-away`)
  writeFileSync(store, '')
  const { host } = new URL(hub.url)
  for (const target of [
    '/api/v1/search',
    '/api/v1/search?query=x',
    '/api/v1/summary',
    '/api/v1/context?id=1',
    '/api/v1/export',
    '/api/v1/follow',
  ]) {
    const { status, body } = await rawRequest(hub.url, { target, headers: [`Host: ${host}`] })
    assert.match(body, target.includes('export') ? /^/ : /"code":"internal".*"hint":"[^"]+"/, target)
    assert.doesNotMatch(body, /\n?\s+at |\.ts\b|\/tmp\/|ENOTDIR|node:/, target)
    if (!/export|follow/.test(target)) assert.equal(status, 500, target)
  }
  // Sealing may have met it, too, and says so in words of its own.
  assert.equal(hub.console().match(/A request failed: ENOTDIR/g)?.length, 1, hub.console())
})
