import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { makeAppFolder } from '../app-harness.ts'
import { openLogStream, type OpenLogStream } from './log-stream.ts'
import type { StreamSocket } from './stream-client.ts'

/** A socket in memory, which takes as much as the test lets it. */
function makeSocket(): StreamSocket & {
  sent: string[]
  end(): void
  readyState: number
  bufferedAmount: number
  breaks: boolean
} {
  const listeners: (() => void)[] = []
  const socket = {
    readyState: 1,
    bufferedAmount: 0,
    breaks: false,
    sent: [] as string[],
    send(text: string) {
      if (socket.breaks) throw new Error('broken')
      socket.sent.push(text)
    },
    on: (_event: string, listener: () => void) => listeners.push(listener),
    end: () => listeners.forEach((listener) => listener()),
  }
  return socket
}

const log = (stream: OpenLogStream, n: number): void => stream.add(n, 30, 'host', `line ${n}`, '')
const messages = (sent: string[]): string[] =>
  sent.map((text) => (JSON.parse(text) as { data: { message: string } }).data.message)

const lines = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, n) => `line ${from + n}`)

test('the first client gets the first 1,000 records from before the set-up, a count of the others, and those that come', async () => {
  const stream = openLogStream()
  for (let n = 0; n < 1500; n++) log(stream, n)
  const [first, second] = [makeSocket(), makeSocket()]
  stream.addClient(first)
  await nextTurn()
  assert.deepEqual(first.sent, [])
  stream.begin()
  stream.begin()
  stream.addClient(second)
  log(stream, 1500)
  await nextTurn()
  const gap = '[gap] 500 lines missing: more than 1000 were logged before streaming was set up'
  assert.deepEqual(messages(first.sent), [...lines(0, 1000), gap, 'line 1500'])
  assert.deepEqual(messages(second.sent), ['line 1500'])
  stream.removeClient(first)
  second.end()
  assert.equal(stream.metrics().clients, 0)
})

test('between the set-up and the first client the newest 1,000 records are kept', async () => {
  const stream = openLogStream()
  log(stream, 0)
  stream.begin()
  for (let n = 1; n < 2500; n++) log(stream, n)
  const socket = makeSocket()
  stream.addClient(socket)
  await nextTurn()
  assert.deepEqual(messages(socket.sent), lines(1500, 2500))
})

test('a slow client loses the oldest, is told how many, and holds up nobody', async () => {
  const stream = openLogStream()
  stream.begin()
  const [slow, fast] = [makeSocket(), makeSocket()]
  stream.addClient(slow)
  stream.addClient(fast)
  slow.bufferedAmount = 1e9
  for (let n = 0; n < 12_345; n++) log(stream, n)
  await nextTurn()
  assert.equal(fast.sent.length, 12_345)
  assert.equal(slow.sent.length, 0)
  assert.equal(stream.metrics().dropped, 2345)
  slow.bufferedAmount = 0
  log(stream, 12_345)
  await nextTurn()
  const said = messages(slow.sent)
  assert.equal(said[0], '[gap] 2346 lines missing: this client did not keep up')
  assert.deepEqual(
    said.slice(1),
    Array.from({ length: 10_000 }, (_, n) => `line ${n + 2346}`),
  )
})

test('more than fits between two turns of the event loop is counted, too', async () => {
  const stream = openLogStream()
  stream.begin()
  const socket = makeSocket()
  stream.addClient(socket)
  for (let n = 0; n < 50_000; n++) log(stream, n)
  await nextTurn()
  const [gap, ...lines] = messages(socket.sent)
  const missing = Number(/^\[gap\] (\d+) lines/.exec(gap!)?.[1])
  assert.equal(missing + lines.length, 50_000)
  assert.equal(lines.at(-1), 'line 49999')
})

test('a client whose send fails is removed, and one that logs while it sends does not feed itself', async () => {
  const stream = openLogStream()
  stream.begin()
  const [broken, loud, closed] = [makeSocket(), makeSocket(), makeSocket()]
  broken.breaks = true
  closed.readyState = 3
  const send = loud.send.bind(loud)
  loud.send = (text) => {
    send(text)
    log(stream, 2)
  }
  for (const socket of [broken, loud, closed]) stream.addClient(socket)
  log(stream, 1)
  await nextTurn()
  await nextTurn()
  assert.deepEqual(messages(loud.sent), ['line 1'])
  const { clients, errors } = stream.metrics()
  assert.deepEqual({ clients, errors }, { clients: 1, errors: 2 })
})

test('fields that nothing can be made of, and times that are none, do not keep a record from being shown', async () => {
  const stream = openLogStream()
  stream.begin()
  const socket = makeSocket()
  stream.addClient(socket)
  stream.add(1, 30, 'host', 'got it', ',"module":{"toString":1},"line":{"valueOf":1,"toString":1},"function":[]')
  stream.add(1e30, 30, 'host', 'far', '')
  stream.add(Number.NaN, 30, 'host', 'no time', ',"broken":')
  await nextTurn()
  await nextTurn()
  assert.deepEqual(messages(socket.sent), ['got it', 'far', 'no time'])
  const { data } = JSON.parse(socket.sent[0]!) as { data: Record<string, unknown> }
  assert.deepEqual([data['module'], data['function'], data['line']], ['host', '', 0])
})

test('an application serves /ws/monitor with ws: exactly the messages of B3', async (t) => {
  const app = makeAppFolder(t)
  const ws = import.meta.resolve('ws')
  const { code, stdout, stderr } = await app.run(`
    import { once } from 'node:events'
    import { WebSocket, WebSocketServer } from ${JSON.stringify(ws)}
    Date.now = () => Date.parse('2025-10-08T18:30:45.123Z')
    const logger = getLogger('orchestrator', { logDir, console: false, level: 'trace' })
    logger.info('before the set-up')
    if (setupLogStreaming() !== getLogStream() || setupLogStreaming() !== getLogStream()) throw new Error('not one stream')
    const server = new WebSocketServer({ port: 0, path: '/ws/monitor' })
    server.on('connection', (socket) => getLogStream().addClient(socket))
    await once(server, 'listening')
    const client = new WebSocket('ws://127.0.0.1:' + (server.address() as { port: number }).port + '/ws/monitor')
    let count = 0
    client.on('message', (text: Buffer) => {
      console.log(String(text))
      if (++count === 1) log()
      if (count === 7) client.close()
    })
    client.on('close', () => { console.log(getLogStream().metrics().clients); server.close() })
    function log() {
      logger.warn({ instance_id: 'i-1', message: 'not this one' }, 'state of %s', 'i-1')
      logger.getChild('db').trace({ module: 'shop', function: 'pay', line: 7 }, 'slow')
      auditLog(logger, 'Instance spawned', { action: 'instance_spawn', metadata: { instance_id: 'i-2' } })
      getLogger('audit.orchestrator', { logDir, console: false }).fatal({ event_type: 'x', instance_id: 7, more: 1 }, 'by name')
      logger.error('[AUDIT] by its beginning')
      auditLog(logger, 'plain', { level: 'warn' })
    }`)
  assert.equal(stderr, '')
  assert.equal(code, 0)
  const timestamp = '2025-10-08T18:30:45.123Z'
  const place = { module: 'orchestrator', function: '', line: 0 }
  const said = stdout.trimEnd().split('\n')
  assert.equal(said.pop(), '0')
  assert.deepEqual(
    said.map((text) => JSON.parse(text) as unknown),
    [
      {
        type: 'system_log',
        data: { timestamp, level: 'INFO', logger: 'orchestrator', message: 'before the set-up', ...place },
      },
      {
        type: 'system_log',
        data: {
          instance_id: 'i-1',
          timestamp,
          level: 'WARNING',
          logger: 'orchestrator',
          message: 'state of i-1',
          ...place,
        },
      },
      {
        type: 'system_log',
        data: {
          timestamp,
          level: 'DEBUG',
          logger: 'orchestrator.db',
          message: 'slow',
          module: 'shop',
          function: 'pay',
          line: 7,
        },
      },
      {
        type: 'audit_log',
        data: {
          timestamp,
          level: 'INFO',
          logger: 'orchestrator',
          message: 'Instance spawned',
          action: 'instance_spawn',
          metadata: { instance_id: 'i-2' },
        },
      },
      {
        type: 'audit_log',
        data: {
          timestamp,
          level: 'CRITICAL',
          logger: 'audit.orchestrator',
          message: 'by name',
          instance_id: 7,
          event_type: 'x',
        },
      },
      {
        type: 'audit_log',
        data: { timestamp, level: 'ERROR', logger: 'orchestrator', message: '[AUDIT] by its beginning' },
      },
      { type: 'audit_log', data: { timestamp, level: 'WARNING', logger: 'orchestrator', message: 'plain' } },
    ],
  )
})

test('a socket that nobody reads costs an application no time and a bounded memory', async (t) => {
  const app = makeAppFolder(t)
  const ws = import.meta.resolve('ws')
  const { code, stdout } = await app.run(`
    import { once } from 'node:events'
    import { connect } from 'node:net'
    import { WebSocketServer } from ${JSON.stringify(ws)}
    const logger = getLogger('a', { logDir, console: false })
    const stream = setupLogStreaming()
    const server = new WebSocketServer({ port: 0 })
    const { port } = server.address() as { port: number }
    const raw = connect(port, '127.0.0.1')
    raw.write('GET / HTTP/1.1\\r\\nHost: x\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\\r\\nSec-WebSocket-Version: 13\\r\\n\\r\\n')
    const [socket] = await once(server, 'connection')
    stream.addClient(socket)
    raw.pause()
    const text = 'x'.repeat(1000)
    for (let n = 0; n < 60; n++) {
      for (let m = 0; m < 1000; m++) logger.info(text)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const { queued, dropped } = stream.metrics()
    console.log(queued, dropped > 10000, socket.bufferedAmount < 8e6)
    process.exit()`)
  assert.equal(stdout, '60000 true true\n')
  assert.equal(code, 0)
})
