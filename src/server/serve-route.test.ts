// The server has every route of the table.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { WebSocket } from 'ws'
import type { Storage } from '../contracts/storage.ts'
import { openStorage } from '../storage/open-storage.ts'
import { routes } from '../wire/routes.ts'
import { openServer, type RunningServer } from './open-server.ts'
import { memoryStorage, openTestHub } from './server-harness.ts'

let storage: Storage
let server: RunningServer

before(async () => {
  storage = await openStorage(memoryStorage)
  server = await openServer(openTestHub(storage), { port: 0 })
})

after(async () => {
  await server.close()
  await storage.close()
})

for (const [name, { method, path }] of Object.entries(routes))
  test(`${name} is served`, async () => {
    const url = server.url + path.replace(':name', 'web').replace(':action', 'stop')
    if (method === 'WebSocket') {
      const socket = new WebSocket(url)
      await once(socket, 'open')
      return socket.terminate()
    }
    const response = await fetch(url, { method })
    const text = path.endsWith('/follow') ? await response.body!.cancel() : await response.text()
    assert.ok(!/There is nothing at/.test(text ?? ''), text ?? '')
  })
