// An idle hub stays small: code that few hubs need is loaded when the first client comes that needs it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { io } from 'socket.io-client'
import { prepareHub, until } from '../hub-process.ts'

const preloaded = new URL('./list-modules.mjs', import.meta.url)

test('Socket.IO is loaded with its first client, containers where they are read, argon2 by nobody: it is part of Node', async (t) => {
  const hub = prepareHub({ processes: {} }, () => ({
    environment: { NODE_OPTIONS: `--import ${preloaded.href}`, LOADED_MODULES: 'modules' },
  }))
  t.after(() => hub.close())
  await hub.start()
  await hub.client.clients()
  const loaded = (): string => readFileSync(path.join(hub.directory, 'modules'), 'utf8')
  const late = /node_modules\/(socket\.io|engine\.io)|src\/dialects\/socket-io\/open-socket-io/
  assert.match(loaded(), /node_modules\/fastify\//)
  assert.doesNotMatch(loaded(), late)
  assert.doesNotMatch(loaded(), /node_modules\/[^\n]*argon2/)
  assert.doesNotMatch(loaded(), /src\/docker\/follow-containers/)

  const client = io(hub.url)
  t.after(() => client.disconnect())
  await until('it is connected', () => client.connected)
  assert.match(loaded(), late)
})
