// Socket.IO as its clients speak it: the main namespace and `/logs`, at both paths, over both transports, each event word for word.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { io, type Socket } from 'socket.io-client'
import type { LogInitialEvent } from '../../src/client/index.ts'
import type { Job, Jobs } from '../../src/contracts/job.ts'
import { severities } from '../../src/contracts/record.ts'
import type { Entry } from '../../src/contracts/source-storage.ts'
import { openServer } from '../../src/server/open-server.ts'
import { memoryStorage, openTestHub } from '../../src/server/server-harness.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import { until } from '../hub-process.ts'

const job: Job = {
  jobId: '7',
  userId: 'u1',
  orchestratorId: 'o1',
  source: 'build',
  run: 1,
  status: 'RUNNING',
  startedAt: Date.parse('2026-01-01T00:00:00Z'),
}
const listeners = new Set<(job: Job) => void>()
const jobs: Jobs = {
  find: (id) => (id === job.jobId ? job : undefined),
  list: () => [job],
  onRegister: () => () => undefined,
  onChange(listener) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

const storage = await openStorage(memoryStorage)
const hub = openTestHub(storage)
hub.jobs = { ...hub.jobs, ...jobs }
const server = await openServer(hub, { port: 0, streaming: { deduplicationWindowMs: 200 } })
const sockets: Socket[] = []
after(async () => {
  for (const socket of sockets) socket.disconnect()
  await server.close()
  await storage.close()
})

const push = (source: string, ...entries: Entry[]) =>
  storage.ofSource(source).push(
    { run: 1, pid: 7 },
    entries.map((entry) => ({ severity: severities.INFO, ...entry })),
  )

interface Client {
  socket: Socket
  events: [name: string, ...values: unknown[]][]
  named(name: string): Record<string, unknown>[]
}

function open(namespace = '', options: Parameters<typeof io>[1] = {}): Client {
  const socket = io(server.url + namespace, { forceNew: true, ...options })
  sockets.push(socket)
  const client: Client = {
    socket,
    events: [],
    named: (name) => client.events.filter(([own]) => own === name).map(([, data]) => data as Record<string, unknown>),
  }
  socket.onAny((name: string, ...values: unknown[]) => client.events.push([name, ...values]))
  return client
}

const said = ({ named }: Client) => named('cantina_event').map(({ message }) => message as string)

for (const path of ['/socket.io', '/api/socketio'])
  for (const transport of ['websocket', 'polling']) {
    test(`${path} over ${transport}: each line once, as cantina_event, the recent ones first`, async () => {
      const word = `${path} ${transport}`
      await push('gpt_service', { message: `before ${word}` })
      const client = open('', { path, transports: [transport] })
      await until('the recent line', () => said(client).includes(`before ${word}`))
      await push('gpt_service', { message: `a ${word}` }, { message: `b ${word}`, severity: severities.DEBUG })
      await push('gpt_service', { message: 'exited with code 1', kind: 'event' }, { message: `c ${word}` })
      await until('the last line', () => said(client).includes(`c ${word}`))
      assert.deepEqual(said(client).slice(-3), [`a ${word}`, '[event] gpt_service exited with code 1', `c ${word}`])
      for (const [name, data, offset, ...more] of client.events) {
        assert.deepEqual([name, more], ['cantina_event', []])
        assert.deepEqual(Object.keys(data as object), ['timestamp', 'level', 'service', 'message', 'topic'])
        assert.match(offset as string, /^\d+$/)
      }
      assert.equal(client.named('cantina_event').at(-1)!['service'], 'Gpt Service')
      client.socket.disconnect()
    })
  }

test('a client of Python’s kind gets no offset behind the data', async () => {
  const client = open('', { transports: ['polling'], extraHeaders: { 'user-agent': 'python-requests/2.28' } })
  await push('web', { message: 'for python' })
  await until('the line', () => said(client).includes('for python'))
  assert.ok(client.events.every((event) => event.length === 2))
  client.socket.disconnect()
})

test('a client whose connection breaks resumes where it was', async () => {
  const client = open('', { transports: ['websocket'], reconnectionDelay: 10 })
  await push('web', { message: 'whole' })
  await until('a line', () => said(client).includes('whole'))
  const before = client.events.length
  client.socket.io.engine.close()
  await push('web', { message: 'broken off' })
  await until('the line of the time between', () => said(client).includes('broken off'))
  assert.equal(client.socket.recovered, true)
  assert.deepEqual(said(client).slice(before), ['broken off'])
  client.socket.disconnect()
})

test('whoever asks for logs again and again is told so, and served on', async () => {
  const client = open('/logs', { auth: { userId: 'u1' } })
  for (let times = 0; times < 200; times++) client.socket.emit('subscribe', { jobId: '7' })
  await until('a refusal', () => client.named('error').some(({ message }) => /too often/.test(String(message))))
  assert.ok(client.named('log:initial').length <= 60, `${client.named('log:initial').length}`)
  client.socket.disconnect()
})

test('/logs: the log so far, each line, each change, and no more after unsubscribe', async () => {
  await push('build', { message: 'one' }, { message: 'two \u001b[31mred\u001b[0m', stream: 'stderr' })
  const client = open('/logs', { auth: { userId: 'u1' } })
  client.socket.emit('subscribe', { logId: 7 })
  await until('the log so far', () => client.named('log:initial').length > 0)
  assert.deepEqual(client.named('log:initial')[0], {
    logId: 7,
    status: 'RUNNING',
    output: 'one\ntwo \u001b[31mred\u001b[0m',
    error: 'two \u001b[31mred\u001b[0m',
    startTime: '2026-01-01T00:00:00.000Z',
    endTime: null,
    duration: null,
  } satisfies LogInitialEvent)
  await push('build', { message: 'three', stream: 'stderr', time: 1000 })
  await push('other', { message: 'of another' })
  await until('a line', () => client.named('log:line').length > 0)
  const line = { logId: 7, jobId: '7', line: 'three', stream: 'stderr', timestamp: '1970-01-01T00:00:01.000Z' }
  assert.deepEqual(client.named('log:line'), [line])
  const ended = { ...job, status: 'COMPLETED', endedAt: job.startedAt + 5000, exitCode: 0 }
  for (const listener of listeners) listener(ended)
  await until('the change', () => client.named('log:update').length > 0)
  const { timestamp: _, ...update } = client.named('log:update')[0]!
  assert.deepEqual(update, {
    logId: 7,
    status: 'COMPLETED',
    timing: { startedAt: '2026-01-01T00:00:00.000Z', completedAt: '2026-01-01T00:00:05.000Z', duration: 5000 },
    execution: { exitCode: 0, status: 'COMPLETED' },
  })
  client.socket.emit('unsubscribe', { logId: 7 })
  client.socket.emit('subscribe', { jobId: 'none' })
  await until('an answer', () => client.named('error').length > 0)
  await push('build', { message: 'four' })
  client.socket.emit('subscribe', { jobId: '7' })
  await until('the log anew', () => client.named('log:initial').length > 1)
  assert.equal(client.named('log:line').length, 1)
  assert.match(client.named('log:initial')[1]!['output'] as string, /\nfour$/)
  assert.ok(client.events.every((event) => event.length === 2))
  client.socket.disconnect()
})

test('/logs: what is not there, not one’s own, or not said is told as an error', async () => {
  const client = open('/logs', { auth: { userId: 'another' } })
  for (const asked of [{ logId: 99 }, { logId: 7 }, {}, 'nothing', undefined]) client.socket.emit('subscribe', asked)
  await until('five answers', () => client.named('error').length === 5)
  assert.deepEqual(
    client.named('error').map(({ message }) => message),
    ['Log not found', 'Access denied', ...Array.from({ length: 3 }, () => 'logId or jobId is missing')],
  )
  client.socket.disconnect()
})

test('join:log on the main namespace gives the lines of a job beside the events', async () => {
  const client = open()
  client.socket.emit('join:log', { jobId: '7' })
  client.socket.emit('join:log', { jobId: 'none' })
  await until('that it is joined', () => client.named('error').length > 0)
  for (let n = 0; client.named('log:line').length === 0; n++) {
    await push('build', { message: `joined ${n}` })
    await until('a turn', () => new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 30)))
  }
  const { timestamp: _, line: _line, ...data } = client.named('log:line')[0]!
  assert.deepEqual(data, { logId: '7', jobId: '7', stream: 'stdout' })
  client.socket.emit('leave:log', { jobId: '7' })
  client.socket.emit('join:log', {})
  await until('that it is left', () => client.named('error').length > 1)
  const lines = client.named('log:line').length
  await push('build', { message: 'after leaving' })
  await until('the event', () => said(client).includes('after leaving'))
  assert.equal(client.named('log:line').length, lines)
  client.socket.disconnect()
})
