// One suite over the list of dialects: what each sends is what clients of the original systems understand, to the last key, whatever
// happens: lines of every kind, gaps, repeats, messages that nobody knows, a client that does not read.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { Entry } from '../../src/contracts/source-storage.ts'
import { severities } from '../../src/contracts/record.ts'
import { dialects } from '../../src/dialects/index.ts'
import type { StreamSettings } from '../../src/server/live/open-streaming.ts'
import { openServer, type RunningServer } from '../../src/server/open-server.ts'
import { memoryStorage, openTestHub } from '../../src/server/server-harness.ts'
import { connect } from '../../src/client/index.ts'
import { until } from '../hub-process.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import type { LogStreamMessage, MonitorMessage } from '../../src/client/index.ts'

type Message = Record<string, unknown>

const levels = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']
const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/

/** Fails on anything that a client of the original would not understand; gives the message's text. */
const readers: Record<string, (message: Message) => string | undefined> = {
  log_stream(message) {
    if (message.type === 'ping' || message.type === 'pong') {
      assert.deepEqual(Object.keys(message), ['type', 'timestamp'])
      return undefined
    }
    const { type, data, ...rest } = message as Extract<LogStreamMessage, { type: 'log_stream' }>
    assert.deepEqual([type, rest], ['log_stream', {}])
    assert.deepEqual(Object.keys(data).sort(), ['level', 'message', 'process_id', 'source', 'timestamp'])
    assert.ok(levels.slice(0, 4).includes(data.level), data.level)
    assert.ok(data.timestamp > 1.5e9 && data.timestamp < 1e10)
    assert.match(data.process_id, /^\d+$/)
    return data.message
  },
  monitor: readMonitor,
  logs: readMonitor,
  events({ event, data, ...rest }) {
    assert.deepEqual([event, rest], ['cantina_event', {}])
    assert.deepEqual(Object.keys(data as Message), ['timestamp', 'level', 'service', 'message', 'topic'])
    const { timestamp, level, message, topic } = data as Message
    assert.match(timestamp as string, local)
    assert.ok(levels.includes(level as string))
    assert.equal(topic, 'system_log')
    return message as string
  },
}

function readMonitor(message: Message): string {
  // Cursors come where they are asked for: see monitor-cursors.test.ts.
  const { type, data, cursor: _, ...rest } = message as unknown as MonitorMessage
  assert.deepEqual(rest, {})
  assert.match(data.timestamp, utc)
  assert.ok(levels.includes(data.level))
  assert.equal(typeof data.logger, 'string')
  if (type === 'audit_log') {
    const known = ['timestamp', 'level', 'logger', 'message', 'action', 'metadata', 'instance_id', 'event_type']
    for (const key of Object.keys(data)) assert.ok(known.includes(key), key)
  } else {
    assert.equal(type, 'system_log')
    assert.deepEqual([typeof data.module, typeof data.function, typeof data.line], ['string', 'string', 'number'])
  }
  return data.message
}

const storage = await openStorage(memoryStorage)
const hub = openTestHub(storage)
const servers: RunningServer[] = []
after(async () => {
  for (const server of servers) await server.close()
  await storage.close()
})

async function serve(streaming: Partial<StreamSettings> = {}): Promise<string> {
  const server = await openServer(hub, { port: 0, streaming })
  servers.push(server)
  return server.url.replace('http', 'ws')
}

const url = await serve({ deduplicationWindowMs: 200 })

interface Client {
  socket: WebSocket
  messages: Message[]
  texts(): string[]
  until(test: (client: Client) => boolean): Promise<void>
}

async function open(path: string, base = url): Promise<Client> {
  const socket = new WebSocket(base + path)
  const { name } = dialects.find(({ paths }) => paths.includes(path.split('?', 1)[0]!))!
  const client: Client = {
    socket,
    messages: [],
    texts: () => client.messages.map((message) => readers[name]!(message)).filter((text) => text !== undefined),
    async until(holds) {
      while (!holds(client)) await once(socket, 'message', { signal: AbortSignal.timeout(20_000) })
    },
  }
  socket.on('message', (data: Buffer, isBinary) => {
    assert.equal(isBinary, false)
    client.messages.push(...[JSON.parse(data.toString()) as Message].flat())
  })
  await once(socket, 'open')
  return client
}

const push = (source: string, entries: Entry[]) =>
  storage.ofSource(source).push(
    { run: 1, pid: 77 },
    entries.map((entry) => ({ severity: severities.INFO, ...entry })),
  )
const has = (part: string) => (client: Client) => client.texts().some((text) => text.includes(part))

/** Waits until the client is live: a line that is written again and again arrives. */
async function live(client: Client, word: string): Promise<void> {
  const arrived = client.until(has(word))
  let done = false
  void arrived.then(() => (done = true))
  for (let n = 0; !done; n++) {
    await push('probe', [{ message: `${word} ${n}` }])
    await Promise.race([arrived, delay(30)])
  }
  await arrived
}

// First, since memory has room for ten sources' hundred lines.
test('/ws: what recently came of each process comes first, and once more when it is asked for', async () => {
  for (const source of ['busy', 'quiet'])
    for (let n = 0; n < (source === 'busy' ? 150 : 3); n++) await push(source, [{ message: `${source} ${n}` }])
  const recent = (client: Client, source: string) => client.texts().filter((text) => text.startsWith(`${source} `))
  const client = await open('/ws')
  await client.until(has('busy 149'))
  assert.deepEqual(
    recent(client, 'busy'),
    Array.from({ length: 100 }, (_, index) => `busy ${index + 50}`),
  )
  assert.deepEqual(recent(client, 'quiet'), ['quiet 0', 'quiet 1', 'quiet 2'])
  client.messages.length = 0
  client.socket.send('{"type":"get_recent_messages"}')
  await client.until(has('busy 149'))
  assert.equal(recent(client, 'busy').length, 100)
  client.socket.terminate()
})

test('/ws/logs: the last 100 of each type come first', async () => {
  for (let n = 0; n < 120; n++)
    await push('both', [{ message: `system ${n}` }, { message: `audit ${n}`, kind: 'audit' }])
  const client = await open('/ws/logs')
  await client.until(has('audit 119'))
  for (const type of ['system_log', 'audit_log']) {
    const own = client.messages.filter((message) => message.type === type)
    assert.equal(own.length, 100, type)
  }
  client.socket.terminate()
})

const sourcesOfFlood = 100
const linesOfFlood = 100

for (const dialect of dialects) {
  for (const path of dialect.paths) {
    test(`${path}: lines of every level and kind, and no other words`, async () => {
      const client = await open(path)
      await live(client, `begin ${path}`)
      client.messages.length = 0
      const word = `of ${path}`
      await push('game_control', [
        { message: `critical ${word}`, severity: severities.CRITICAL },
        { message: `\u001b[31mred\u001b[0m ${word}`, severity: severities.ERROR },
        { message: `trace ${word}`, severity: severities.TRACE },
        { message: `debug ${word}`, severity: severities.DEBUG },
        { message: `dotted ${word}`, extras: { logger: 'gpt_service.inner', fields: { instance_id: 'i1', line: 3 } } },
        {
          message: `audited ${word}`,
          kind: 'audit',
          extras: { fields: { action: 'error', metadata: { a: 1 }, more: 1 } },
        },
        { message: 'exited with code 1', kind: 'event', severity: severities.ERROR },
        { message: `17 lines missing: ${word}`, kind: 'gap', severity: severities.WARNING },
      ])
      await client.until(has('17 lines missing'))
      assert.deepEqual(
        client.texts().filter((text) => !text.startsWith('begin')),
        [
          `critical ${word}`,
          `red ${word}`,
          `dotted ${word}`,
          `audited ${word}`,
          '[event] game_control exited with code 1',
          `[gap] 17 lines missing: ${word}`,
        ],
      )
      client.socket.terminate()
    })
  }

  const path = dialect.paths[0]!

  test(`${path}: unknown messages are passed over`, async () => {
    const client = await open(path)
    for (const message of ['no json', '{"type":"unheard of"}', '[]', 'null', '3']) client.socket.send(message)
    client.socket.send(Buffer.from([1, 2, 3]))
    await live(client, `after nonsense ${path}`)
    assert.equal(client.socket.readyState, WebSocket.OPEN)
    client.socket.terminate()
  })

  test(`${path}: DEBUG when it is asked for`, async () => {
    for (const asked of ['debug=true', 'level=debug']) {
      const client = await open(`${path}?${asked}`)
      await live(client, `begin ${asked}`)
      await push('game_control', [{ message: `detail ${path} ${asked}`, severity: severities.DEBUG }])
      await client.until(has(`detail ${path} ${asked}`))
      client.socket.terminate()
    }
  })

  test(`${path}: what a client that does not read misses is told as lines, to the last one`, async () => {
    const client = await open(path)
    await live(client, `begin slow ${path}`)
    client.messages.length = 0
    client.socket.pause()
    const wide = 'x'.repeat(2000)
    for (let n = 0; n < sourcesOfFlood; n++)
      await push(
        `flood-${n}`,
        Array.from({ length: linesOfFlood }, (_, i) => ({ message: `flood ${path} ${i} ${wide}` })),
      )
    const told = (): number =>
      client.texts().reduce((sum, text) => {
        const [, missing] = /^\[gap\] (\d+) lines? missing: /.exec(text) ?? []
        return sum + (missing === undefined ? Number(text.startsWith(`flood ${path}`)) : Number(missing))
      }, 0)
    client.socket.resume()
    await client.until(() => told() >= sourcesOfFlood * linesOfFlood)
    assert.equal(told(), sourcesOfFlood * linesOfFlood)
    assert.ok(has('did not keep up')(client))
    client.socket.terminate()
  })
}

test('/ws: pings are answered, and after silence the hub pings', async () => {
  const client = await open('/ws', await serve({ silenceMs: 50, isStreaming: false }))
  client.socket.send('{"type":"ping","timestamp":123}')
  await client.until(({ messages }) => messages.some(({ type }) => type === 'ping'))
  assert.deepEqual(client.messages[0], { type: 'pong', timestamp: 123 })
  assert.deepEqual(client.texts(), [])
  client.socket.terminate()
})

test('/ws: more than 100 lines of a process in a second are held back and counted', async () => {
  const client = await open('/ws')
  await live(client, 'begin rate')
  client.messages.length = 0
  const observed = Math.floor(Date.now() / 1000)
  await push(
    'noisy',
    Array.from({ length: 130 }, (_, n) => ({ message: `noise ${n}` })),
  )
  await client.until(has('missing: more came'))
  const shown = client.texts().filter((text) => text.startsWith('noise')).length
  // A second may have begun in between.
  if (Math.floor(Date.now() / 1000) === observed) assert.equal(shown, 100)
  const gap = client.messages.find(({ data }) => /missing/.test((data as Message).message as string))!
  assert.equal(
    (gap.data as Message).message,
    `[gap] ${130 - shown} lines missing: more came in a second than this stream shows`,
  )
  assert.deepEqual([(gap.data as Message).source, (gap.data as Message).level], ['noisy', 'WARNING'])
  client.socket.terminate()
})

test('/ws/events: repeats within the window are one line with their count, of their service', async () => {
  const client = await open('/ws/events')
  await live(client, 'begin repeats')
  client.messages.length = 0
  const line: Entry = { message: 'the same again', extras: { logger: 'voice_loop.main' } }
  await push(
    'assistant',
    Array.from({ length: 8 }, () => line),
  )
  await client.until(has('[repeats]'))
  assert.deepEqual(client.texts(), ['the same again', '[repeats] 7 more times: the same again'])
  assert.deepEqual(
    client.messages.map(({ data }) => (data as Message).service as string),
    ['Voice Loop', 'Voice Loop'],
  )
  client.socket.terminate()
})

test('/api/v1/clients counts what each was given, and what not', async () => {
  const client = await open('/ws')
  await live(client, 'begin counting')
  // More than two seconds' worth.
  await push(
    'counted',
    Array.from({ length: 250 }, (_, n) => ({ message: `counted ${n}` })),
  )
  const own = async () => {
    const { clients } = await connect(url.replace('ws', 'http')).clients()
    return clients.find(({ stream, dropped }) => stream.startsWith('log_stream') && (dropped['rate-limit'] ?? 0) > 0)
  }
  const found = await until('what was held back', own)
  assert.ok(found.delivered >= 100 && found.lag >= 0 && found.queueBytes >= 0 && found.since <= Date.now())
  client.socket.terminate()
  await until('it is gone', async () => (await own()) === undefined)
})

test('/ws/events?topic=/dashboard/log: the plain event, each with an id of its own', async () => {
  await push('plain', [{ message: 'plain 1' }, { message: 'plain 2' }])
  const socket = new WebSocket(`${url}/ws/events?topic=/dashboard/log`)
  const seen: Message[] = []
  socket.on('message', (data: Buffer) => seen.push(JSON.parse(data.toString()) as Message))
  while (!seen.some(({ message }) => message === 'plain 2')) await once(socket, 'message')
  for (const message of seen)
    assert.deepEqual(Object.keys(message), ['timestamp', 'level', 'service', 'message', 'session_id', 'entry_id'])
  assert.equal(new Set(seen.map(({ entry_id: id }) => id as string)).size, seen.length)
  socket.terminate()
})

test('/ws/monitor: fields keep their places and names', async () => {
  const client = await open('/ws/monitor')
  await live(client, 'begin fields')
  client.messages.length = 0
  await push('app', [
    { message: 'a', extras: { logger: 'x.y', fields: { module: 'm', funcName: 'f', lineno: 7, instance_id: 'i' } } },
    {
      message: 'b',
      kind: 'audit',
      extras: { fields: { action: 'error', metadata: { k: [1] }, event_type: 'e', x: 1 } },
    },
  ])
  await client.until(has('b'))
  const [a, b] = client.messages.map(({ data }) => ({ ...(data as Message), timestamp: '' }))
  const place = { module: 'm', function: 'f', line: 7 }
  assert.deepEqual({ ...a }, { timestamp: '', level: 'INFO', logger: 'x.y', message: 'a', ...place, instance_id: 'i' })
  const known = { action: 'error', metadata: { k: [1] }, event_type: 'e' }
  assert.deepEqual({ ...b }, { timestamp: '', level: 'INFO', logger: 'app', message: 'b', ...known })
  client.socket.terminate()
})

test('/ws/monitor: level, logger, source and text, by address or by message', async () => {
  await push('chosen', [
    { message: 'needle one', severity: severities.ERROR, extras: { logger: 'a.b' } },
    { message: 'needle two', severity: severities.ERROR, extras: { logger: 'c' } },
    { message: 'needle three', extras: { logger: 'a.b' } },
    { message: 'hay', severity: severities.ERROR, extras: { logger: 'a.b' } },
  ])
  const wanted = { level: 'error', logger: 'a.*', source: 'cho*', text: 'needle', replay: 50 }
  const parameters = new URLSearchParams(Object.entries(wanted).map(([name, value]) => [name, `${value}`]))
  const byAddress = await open(`/ws/monitor?${parameters}`)
  const byMessage = await open('/ws/monitor')
  byMessage.socket.send(JSON.stringify({ type: 'subscribe', ...wanted }))
  for (const client of [byAddress, byMessage]) {
    await client.until(has('needle'))
    await push('chosen', [{ message: 'last needle', severity: severities.ERROR, extras: { logger: 'a.z' } }])
    await client.until(has('last needle'))
    assert.ok(!client.texts().some((text) => /two|three|hay/.test(text)))
    client.socket.terminate()
  }
})

test('/ws/monitor: batches and compression when they are asked for', async () => {
  const head = storage.head()
  await push(
    'packed',
    Array.from({ length: 50 }, (_, n) => ({ message: `packed ${n}` })),
  )
  for (const asked of ['batch=true', 'compress=true', 'batch=true&compress=true']) {
    const client = await open(`/ws/monitor?after=${head}&${asked}`)
    let frames = 0
    client.socket.on('message', () => frames++)
    await client.until(has('packed 49'))
    assert.equal(client.texts().filter((text) => text.startsWith('packed')).length, 50)
    assert.equal(client.socket.extensions, asked.includes('compress') ? 'permessage-deflate' : '')
    assert.equal(frames < 50, asked.includes('batch'), asked)
    client.socket.terminate()
  }
})

test('/ws/monitor: options that mean nothing are told, by address and by message', async () => {
  for (const asked of ['level=loud', 'after=yesterday', 'replay=-1', 'batch=perhaps']) {
    const socket = new WebSocket(`${url}/ws/monitor?${asked}`)
    const [data] = (await once(socket, 'message')) as [Buffer]
    assert.match(data.toString(), /request-invalid/, asked)
    await once(socket, 'close')
  }
  const client = new WebSocket(`${url}/ws/monitor`)
  await once(client, 'open')
  client.send('{"type":"subscribe","level":"loud"}')
  const [data] = (await once(client, 'message')) as [Buffer]
  assert.match(data.toString(), /there is no level loud/)
  assert.equal(client.readyState, WebSocket.OPEN)
  client.terminate()
})
