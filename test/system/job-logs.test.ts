// Jobs as their orchestrators know them: registered, their lines handed in over HTTP and WebSocket, read back, ended; by a hub that is
// killed while they go on, too.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { WebSocket } from 'ws'
import { startHub, until, type HubProcess } from '../hub-process.ts'
import { openOrchestrator } from './orchestrator.ts'

let hub: HubProcess
before(async () => {
  hub = await startHub({
    processes: { sleeper: { command: 'exec sleep 1000' } },
    jobs: { quick: { batchLines: 2 }, slow: { flushIntervalMs: 2000 }, mute: { lostAfterMs: 1000 } },
  })
})
after(() => hub.close())

const edge = openOrchestrator('edge-1', () => hub.url)
const orchestratorId = edge.id
const timestamp = '2025-06-08T14:25:30.123Z'

async function outputsOf(jobId: string): Promise<string[]> {
  const { body } = await edge.ask('GET', `/${jobId}/logs`)
  return (body['logs'] as { output: string }[]).map(({ output }) => output)
}

async function openSocket(id = orchestratorId): Promise<WebSocket> {
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/ws/orchestrator`, {
    headers: { 'x-orchestrator-id': id },
  })
  await once(socket, 'open')
  return socket
}

test('lines of a job are stored as one, and come back in the shape that clients know, by their times', async () => {
  const registration = { jobId: 'j1', eventId: 'e1', userId: 'u1', orchestratorId, name: 'nightly' }
  const { status, body } = await edge.ask('POST', '', registration)
  assert.deepEqual([status, body['success']], [200, true])
  assert.deepEqual((await edge.ask('POST', '', registration)).body, body, 'the same again is no error')

  const logs = [
    { message: 'second 😀', level: 'info', timestamp: '2025-06-08T14:25:31.500Z' },
    { message: '{"level":"fatal","msg":"first"}', source: 'stdout', level: 'info', timestamp },
    { message: 'it broke\n  at line 2', source: 'stderr', level: 'error', timestamp: '2025-06-08T14:25:32Z' },
  ]
  const posted = await edge.ask('POST', '/j1/logs', { orchestratorId, logs })
  assert.deepEqual(posted, { status: 200, body: { success: true, count: 3 } })
  const stored = { eventId: 'e1', userId: 'u1', jobId: 'j1', error: null, status: 'RUNNING', successful: true }
  assert.deepEqual((await edge.ask('GET', '/j1/logs')).body, {
    logs: [
      { ...stored, output: '{"level":"fatal","msg":"first"}', startTime: timestamp },
      { ...stored, output: 'second 😀', startTime: '2025-06-08T14:25:31.500Z' },
      {
        ...stored,
        output: 'it broke\n  at line 2',
        error: 'it broke\n  at line 2',
        startTime: '2025-06-08T14:25:32.000Z',
        successful: false,
      },
    ],
  })
  const { records } = await hub.client.search({ query: 'source:nightly kind:system', order: 'oldest' })
  assert.deepEqual(
    records.map(({ run, stream, severity }) => [run, stream, severity]),
    [
      [1, 'stdout', 9],
      [1, 'stdout', 9],
      [1, 'stderr', 17],
    ],
  )
})

test('what is wrong is refused in the words that clients know, and nothing of it is stored', async () => {
  await edge.ask('POST', '', { jobId: 'j2', orchestratorId })
  const logs = [{ message: 'never stored', level: 'info', timestamp }]
  const other = openOrchestrator('edge-2', () => hub.url)
  const cases: [method: string, path: string, body: unknown, status: number, error: string][] = [
    ['POST', '//logs', { orchestratorId, logs }, 400, 'Job ID required'],
    ['POST', '/j2/logs', { orchestratorId }, 400, 'Logs array required'],
    ['POST', '/j2/logs', { orchestratorId, logs: 'x' }, 400, 'Logs array required'],
    ['POST', '/j2/logs', [], 400, 'Logs array required'],
    ['POST', '/unknown/logs', { orchestratorId, logs }, 404, 'Job not found'],
    ['GET', '/unknown/logs', undefined, 404, 'Job not found'],
    ['POST', '/j2/logs', { orchestratorId: 'edge-2', logs }, 403, 'Job not owned by this orchestrator'],
    ['PUT', '/unknown/status', { status: 'RUNNING', timestamp }, 404, 'Job not found'],
    ['PUT', '/j2/status', {}, 400, 'Status required'],
    ['POST', '/unknown/complete', {}, 404, 'Job not found'],
    ['POST', '/j2/logs', { orchestratorId, logs: [...logs, { level: 'info' }] }, 400, 'logs[1]: message must be text'],
    [
      'POST',
      '/j2/logs',
      { orchestratorId, logs: [{ message: 'x', timestamp: 'soon' }] },
      400,
      'logs[0]: timestamp is no time; right would be 2025-06-08T14:25:30.123Z',
    ],
    ['POST', '/j2/logs', '{"logs": [', 400, 'The body is not JSON'],
    ['POST', '', { orchestratorId }, 400, 'Job ID required'],
    ...['logboom', 'Logboom'].map((name): (typeof cases)[number] => [
      'POST',
      '',
      { jobId: 'x', orchestratorId, name },
      400,
      `name: the name "logboom" is Logboom's own; choose another`,
    ]),
    ['POST', '', { jobId: 'x' }, 400, 'Orchestrator ID required'],
    ['POST', '', { jobId: 'j2', orchestratorId: 'edge-2' }, 403, 'Job not owned by this orchestrator'],
  ]
  for (const [method, path, body, status, error] of cases)
    assert.deepEqual(await edge.ask(method, path, body), { status, body: { error } }, `${method} ${path}`)
  const notOwned = { status: 403, body: { error: 'Job not owned by this orchestrator' } }
  assert.deepEqual(await other.ask('PUT', '/j2/status', { status: 'RUNNING', timestamp }), notOwned)
  const tooLarge = [{ message: 'x'.repeat(2 * 1024 * 1024), level: 'info', timestamp }]
  assert.equal((await edge.ask('POST', '/j2/logs', { orchestratorId, logs: tooLarge })).status, 413)
  const taken = await edge.ask('POST', '', { jobId: 'j3', orchestratorId, name: 'sleeper' })
  assert.deepEqual(
    [taken.status, taken.body['error']],
    [409, 'sleeper is the name of another source, which is none of jobs.'],
  )
  assert.deepEqual(await outputsOf('j2'), [])
})

test('a job is as its orchestrator says; the same report twice is no error', async () => {
  await edge.ask('POST', '', { jobId: 'j4', orchestratorId, name: 'build' })
  const success = { status: 200, body: { success: true } }
  for (let time = 1; time <= 2; time++)
    assert.deepEqual(await edge.ask('PUT', '/j4/status', { status: 'running', timestamp }), success)
  const failure = { timestamp: '2025-06-08T14:26:30Z', details: { exitCode: 3, error: 'no such file' } }
  for (let time = 1; time <= 2; time++) assert.deepEqual(await edge.ask('POST', '/j4/fail', failure), success)
  const { records } = await hub.client.search({ query: 'source:build kind:event', order: 'oldest' })
  assert.deepEqual(
    records.map(({ message }) => message),
    ['job j4 registered', 'job j4 running', 'job j4 failed, exit code 3: no such file'],
  )
})

test('nobody else writes under the name of the hub, in whatever letter case', async () => {
  const send = (query: string, body: object): Promise<Response> =>
    fetch(`${hub.url}/api/v1/ingest${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: JSON.stringify(body),
    })
  for (const source of ['logboom', 'LogBoom']) {
    assert.equal((await send(`?source=${source}`, { message: 'forged' })).status, 400, source)
    assert.equal((await send('', { message: 'forged', source })).status, 200)
  }
  const { records } = await hub.client.search({ query: 'forged' })
  assert.deepEqual(
    records.map(({ source }) => source),
    ['http', 'http'],
  )
})

test('a job of which nothing is heard is lost, stays listed, and may still be told to have ended well', async () => {
  await edge.ask('POST', '', { jobId: 'j11', orchestratorId, name: 'mute' })
  const listed = async () => (await hub.client.jobs({ source: 'mute' })).runs[0]!
  const { error, endedAt } = await until('it is lost', async () => {
    const run = await listed()
    return run.status === 'TIMEOUT' && run
  })
  assert.deepEqual([error, endedAt !== undefined], ['no news for 1s', true])
  const { records } = await hub.client.search({ query: 'job:j11 kind:event', limit: 1 })
  assert.equal(records[0]?.message, 'job j11 timeout: no news for 1s')
  const logs = [{ message: 'late', level: 'info', timestamp }]
  assert.equal((await edge.ask('POST', '/j11/logs', { orchestratorId, logs })).status, 200)
  assert.equal((await edge.ask('POST', '/j11/complete', { exitCode: 0 })).status, 200)
  assert.equal((await listed()).status, 'COMPLETED')
})

test('lines come one by one, in the order of their numbers; a bad message is told once and ends nothing', async () => {
  for (const [jobId, name] of [
    ['j5', 'quick'],
    ['j6', 'slow'],
  ])
    await edge.ask('POST', '', { jobId, orchestratorId, name })
  const socket = await openSocket()
  const line = (jobId: string, sequence: number, stream = 'stdout') =>
    socket.send(JSON.stringify({ jobId, timestamp, stream, line: `line ${sequence}`, sequence }))
  socket.send('no JSON')
  socket.send(JSON.stringify({ jobId: 'nobody', timestamp, stream: 'stdout', line: 'x', sequence: 1 }))
  line('j5', 2, 'stderr')
  line('j5', 1)
  for (const sequence of [3, 2, 1]) line('j6', sequence)
  // Two make a batch of the one, time makes a batch of the other.
  await until(
    'both are stored',
    async () => (await outputsOf('j5')).length === 2 && (await outputsOf('j6')).length === 3,
  )
  assert.deepEqual(await outputsOf('j5'), ['line 1', 'line 2'])
  assert.deepEqual(await outputsOf('j6'), ['line 1', 'line 2', 'line 3'])

  line('j6', 4)
  line('j6', 3)
  socket.send(JSON.stringify({ jobId: 'j6', status: 'COMPLETED', timestamp, details: { exitCode: 0 } }))
  const last = await until('the end is told', async () => {
    const { records } = await hub.client.search({ query: 'source:slow', limit: 2 })
    return records[0]?.message === 'job j6 completed, exit code 0' && records
  })
  assert.equal(last[1]?.message, 'line 4', 'what was said before the end stands before it')
  assert.deepEqual(await outputsOf('j6'), ['line 1', 'line 2', 'line 3', 'line 4'])
  socket.close()
  const told = await until('the refused are counted', async () => {
    const { records } = await hub.client.search({ query: 'source:logboom kind:system orchestrator', order: 'oldest' })
    return records.length === 2 && records
  })
  assert.deepEqual(
    told.map(({ message }) => message),
    [
      'The orchestrator edge-1 sent a message that cannot be taken: it is not JSON; those that follow are counted',
      'The orchestrator edge-1 is gone; 2 of its messages could not be taken',
    ],
  )
})

test('lines may be large, and those that are sent again over another connection are stored once', async () => {
  await edge.ask('POST', '', { jobId: 'j9', orchestratorId, name: 'quick' })
  const large = 'x'.repeat(1024 * 1024)
  const send = (socket: WebSocket, ...lines: [sequence: number, text: string][]): void => {
    for (const [sequence, text] of lines)
      socket.send(JSON.stringify({ jobId: 'j9', timestamp, stream: 'stdout', line: text, sequence }))
  }
  const first = await openSocket()
  send(first, [1, 'one'], [2, large])
  await until('both are stored', async () => (await outputsOf('j9')).length === 2)
  first.terminate()
  const second = await openSocket()
  // It does not know what arrived.
  send(second, [1, 'one'], [2, large], [3, 'three'], [4, 'four'])
  const outputs = await until('the rest is stored', async () => {
    const found = await outputsOf('j9')
    return found.includes('four') && found
  })
  assert.deepEqual(
    outputs.map((text) => text.length),
    [3, large.length, 5, 4],
  )
  second.terminate()
})

test('bodies and messages that never end share one room: the hub does not grow with them, and small ones pass', async (t) => {
  await edge.ask('POST', '', { jobId: 'j10', orchestratorId, name: 'quick' })
  const before = hub.memoryMb().now
  const sent = Buffer.alloc(2 * 1024 * 1024 - 1024, 'x')
  const refused: string[] = []
  const { host, hostname, port } = new URL(hub.url)
  for (let i = 0; i < 50; i++) {
    const body = connect(Number(port), hostname)
    t.after(() => body.destroy())
    body.on('error', () => undefined).on('data', (data) => void refused.push(String(data)))
    body.write(
      `POST /api/internal/jobs/j10/logs HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${sent.length + 1}\r\n\r\n`,
    )
    body.write(sent)
    const socket = await openSocket()
    t.after(() => socket.terminate())
    socket.on('error', () => undefined).on('message', (data: Buffer) => void refused.push(data.toString()))
    socket.send(sent, { fin: false, binary: false })
  }
  const logs = [{ message: 'passes', level: 'info', timestamp }]
  assert.equal((await edge.ask('POST', '/j10/logs', { orchestratorId, logs })).status, 200)
  const isTold = (form: RegExp): boolean => refused.some((text) => form.test(text) && /too slowly/.test(text))
  await until('a body and a message are given up', () => isTold(/^HTTP\/1.1 408/) && isTold(/"too-slow"/))
  const grown = Math.round(hub.memoryMb().peak - before)
  assert.ok(grown < 110, `the hub takes ${grown} MB more`)
})

test('lines with numbers are stored once, however often and in whatever order they are posted', async () => {
  await edge.ask('POST', '', { jobId: 'j8', orchestratorId, name: 'long' })
  const post = async (...numbers: number[]): Promise<void> => {
    const logs = numbers.map((sequence) => ({ message: `${sequence}`, level: 'info', timestamp, sequence }))
    const { body } = await edge.ask('POST', '/j8/logs', { orchestratorId, logs })
    assert.deepEqual(body, { success: true, count: numbers.length })
  }
  await post(3, 4)
  await post(3, 4)
  await post(1, 2, 3)
  await Promise.all([post(5, 6), post(5, 6)])
  assert.deepEqual(await outputsOf('j8'), ['3', '4', '1', '2', '5', '6'])
  await hub.kill()
  await hub.start()
  await post(5, 6, 7)
  await post(0, 1)
  assert.deepEqual(await outputsOf('j8'), ['3', '4', '1', '2', '5', '6', '7', '0'])
})

test('a hub that is killed between a post and its answer loses nothing and has nothing twice', async () => {
  await edge.ask('POST', '', { jobId: 'j7', orchestratorId, name: 'long' })
  let posted = 0
  let isOver = false
  const posting = (async () => {
    for (; !isOver; posted += 50) {
      const logs = Array.from({ length: 50 }, (_, index) => ({
        message: `number ${posted + index}`,
        level: 'info',
        timestamp,
        sequence: posted + index,
      }))
      const { status } = await edge.insist('POST', '/j7/logs', { orchestratorId, logs })
      assert.equal(status, 200)
    }
  })()
  for (let kill = 0; kill < 2; kill++) {
    const before = posted
    await until('it goes on', () => posted > before + 300)
    await hub.kill()
    await hub.start()
  }
  isOver = true
  await posting
  assert.deepEqual(
    await outputsOf('j7'),
    Array.from({ length: posted }, (_, index) => `number ${index}`),
  )
  assert.deepEqual((await edge.insist('POST', '/j7/complete', { exitCode: 0 })).body, { success: true })
  await hub.kill()
  await hub.start()
  assert.equal((await outputsOf('j1')).length, 3, 'jobs of the hub before are known')
  const { records } = await hub.client.search({ query: 'source:long kind:event', limit: 1 })
  assert.equal(records[0]?.message, 'job j7 completed, exit code 0')
})
