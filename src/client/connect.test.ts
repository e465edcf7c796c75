import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { setImmediate as breathe } from 'node:timers/promises'
import { openServer, type RunningServer } from '../server/open-server.ts'
import { memoryStorage, openTestHub, type TestHub } from '../server/server-harness.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../contracts/storage.ts'
import { connect, type ConnectionState, type FollowHandlers, type LogRecord, type Subscription } from './index.ts'

let storage: Storage
let hub: TestHub
let server: RunningServer

before(async () => {
  storage = await openStorage(memoryStorage)
  hub = openTestHub(storage)
  server = await openServer(hub, { port: 0 })
})

after(async () => {
  await server.close()
  await storage.close()
})

/** Waits for `test` to hold after some call of a handler. */
function observed(): { seen(): void; until(test: () => boolean): Promise<void> } {
  let notify: (() => void) | undefined
  return {
    seen: () => notify?.(),
    async until(test) {
      while (!test()) await new Promise<void>((resolve) => (notify = resolve))
    },
  }
}

test('asks, controls and searches', async () => {
  await hub.log('alpha', 'beta')
  const client = connect(`${server.url}/`)
  assert.equal((await client.hub()).session, 'test-session')
  assert.equal((await client.sources())[0]!.name, 'web')
  assert.equal((await client.control('web', 'stop')).name, 'web')
  const { records, more } = await client.search({ query: 'alpha', order: 'oldest', limit: 5 })
  assert.deepEqual([records.map((record) => record.message), more], [['alpha'], false])
  await client.shutdown({ keep: true })
  while (hub.closings.length === 0) await new Promise(setImmediate)
  assert.deepEqual(hub.closings, [{ keep: true }])
})

test('errors come as they were thrown, with code, hint and place', async () => {
  const client = connect(server.url)
  await assert.rejects(
    client.search({ query: 'a AND (' }),
    (error: { code: string; hint: string; position: object }) => {
      assert.equal(error.code, 'query-invalid')
      assert.ok(error.hint && error.position)
      return true
    },
  )
  await assert.rejects(client.control('nobody', 'start'), { code: 'unknown-source' })
  await assert.rejects(connect('http://127.0.0.1:1').hub(), { code: 'not-running' })
})

/** A server that closes the second request on each connection without a word; gives the requests' methods as they came. */
async function openCloser(t: { after(work: () => void): void }): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const closer = createServer((request, response) => {
    asked.push(request.method!)
    const socket = request.socket as Socket & { isUsed?: boolean }
    if (socket.isUsed) return void socket.destroy()
    socket.isUsed = true
    response.setHeader('content-type', 'application/json').end('{"sources":[],"results":[]}')
  })
  closer.listen(0, '127.0.0.1')
  await once(closer, 'listening')
  t.after(() => closer.close().closeAllConnections())
  return { url: `http://127.0.0.1:${(closer.address() as AddressInfo).port}`, asked }
}

test('what is only read is asked once more when the hub closes a quiet connection meanwhile', async (t) => {
  const { url, asked } = await openCloser(t)
  const client = connect(url)
  await client.sources()
  await breathe()
  assert.deepEqual(await client.sources(), [])
  assert.deepEqual(asked, ['GET', 'GET', 'GET'])
})

test('what changes something is never asked twice', async (t) => {
  const { url, asked } = await openCloser(t)
  const client = connect(url)
  await client.sources()
  await breathe()
  await assert.rejects(client.scale({ name: 'web', instances: 2 }), { code: 'not-running' })
  assert.deepEqual(asked, ['GET', 'POST'])
})

test('a follow over reconnects and a hub away gets every line once and in order', async () => {
  const port = Number(new URL(server.url).port)
  const start = storage.head()
  const records: LogRecord[] = []
  const states: ConnectionState[] = []
  const { seen, until } = observed()
  const handlers: FollowHandlers = {
    records(fresh) {
      records.push(...fresh)
      seen()
    },
    state(state) {
      states.push(state)
      seen()
    },
  }
  const subscription = connect(server.url).follow({ after: start }, handlers)
  await until(() => states.at(-1) === 'live')
  for (let round = 0; round < 3; round++) {
    await hub.log('while connected')
    await hub.log('in flight')
    await server.close()
    await hub.log('while away')
    await until(() => states.at(-1) === 'lost')
    server = await openServer(hub, { port })
    await until(() => states.at(-1) === 'live')
  }
  await hub.log('the last')
  await until(() => records.at(-1)?.message === 'the last')
  subscription.close()
  assert.deepEqual(
    records.map(({ id }) => id),
    Array.from({ length: storage.head() - start }, (_, index) => start + 1 + index),
  )
  const round = ['lost', 'history', 'live']
  assert.deepEqual(
    states,
    ['connecting', 'history', 'live', ...round, ...round, ...round, 'lost'].slice(0, states.length),
  )
})

test('a follow with a wrong query tells the error and does not try again', async () => {
  const { seen, until } = observed()
  const errors: string[] = []
  const states: ConnectionState[] = []
  connect(server.url).follow(
    { query: '(' },
    {
      records: () => assert.fail('no records'),
      state: (state) => void states.push(state),
      error(error) {
        errors.push(error.code)
        seen()
      },
    },
  )
  await until(() => errors.length > 0)
  assert.deepEqual(errors, ['query-invalid'])
  assert.ok(!states.includes('live'))
})

test('status is pushed, and comes back after the hub was away', async () => {
  const port = Number(new URL(server.url).port)
  const { seen, until } = observed()
  const states: ConnectionState[] = []
  let restarts = -1
  const subscription: Subscription = connect(server.url).status({
    status({ sources }) {
      restarts = sources[0]!.restarts
      seen()
    },
    state(state) {
      states.push(state)
      seen()
    },
  })
  await until(() => restarts === hub.actions.length)
  await server.close()
  await until(() => states.at(-1) === 'lost')
  hub.actions.push('restart')
  server = await openServer(hub, { port })
  await until(() => restarts === hub.actions.length)
  subscription.close()
})

test('nothing the client is made of needs Node', async () => {
  const files = new Set([join(import.meta.dirname, 'index.ts')])
  for (const file of files) {
    const text = await readFile(file, 'utf8')
    assert.doesNotMatch(text, /from '[^.]|\bBuffer\.|\bprocess\.[a-z]/, file)
    for (const [, path] of text.matchAll(/^(?:import|export) (?!type)[^']*from '(\..*)'/gm))
      files.add(join(dirname(file), path!))
  }
  assert.ok(files.size > 5)
})
