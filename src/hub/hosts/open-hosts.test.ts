// Agents that come, go and come again, with a storage and connections that the test plays: who is let in, and which cards there are.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AdmittedAgent, AgentHello, AgentState, RemoteSource } from '../../contracts/hosts/host.ts'
import type { RelayPlace } from '../../contracts/hosts/relay.ts'
import { openHosts } from './open-hosts.ts'

function open() {
  const kept = new Map<string, unknown>()
  const cards = new Set(['taken'])
  const said: string[] = []
  let gate: Promise<void> = Promise.resolve()
  const begin = () =>
    openHosts({
      catalogue: {
        kept: (key) => kept.get(key),
        keep: (key, value) => void kept.set(key, structuredClone(value)),
        recall: (row) => row,
        knows: () => true,
      },
      storage: {
        relay: () => assert.fail('no records'),
        relayPlace: async (): Promise<RelayPlace> => {
          await gate
          return { runs: {} }
        },
      },
      sources: {
        addRemote({ name }) {
          if (cards.has(name.replace(/^.*taken$/, 'taken'))) return false
          cards.add(name)
          return true
        },
        removeRemote: (name) => void assert.ok(cards.delete(name), name),
      },
      log: { say: (_level, message) => void said.push(message) },
      session: 's',
      now: () => 1000,
      changed: () => undefined,
    })
  let hosts = begin()
  let lives = 0
  return {
    said,
    hosts: () => hosts.list().map(({ name, connected }) => `${name} ${connected}`),
    cards: () => [...cards].filter((name) => name !== 'taken').toSorted(),
    restart() {
      for (const name of cards) if (name !== 'taken') cards.delete(name)
      hosts = begin()
    },
    /** Until it is called whoever comes waits. */
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
    come(more: Partial<AgentHello> = {}, dismissed: () => void = () => undefined): Promise<AdmittedAgent> {
      const hello = { protocol: 1, version: '1.0.0', host: 'web-1', agent: 'a', time: 1000, control: false, ...more }
      const control = (): Promise<void> => Promise.resolve()
      const link = { address: '192.0.2.1', control, dismiss: dismissed, probe: () => undefined }
      return hosts.admit({ life: `l${++lives}`, ...hello }, link)
    },
  }
}

const stateOf = (...names: string[]): AgentState => ({
  sources: names.map(
    (name) => ({ name, type: 'process', title: name, state: 'running', run: 1, restarts: 0 }) as RemoteSource,
  ),
  head: 0,
  spoolBytes: 0,
  spoolLimitBytes: 0,
  whenFull: 'block',
  dropped: 0,
  time: 1000,
  trouble: [],
})

test('the old connection of an agent may end while the new one is let in', async () => {
  const hub = open()
  const old = await hub.come({ life: 'same' })
  old.keepsLease()
  const goOn = hub.hold()
  const coming = hub.come({ life: 'same', lease: old.lease }, () => assert.fail('dismissed'))
  old.left()
  goOn()
  await coming
  assert.deepEqual(hub.hosts(), ['web-1 true'])
})

test('of two that come at once one is let in', async () => {
  const hub = open()
  const goOn = hub.hold()
  const both = [hub.come(), hub.come({ agent: 'b' }), hub.come({ host: 'web-2' })]
  goOn()
  const results = await Promise.allSettled(both)
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected'],
  )
  assert.deepEqual(hub.hosts(), ['web-1 true'])
})

test('an agent that is called otherwise takes what is known of it along, and comes again under either name', async () => {
  const hub = open()
  let agent = await hub.come()
  agent.keepsLease()
  agent.tells(stateOf('api'))
  await assert.rejects(hub.come({ host: 'web-2', lease: agent.lease }), { code: 'agent-in-use' })
  agent.left()
  for (const host of ['web-2', 'web-2', 'web-1', 'web-1']) {
    const { lease } = agent
    agent = await hub.come({ host, lease })
    agent.keepsLease()
    assert.deepEqual([hub.hosts(), hub.cards()], [[`${host} true`], [`${host}/api`]])
    agent.left()
    hub.restart()
  }
  assert.ok(hub.said.includes('web-1 is called web-2 now'))
})

test('a source that its host tells no more goes, and comes again; one of the hub stays', async () => {
  const hub = open()
  const agent = await hub.come()
  agent.tells(stateOf('api', 'container', 'taken'))
  assert.deepEqual(hub.cards(), ['web-1/api', 'web-1/container'])
  agent.tells(stateOf('api'))
  assert.deepEqual(hub.cards(), ['web-1/api'])
  agent.tells(stateOf('api', 'container'))
  assert.deepEqual(hub.cards(), ['web-1/api', 'web-1/container'])
})

test('a hub that has forgotten words lets an agent in that has a later one', async () => {
  const hub = open()
  const agent = await hub.come()
  agent.keepsLease()
  agent.left()
  await assert.rejects(hub.come({ lease: '0.x' }), { code: 'agent-copied' })
  const later = await hub.come({ lease: '9.x' })
  assert.match(later.lease, /^10\./)
})
