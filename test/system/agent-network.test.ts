// A host behind a real network that is cut: nothing is lost, nothing comes twice, and it catches up when the network is back.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { requireNetwork } from '../../scripts/ensure-system.ts'
import { prepareAgent } from '../agent-process.ts'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import { numberOracle } from './number-oracle.ts'
import { openHostNetwork } from './open-host-network.ts'
import { printNumbers, readReports } from './print-numbers.ts'

/** Reached by others, so that it has users, and a token for the host. */
async function openHub(t: TestContext, host: string): Promise<{ hub: HubProcess; token: string }> {
  const hub = prepareHub({ processes: {}, server: { host } })
  t.after(() => hub.close())
  await hub.command('user', 'add', 'mia')
  const token = (await hub.command('token', 'add', 'edge', '--agent', 'edge')).stdout.trim()
  await hub.start()
  return { hub, token }
}

test('a network that is gone for a while', requireNetwork(), async (t) => {
  const network = openHostNetwork()
  t.after(() => network.close())
  const { hub, token } = await openHub(t, network.hubAddress)
  const command = printNumbers({
    prefix: 'counter',
    stream: 'stdout',
    perSecond: 2000,
    stopFile: 'stop',
    reportFile: 'reports',
  })
  const agent = prepareAgent(
    { processes: { counter: { command, restart: 'never' } } },
    {
      hub: () => `http://${network.hubAddress}:${new URL(hub.url).port}`,
      name: 'edge',
      words: ['--insecure'],
      token: () => token,
      around: () => ({ under: network.under }),
    },
  )
  t.after(() => agent.close())
  await agent.start()
  const count = async (): Promise<number> =>
    (await hub.client.summary({ query: 'source:edge/counter kind:system' })).count
  await until('lines come', async () => (await count()) > 1000)
  network.cut()
  await sleep(300)
  const atCut = await count()
  await sleep(2500)
  assert.ok((await count()) - atCut < 1000, 'the network is cut')
  network.mend()
  await until('it has caught up', async () => (await count()) > atCut + 5000)
  writeFileSync(path.join(agent.directory, 'stop'), '')
  await until(
    'the exit',
    async () => (await hub.client.search({ query: 'source:edge/counter exited kind:event' })).records.length === 1,
  )
  const [report] = readReports(path.join(agent.directory, 'reports')).filter(({ printed }) => printed !== undefined)
  const store = numberOracle('the store')
  for await (const { message, id } of hub.records('source:edge/counter kind:system')) store.take(message, id)
  store.assertComplete(new Map([['counter', report!.printed!]]))
})

test('a host that loses its power is back at once, though nobody has said goodbye', requireNetwork(), async (t) => {
  let network = openHostNetwork()
  t.after(() => network.close())
  const { hub, token } = await openHub(t, network.hubAddress)
  const agent = prepareAgent(
    { processes: { ticker: { command: 'while :; do echo tick; sleep 0.1; done' } } },
    {
      hub: () => `http://${network.hubAddress}:${new URL(hub.url).port}`,
      name: 'edge',
      words: ['--insecure'],
      token: () => token,
      around: () => ({ under: network.under }),
    },
  )
  t.after(() => agent.close())
  await agent.start()
  network.cut()
  await agent.kill()
  network.close()
  network = openHostNetwork()
  const [before] = await hub.client.hosts()
  assert.equal(before!.connected, true, 'the hub has not noticed')
  await agent.start()
  const count = async (): Promise<number> => (await hub.client.summary({ query: 'source:edge/ticker tick' })).count
  const then = await count()
  await until('lines come', async () => (await count()) > then)
})
