// The server has every route of the table.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { routes } from '../wire/routes.ts'
import { openTestServer } from './server-harness.ts'

const { server } = await openTestServer()

for (const [name, { method, path }] of Object.entries(routes))
  test(`${name} is served`, async () => {
    const url = server.url + path.replace(':name', 'web').replace(':action', 'stop').replace(':jobId', 'j')
    if (method === 'WebSocket') {
      const socket = new WebSocket(url)
      await once(socket, 'open')
      return socket.terminate()
    }
    const response = await fetch(url, { method })
    const text = path.endsWith('/follow') ? await response.body!.cancel() : await response.text()
    assert.ok(!/There is nothing at/.test(text ?? ''), text ?? '')
  })
