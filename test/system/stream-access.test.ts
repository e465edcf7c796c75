// Dialects and Socket.IO on a hub with users: nobody is served unknown, each gets what is granted and no more, and a stream ends
// with the right to it.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'
import { dialects } from '../../src/dialects/index.ts'
import { startHub, until, type HubProcess } from '../hub-process.ts'

let hub: HubProcess
let authorization: string

before(async () => {
  const counting = (name: string): object => ({
    command: ['sh', '-c', `n=0; while :; do n=$((n+1)); echo ${name} says $n; sleep 0.05; done`],
  })
  hub = await startHub({ processes: { web: counting('web'), vault: counting('vault') } })
  for (const words of [
    ['user', 'add', 'mia'],
    ['token', 'add', 'board', '--may', 'read', '--source', 'web'],
  ]) {
    const { code, stdout, stderr } = await hub.command(...words)
    assert.equal(code, 0, stderr)
    authorization = `Bearer ${stdout.trim()}`
  }
  await until(
    'both have spoken',
    async () => (await hub.client.search({ query: 'source:vault says' })).records.length > 5,
  )
})
after(() => hub.close())

const address = (path: string): string => hub.url.replace('http', 'ws') + path

test('whoever is unknown is refused before any line', async () => {
  for (const path of dialects.flatMap(({ paths }) => paths)) {
    const [error] = (await once(new WebSocket(address(path)), 'error')) as [Error]
    assert.match(error.message, /401/, path)
  }
  const headers = { authorization: 'Bearer wrong' }
  const { status } = await fetch(`${hub.url}/api/socketio/?EIO=4&transport=polling`, { headers })
  assert.equal(status, 401)
})

test('Socket.IO takes the token from its handshake, as browsers can send it, and lets nobody in without', async () => {
  const token = authorization.replace('Bearer ', '')
  for (const namespace of ['', '/logs']) {
    for (const auth of [{}, { token: '' }, { token: 'wrong' }, { token: 5 }, { token: ` ${token}x` }]) {
      const client = io(hub.url + namespace, { auth, reconnection: false, forceNew: true })
      client.onAny(assert.fail)
      const error = await new Promise<Error & { data?: unknown }>((resolve) => client.on('connect_error', resolve))
      assert.match(error.message, /who asks/, JSON.stringify(auth))
      assert.equal((error.data as { code: string }).code, 'sign-in-needed')
      client.disconnect()
    }
    const client = io(hub.url + namespace, { auth: { token }, transports: ['websocket'], forceNew: true })
    await new Promise<void>((resolve) => client.on('connect', resolve))
    if (namespace === '') {
      const said: string[] = []
      client.on('cantina_event', ({ message }: { message: string }) => said.push(message))
      await until('lines', () => said.filter((text) => text.startsWith('web says')).length > 5)
      assert.ok(!said.some((text) => text.includes('vault')))
    }
    client.disconnect()
  }
})

test('a token for one source gets its lines alone, the recent ones as well, and is out when it is revoked', async () => {
  const said: Record<string, string> = {}
  const sockets = dialects.map(({ name, paths }) => {
    const socket = new WebSocket(address(paths[0]!), { headers: { authorization } })
    said[name] = ''
    socket.on('message', (data: Buffer) => (said[name] += data.toString()))
    return socket
  })
  said['socket.io'] = ''
  const client = io(hub.url, { extraHeaders: { authorization }, reconnection: false })
  // A session that the server ends is one that clients do not open again by themselves, to see what they may see now.
  client.on('disconnect', (reason) => assert.equal(reason, 'transport close'))
  client.onAny((...values: unknown[]) => (said['socket.io'] += JSON.stringify(values)))
  const closings = [...sockets, client].map(
    (each) => new Promise((resolve) => each.on('close', resolve).on('disconnect', resolve)),
  )
  await until('lines on each', () => Object.values(said).every((text) => text.split('web says').length > 20))
  const { code, stderr } = await hub.command('token', 'revoke', 'board')
  assert.equal(code, 0, stderr)
  await Promise.all(closings)
  for (const [name, text] of Object.entries(said)) assert.doesNotMatch(text, /vault/, name)
})
