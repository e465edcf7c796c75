// Jobs on a hub with users: orchestrators hand in what their token grants, users see their own jobs, and others' do not exist.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'
import { connect } from '../../src/client/index.ts'
import { startHub, until, type HubProcess } from '../hub-process.ts'
import { openOrchestrator, type Orchestrator } from './orchestrator.ts'

let hub: HubProcess
const tokens: Record<string, string> = {}
let edge: Orchestrator
const orchestratorId = 'edge-1'
const timestamp = '2025-06-08T14:25:30.123Z'
const logs = (message: string): object => ({ orchestratorId, logs: [{ message, level: 'info', timestamp }] })

async function ok(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await hub.command(...words)
  assert.equal(code, 0, stderr)
  return stdout.trim()
}

before(async () => {
  hub = await startHub({ processes: { sleeper: { command: 'exec sleep 1000' } } })
  await ok('user', 'add', 'root')
  for (const [name, ...grants] of [
    ['edge', '--may', 'send', '--source', 'build*'],
    ['rival', '--may', 'send', '--source', 'build*'],
    ['board', '--may', 'read', '--source', 'build*'],
    ['elsewhere', '--may', 'read,send', '--source', 'other'],
  ] as const)
    tokens[name] = await ok('token', 'add', name, ...grants)
  edge = openOrchestrator(orchestratorId, () => hub.url, tokens['edge'])
})
after(() => hub.close())

test('without a token nothing is taken or told, in the words that clients know', async () => {
  const stranger = openOrchestrator(orchestratorId, () => hub.url)
  for (const [method, path] of [
    ['POST', ''],
    ['POST', '/j1/logs'],
    ['GET', '/j1/logs'],
    ['PUT', '/j1/status'],
  ] as const)
    assert.deepEqual(await stranger.ask(method, path, method === 'GET' ? undefined : {}), {
      status: 401,
      body: { error: 'Unauthorized' },
    })
  const [error] = (await once(new WebSocket(`${hub.url.replace('http', 'ws')}/ws/orchestrator`), 'error')) as [Error]
  assert.match(error.message, /401/)
})

test('a token sends for jobs of the names that it grants; others do not exist for it', async () => {
  assert.equal(
    (await edge.ask('POST', '', { jobId: 'j1', orchestratorId, userId: 'mia', name: 'build-1' })).status,
    200,
  )
  assert.equal((await edge.ask('POST', '', { jobId: 'j2', orchestratorId, name: 'release' })).status, 403)
  assert.equal((await edge.ask('POST', '/j1/logs', logs('of mia'))).status, 200)
  const elsewhere = openOrchestrator(orchestratorId, () => hub.url, tokens['elsewhere'])
  const notFound = { status: 404, body: { error: 'Job not found' } }
  assert.deepEqual(await elsewhere.ask('POST', '/j1/logs', logs('forged')), notFound)
  assert.deepEqual(await elsewhere.ask('POST', '/j1/complete', {}), notFound)
  assert.deepEqual(await elsewhere.ask('GET', '/j1/logs'), notFound)
  assert.equal((await edge.ask('GET', '/j1/logs')).status, 403, 'a token that only sends')

  const headers = { authorization: `Bearer ${tokens['elsewhere']}`, 'x-orchestrator-id': orchestratorId }
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/ws/orchestrator`, { headers })
  await once(socket, 'open')
  socket.send(JSON.stringify({ jobId: 'j1', timestamp, stream: 'stdout', line: 'forged', sequence: 1 }))
  await until('the refusal', async () =>
    /Job not found/.test(JSON.stringify(await hub.client.search({ query: 'source:logboom cannot' }))),
  )
  socket.close()
  assert.deepEqual((await hub.client.search({ query: 'source:build-1 forged' })).records, [])
})

test("a job is its token's: another one with the same grant, or that claims its orchestrator, may say nothing of it", async () => {
  const rival = openOrchestrator(orchestratorId, () => hub.url, tokens['rival'])
  const notOwned = { status: 403, body: { error: 'Job not owned by this orchestrator' } }
  const line = { orchestratorId, logs: [{ message: 'forged', level: 'info', timestamp, sequence: 7 }] }
  assert.deepEqual(await rival.ask('POST', '/j1/logs', line), notOwned)
  assert.deepEqual(await rival.ask('PUT', '/j1/status', { status: 'RUNNING' }), notOwned)
  assert.deepEqual(await rival.ask('POST', '/j1/complete', {}), notOwned)
  assert.deepEqual(await rival.ask('POST', '', { jobId: 'j1', orchestratorId, name: 'build-9' }), notOwned)
  const elsewhere = openOrchestrator(orchestratorId, () => hub.url, tokens['elsewhere'])
  const registration = { jobId: 'j1', orchestratorId, name: 'other' }
  assert.deepEqual(await elsewhere.ask('POST', '', registration), { status: 404, body: { error: 'Job not found' } })

  const headers = { authorization: `Bearer ${tokens['rival']}` }
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/ws/orchestrator`, { headers })
  await once(socket, 'open')
  socket.send(JSON.stringify({ jobId: 'j1', status: 'FAILED', timestamp }))
  socket.send(JSON.stringify({ jobId: 'j1', timestamp, stream: 'stdout', line: 'forged', sequence: 7 }))
  await until('the refusal', async () =>
    /not owned/.test(JSON.stringify(await hub.client.search({ query: 'source:logboom cannot' }))),
  )
  socket.close()
  const own = { orchestratorId, logs: [{ message: 'the seventh', level: 'info', timestamp, sequence: 7 }] }
  assert.deepEqual(await edge.ask('POST', '/j1/logs', own), { status: 200, body: { success: true, count: 1 } })
  assert.deepEqual((await hub.client.search({ query: 'source:build-1 forged' })).records, [])
  assert.equal((await hub.client.search({ query: 'source:build-1 "the seventh"' })).records.length, 1)
  assert.equal((await hub.client.jobs()).runs.find(({ job }) => job?.jobId === 'j1')!.status, 'RUNNING')
})

test('what an orchestrator says of a job is masked as its lines are, and bounded', async () => {
  await edge.ask('POST', '', { jobId: 'j9', orchestratorId, name: 'build-9' })
  const error = `password=hunter2 ${'x'.repeat(20_000)}`
  assert.equal((await edge.ask('POST', '/j9/fail', { error })).status, 200)
  const told = (await hub.client.jobs({ source: 'build-9' })).runs[0]!.error!
  assert.match(told, /^password=\*\*\* x/)
  assert.ok(told.length < 10_000, `${told.length}`)
  const long = await edge.ask('POST', '', { jobId: 'x'.repeat(201), orchestratorId })
  assert.deepEqual([long.status, long.body], [400, { error: 'An id may have 200 characters' }])
})

test('lists, completion and lines of jobs are those that are granted', async () => {
  const board = connect(hub.url, { token: tokens['board']! })
  const elsewhere = connect(hub.url, { token: tokens['elsewhere']! })
  assert.deepEqual(
    (await board.jobs()).runs.map(({ job }) => job?.jobId),
    ['j9', 'j1'],
  )
  assert.deepEqual((await elsewhere.jobs()).runs, [])
  assert.deepEqual((await elsewhere.runs()).runs, [])
  const offers = async (name: string): Promise<string> => {
    const headers = { authorization: `Bearer ${tokens[name]}` }
    return await (await fetch(`${hub.url}/api/v1/complete?query=job:&cursor=4`, { headers })).text()
  }
  assert.match(await offers('board'), /"j1"/)
  assert.doesNotMatch(await offers('elsewhere'), /"j1"/)
  assert.equal((await board.search({ query: 'job:j1 kind:system' })).records.length, 2)
  // What is not granted is a field, as what nobody registered is: nobody finds out which jobs there are.
  const headers = { authorization: `Bearer ${tokens['elsewhere']}`, 'content-type': 'application/x-ndjson' }
  const body = ['j1', 'j0'].map((id) => JSON.stringify({ message: 'asks', job: id })).join('\n')
  assert.equal((await fetch(`${hub.url}/api/v1/ingest?source=other`, { method: 'POST', headers, body })).status, 200)
  for (const id of ['j1', 'j0'])
    assert.deepEqual(
      (await elsewhere.search({ query: `job:${id}` })).records.map(({ message }) => message),
      ['asks'],
      id,
    )
})

test('a user sees the own jobs, and nothing else of their source', async () => {
  await edge.ask('POST', '', { jobId: 'j3', orchestratorId, userId: 'ben', name: 'build-1' })
  await edge.ask('POST', '/j3/logs', logs('of ben'))
  await ok('user', 'add', 'mia', '--source', 'nothing', '--own-jobs')
  const link = new URL(await ok('user', 'link', 'mia'))
  const signIn = await fetch(`${hub.url}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link: link.hash.replace(/^#(link=)?/, '') }),
  })
  assert.equal(signIn.status, 200, await signIn.text())
  const cookie = signIn.headers.get('set-cookie')!.split(';', 1)[0]!
  const ask = async (path: string): Promise<{ status: number; text: string }> => {
    const response = await fetch(hub.url + path, { headers: { cookie } })
    return { status: response.status, text: await response.text() }
  }
  const search = await ask('/api/v1/search?query=of')
  assert.match(search.text, /of mia/)
  assert.doesNotMatch(search.text, /of ben/)
  const jobs = await ask('/api/v1/jobs')
  assert.match(jobs.text, /"j1"/)
  assert.doesNotMatch(jobs.text, /"j3"/)

  // However many there are, and while a stream goes on.
  const following = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/follow`, { headers: { cookie } })
  const frames: string[] = []
  let isClosed = false
  following.on('message', (data: Buffer) => frames.push(data.toString())).on('close', () => (isClosed = true))
  await once(following, 'open')
  following.send('{"limit":0}')
  await until('it is live', () => frames.some((frame) => frame.includes('"live"')))
  const register = (jobId: string, userId: string): Promise<unknown> =>
    edge.ask('POST', '', { jobId, orchestratorId, userId, name: 'build-1' })
  await Promise.all(Array.from({ length: 200 }, (_, index) => register(`more-${index}`, index % 2 ? 'mia' : 'ben')))
  await Promise.all([register('last', 'mia'), register('others', 'ben')])
  await edge.ask('POST', '/others/logs', logs('last words of ben'))
  await edge.ask('POST', '/last/logs', logs('last words of mia'))
  await until('the last line has come', () => frames.some((frame) => frame.includes('last words of mia')))
  const told = frames.join('\n')
  assert.equal(told.match(/job more-\d+ registered/g)?.length, 100)
  assert.match(told, /job last registered/)
  assert.doesNotMatch(told, /others|of ben/)
  assert.ok(!isClosed)
  following.close()
  assert.match((await ask('/api/v1/search?query=of')).text, /"of mia"/)

  // Figures of a shared source are those of the own share, and nothing tells where the hub lies.
  await edge.ask('POST', '/last/complete', {})
  const views = (JSON.parse((await ask('/api/v1/sources')).text) as { sources: Record<string, unknown>[] }).sources
  const whole = (await hub.client.sources()).find(({ name }) => name === 'build-1')!
  assert.deepEqual(
    views.map(({ name, detail, logFile }) => [name, detail, logFile]),
    [['build-1', '101 jobs at once', undefined]],
  )
  assert.notEqual(whole.detail, views[0]!['detail'])
  const about = (await ask('/api/v1/hub')).text
  assert.doesNotMatch(about, /"pid"|Directory|sessionFile|logboom-hub-/)
  assert.doesNotMatch((await ask('/api/v1/store')).text, /build-1/)

  // Foreign jobs and those that nobody registered are one.
  for (const path of ['/api/v1/search?query=job:', '/api/v1/summary?query=job:', '/api/v1/export?query=job:']) {
    const [foreign, nowhere] = [await ask(`${path}j3`), await ask(`${path}j0`)]
    assert.deepEqual({ ...foreign, text: foreign.text.replaceAll('j3', 'j0') }, nowhere, path)
  }
  const viewer = io(`${hub.url}/logs`, { extraHeaders: { cookie }, transports: ['websocket'] })
  const answers: string[] = []
  viewer.on('error', ({ message }: { message: string }) => answers.push(message))
  for (const logId of ['j3', 'j0']) viewer.emit('subscribe', { logId })
  await until('both answers', () => answers.length === 2)
  assert.deepEqual(answers, ['Log not found', 'Log not found'])
  viewer.disconnect()
  assert.match((await ask('/api/v1/search?query=job:j1')).text, /of mia/)
  assert.equal((await ask('/api/internal/jobs/j1/logs')).status, 200)
  assert.equal((await ask('/api/internal/jobs/j3/logs')).status, 404)
})

test('refusals and what orchestrators say of jobs are audited; of a flood there is a first line, and one with the count', async () => {
  const noisy = openOrchestrator(orchestratorId, () => hub.url, await ok('token', 'add', 'noisy', '--may', 'send'))
  for (let i = 0; i < 100; i++) assert.equal((await noisy.ask('GET', '/j1/logs')).status, 403)
  assert.equal((await noisy.ask('POST', '/j1/fail', { error: 'password=hunter3' })).status, 403)
  await hub.end('SIGTERM')
  await hub.start()
  const audited = async (query: string): Promise<Record<string, unknown>[]> =>
    (await hub.client.search({ query: `logger:audit.orchestrator ${query}`, order: 'oldest' })).records.map(
      ({ message, fields }) => ({ message, ...(fields!['metadata'] as object) }),
    )
  const told = await audited('who:noisy')
  assert.deepEqual(
    told.map(({ message, counted }) => [message, counted]),
    [
      ['request by noisy failed: GET /api/internal/jobs/:jobId/logs is not allowed', undefined],
      ['job_fail by noisy failed: Job not owned by this orchestrator', undefined],
      ['request by noisy failed: GET /api/internal/jobs/:jobId/logs is not allowed', 99],
    ],
  )
  assert.doesNotMatch(JSON.stringify(told), /hunter/)
  const done = (action: string) => audited(`who:edge outcome:done action:${action}`)
  const registered = await done('job_register')
  assert.deepEqual(
    registered.slice(0, 3).map(({ message, jobId }) => `${String(message)} ${String(jobId)}`),
    ['job_register by edge j1', 'job_register by edge j9', 'job_register by edge j3'],
  )
  const counted = registered.reduce((sum, { counted: more }) => sum + Number(more ?? 0), 0)
  const inFull = registered.filter((each) => each['counted'] === undefined).length
  assert.ok(counted > 0 && inFull + counted === 205, `${inFull} ${counted}`)
  assert.deepEqual([(await done('job_fail'))[0]!['jobId'], (await done('job_complete'))[0]!['jobId']], ['j9', 'last'])
})
