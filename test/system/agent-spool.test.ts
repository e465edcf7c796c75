// A spool that is full while the hub is away: sources wait, or the oldest lines go, counted to the line. And a network that is gone.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { prepareAgent, type AgentProcess } from '../agent-process.ts'
import { startHub, until, type HubProcess } from '../hub-process.ts'
import { numberOracle } from './number-oracle.ts'
import { printNumbers, readReports } from './print-numbers.ts'

/** A multiple of what the spool may have. */
const count = 30_000

async function begin(t: TestContext, whenFull: string): Promise<{ hub: HubProcess; agent: AgentProcess }> {
  const hub = await startHub({ processes: {} })
  t.after(() => hub.close())
  const command = printNumbers({ prefix: 'counter', stream: 'stdout', perSecond: 20_000, count, reportFile: 'reports' })
  const agent = prepareAgent(
    { processes: { counter: { command, restart: 'never', autostart: false } } },
    { hub: () => hub.url, name: 'edge', words: ['--control', '--spool', '1MB', '--when-full', whenFull] },
  )
  t.after(() => agent.close())
  await agent.start()
  await until('its card', async () => (await hub.client.sources()).length === 1)
  // The hub has something already when it goes.
  await hub.client.control('edge/counter', 'start')
  await until(
    'the first lines',
    async () => (await hub.client.search({ query: 'source:edge/counter n=100' })).records.length > 0,
  )
  await hub.kill()
  await until('all is printed', () =>
    readReports(path.join(agent.directory, 'reports')).some(({ printed }) => printed === count),
  )
  return { hub, agent }
}

function captureFiles({ stateDirectory }: AgentProcess): string[] {
  const names = readdirSync(path.join(stateDirectory, 'capture'), { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.stdout'))
}

async function isOver(hub: HubProcess): Promise<void> {
  await until(
    'the exit',
    async () => (await hub.client.search({ query: 'source:edge/counter kind:event exited' })).records.length === 1,
    60_000,
  )
}

test('block: the processes go on, what they print waits beside the spool, and all of it comes', async (t) => {
  const { hub } = await begin(t, 'block')
  await hub.start()
  await isOver(hub)
  const store = numberOracle('the store')
  for await (const { message, id } of hub.records('source:edge/counter kind:system')) store.take(message, id)
  store.assertComplete(new Map([['counter', count]]))
  assert.equal((await hub.client.search({ query: 'kind:gap source:edge/*' })).records.length, 0)
})

test('gap: the oldest lines go, and what is there and what is missing make up all', async (t) => {
  const { hub, agent } = await begin(t, 'gap')
  await until('the spool has taken all', () => captureFiles(agent).length === 0)
  // Also when it is killed with a full spool.
  await agent.kill()
  agent.launch()
  await hub.start()
  await agent.connected()
  await isOver(hub)
  let lines = 0
  let last = -1
  for await (const { message } of hub.records('source:edge/counter kind:system')) {
    const number = Number(/n=(\d+)/.exec(message)![1])
    assert.ok(number > last, `${number} after ${last}`)
    last = number
    lines++
  }
  const gaps = (await hub.client.search({ query: 'source:edge/counter kind:gap', limit: 1000 })).records
  const missing = gaps.reduce((sum, { fields }) => sum + Number(fields!['lines']), 0)
  assert.ok(missing > 0)
  assert.equal(lines + missing, count)
  assert.equal(last, count - 1)
  const verified = await hub.command('store', 'verify')
  assert.equal(verified.code, 0, verified.stdout)
})

test('an agent whose spool is gone says so and is a new one to its hub, so that nothing is taken for what was there', async (t) => {
  const hub = await startHub({ processes: {} })
  t.after(() => hub.close())
  const ticker = { processes: { ticker: { command: 'while :; do echo tick; sleep 0.1; done' } } }
  const agent = prepareAgent(ticker, { hub: () => hub.url, name: 'edge' })
  t.after(() => agent.close())
  const identity = (): { id: string } =>
    JSON.parse(readFileSync(path.join(agent.stateDirectory, 'agent.json'), 'utf8')) as { id: string }
  const started = async (): Promise<number> =>
    (await hub.client.search({ query: 'source:edge/logboom Agent session', limit: 1000 })).records.length
  await agent.start()
  await until('ticks', async () => (await hub.client.summary({ query: 'source:edge/ticker tick' })).count > 20)
  const before = identity()
  await agent.end('SIGTERM')
  rmSync(path.join(agent.stateDirectory, 'store'), { recursive: true })
  await agent.start()
  assert.notEqual(identity().id, before.id)
  assert.match(agent.console(), /The spool is gone/)
  await until('its first lines come', async () => (await started()) === 2)
  const after = identity()
  await agent.end('SIGTERM')
  await agent.start()
  assert.equal(identity().id, after.id, 'once')
  await until('and the next ones', async () => (await started()) === 3)
})
