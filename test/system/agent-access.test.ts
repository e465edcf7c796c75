// Who may hand in what for whom: tokens bound to a host, revoked ones, copies, other versions, plain HTTP.
import assert from 'node:assert/strict'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { WebSocket } from 'ws'
import { prepareAgent, type AgentProcess, type AgentProcessOptions } from '../agent-process.ts'
import { startHub, until, type HubProcess, type HubProcessOptions } from '../hub-process.ts'

const ticker = { processes: { ticker: { command: 'while :; do echo tick; sleep 0.1; done' } } }

function agentOf(
  t: TestContext,
  hub: HubProcess,
  options: Partial<AgentProcessOptions> = {},
  config: HubProcessOptions = ticker,
): AgentProcess {
  const agent = prepareAgent(config, { hub: () => hub.url, name: 'web-1', ...options })
  t.after(() => agent.close())
  return agent
}

async function hubWithUsers(t: TestContext): Promise<{ hub: HubProcess; token: string }> {
  const hub = await startHub({ processes: {} })
  t.after(() => hub.close())
  assert.equal((await hub.command('user', 'add', 'mia')).code, 0)
  const { stdout } = await hub.command('token', 'add', 'web-1', '--agent', 'web-1')
  return { hub, token: stdout.trim() }
}

const countOf = async (hub: HubProcess, query: string): Promise<number> => (await hub.client.summary({ query })).count

test('a token of a host hands in for this host alone and reads nothing; revoked, the agent keeps what it captures', async (t) => {
  const { hub, token } = await hubWithUsers(t)
  const headers = { authorization: `Bearer ${token}` }
  for (const route of ['/api/v1/search', '/api/v1/sources', '/api/v1/hosts', '/api/v1/follow'])
    assert.equal((await fetch(hub.url + route, { headers })).status, 403, route)
  const body = '{"message":"forged"}'
  const posted = { method: 'POST', headers: { ...headers, 'content-type': 'application/x-ndjson' }, body }
  assert.equal((await fetch(`${hub.url}/api/v1/ingest?source=web-1/ticker`, posted)).status, 403)

  const other = agentOf(t, hub, { name: 'web-2', token: () => token })
  other.launch()
  await until('another host is refused', () => other.console().includes('web-1 may not speak for web-2'))
  assert.equal(await countOf(hub, 'source:web-2/*'), 0)
  assert.match(other.console(), /logboom token add web-2 --agent web-2/)

  const agent = agentOf(t, hub, { token: () => token })
  await agent.start()
  await until('lines come', async () => (await countOf(hub, 'source:web-1/ticker tick')) > 2)
  await hub.command('token', 'revoke', 'web-1')
  await until('it is told', () => /wants to know who asks|session has ended/.test(agent.console()))
  const before = await countOf(hub, 'source:web-1/ticker tick')
  await until('the refusal is told', () => agent.console().includes('This hub wants to know who asks'))
  assert.equal(agent.console().match(/wants to know who asks/g)!.length, 1, 'once')
  assert.match(agent.console(), /What is captured is kept here/)
  assert.equal(await countOf(hub, 'source:web-1/ticker tick'), before)
  const { stdout: fresh } = await hub.command('token', 'add', 'web-1', '--agent', 'web-1')
  await agent.kill()
  const again = agentOf(t, hub, { token: () => fresh.trim() })
  cpSync(agent.stateDirectory, again.stateDirectory, { recursive: true })
  await again.start()
  await until('what was kept came', async () => (await countOf(hub, 'source:web-1/ticker tick')) > before + 3)
})

test('the token is not handed down to processes', async (t) => {
  const { hub, token } = await hubWithUsers(t)
  const config = { processes: { env: { command: 'env | grep -c LOGBOOM_TOKEN; echo done', restart: 'never' } } }
  const agent = agentOf(t, hub, { token: () => token }, config)
  await agent.start()
  await until('it is done', async () => (await countOf(hub, 'source:web-1/env kind:system done')) === 1)
  assert.equal(await countOf(hub, 'source:web-1/env kind:system 0'), 1)
})

test('a copy of an agent is refused and told on both sides, while the one that was copied goes on', async (t) => {
  const hub = await startHub({ processes: {} })
  t.after(() => hub.close())
  const agent = agentOf(t, hub)
  await agent.start()
  await until('its word is kept', () =>
    /lease/.test(readFileSync(path.join(agent.stateDirectory, 'agent.json'), 'utf8')),
  )
  const copied = readFileSync(path.join(agent.stateDirectory, 'agent.json'))
  const copyOf = (name: string): AgentProcess => {
    const copy = agentOf(t, hub, { name }, { processes: {} })
    // Only who it is: what it has captured is its own.
    copy.launch()
    return copy
  }
  await agent.kill()
  await agent.start()
  for (const name of ['web-1', 'web-9']) {
    const copy = copyOf(name)
    await until('it has a state', () => copy.console().includes('Agent '))
    await copy.kill()
    writeFileSync(path.join(copy.stateDirectory, 'agent.json'), copied)
    copy.launch()
    const refusal = name === 'web-1' ? 'another agent is connected as web-1' : 'the identity of web-9 is used by two'
    await until('the copy is refused', () => copy.console().includes(refusal))
    await until('the hub tells', () => hub.console().includes(refusal))
    await copy.close()
  }
  const before = await countOf(hub, 'source:web-1/ticker tick')
  await until('the other goes on', async () => (await countOf(hub, 'source:web-1/ticker tick')) > before)
})

test('an agent of another protocol is told what to do', async (t) => {
  const hub = await startHub({ processes: {} })
  t.after(() => hub.close())
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/agent`)
  const heard: string[] = []
  socket.on('message', (data) => heard.push(String(data as Buffer)))
  socket.on('open', () =>
    socket.send(
      JSON.stringify({
        type: 'hello',
        protocol: 99,
        version: '9.9.9',
        host: 'x',
        agent: 'a',
        life: 'l',
        time: Date.now(),
        control: false,
      }),
    ),
  )
  await until('the answer', () => heard.length > 0)
  const { error } = JSON.parse(heard[0]!) as { error: { code: string; message: string; hint: string } }
  assert.equal(error.code, 'agent-protocol')
  assert.match(error.message, /speaks protocol 99, this hub .* 1/)
  assert.match(error.hint, /Update the hub/)
})

test('plain HTTP to another host is refused before anything starts', async (t) => {
  const hub = await startHub({ processes: {} })
  t.after(() => hub.close())
  const { code, stderr } = await hub.command('agent', '--hub', 'http://192.0.2.1:7420', '--name', 'web-1')
  assert.equal(code, 2)
  assert.match(stderr, /plain HTTP to 192\.0\.2\.1 would show everybody on the way the lines and the token/)
  assert.match(stderr, /--insecure/)
})
