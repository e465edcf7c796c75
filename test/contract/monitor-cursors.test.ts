// Cursors of `/ws/monitor`: only for clients that ask for them, and enough to resume.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, test } from 'node:test'
import { WebSocket } from 'ws'
import { severities } from '../../src/contracts/record.ts'
import type { Entry } from '../../src/contracts/source-storage.ts'
import { openServer } from '../../src/server/open-server.ts'
import { memoryStorage, openTestHub } from '../../src/server/server-harness.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import { until } from '../hub-process.ts'

const storage = await openStorage(memoryStorage)
const server = await openServer(openTestHub(storage), { port: 0 })
after(async () => {
  await server.close()
  await storage.close()
})

const push = (...entries: Entry[]) =>
  storage.ofSource('app').push(
    { run: 1, pid: 7 },
    entries.map((entry) => ({ severity: severities.INFO, ...entry })),
  )

interface Client {
  socket: WebSocket
  messages: { type: string; data: { message: string }; cursor?: number }[]
}

async function open(parameters: string): Promise<Client> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/monitor${parameters}`)
  const client: Client = { socket, messages: [] }
  socket.on('message', (data: Buffer) => client.messages.push(JSON.parse(data.toString()) as Client['messages'][0]))
  await once(socket, 'open')
  return client
}

const isLive = ({ messages }: Client) =>
  until('it is live', async () => {
    await push({ message: 'probe' })
    return messages.length > 0
  })

test('without being asked no message has one', async () => {
  const client = await open('')
  await isLive(client)
  for (const message of client.messages) assert.deepEqual(Object.keys(message), ['type', 'data'])
  client.socket.terminate()
})

test('a client that asks for cursors resumes behind the last one', async () => {
  const first = await open('?cursors=true')
  await isLive(first)
  const { cursor } = first.messages[0]!
  assert.equal(typeof cursor, 'number')
  first.socket.terminate()
  await push({ message: 'a' }, { message: 'b', kind: 'audit' })
  const second = await open(`?after=${cursor}`)
  const texts = (): string[] => second.messages.map(({ data }) => data.message).filter((text) => text !== 'probe')
  await until('the last line', () => texts().includes('b'))
  assert.deepEqual(texts(), ['a', 'b'])
  const cursors = second.messages.map((message) => message.cursor!)
  assert.ok(cursors.every((each, index) => each > (cursors[index - 1] ?? cursor!)))
  second.socket.terminate()
})
