// What the hub keeps of a host: its clock, its sources, its word.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AgentState, RemoteSource } from '../../contracts/hosts/host.ts'
import { hear, hostOf, nextSkew } from './known-host.ts'

test('a message that was long on its way is no slow clock, several are; a clock that seems faster is so at once', () => {
  let host: { skewMs: number; slowCount?: number | undefined } = { skewMs: 0 }
  const see = (ms: number): number => (host = nextSkew(host, ms)).skewMs
  assert.deepEqual([30_000, 0, 30_000, 30_000, 0].map(see), [0, 0, 0, 0, 0])
  assert.deepEqual([60_000, 61_000, 60_500].map(see), [0, 0, 60_500])
  assert.deepEqual([62_000, 0].map(see), [60_500, 0])
  assert.deepEqual([-9000].map(see), [-9000])
})

const hello = { protocol: 1, version: '1.0.0', host: 'web-1', agent: 'a', life: 'l', time: 1000, control: false }
const about = { address: '192.0.2.1', now: 1000 }

test('a host that is called otherwise keeps its word, another agent in its place does not', () => {
  const before = { ...hostOf(hello, { ...about, before: undefined }), lease: '4.x' }
  const renamed = hostOf({ ...hello, host: 'web-2' }, { ...about, before })
  assert.deepEqual([renamed.name, renamed.lease], ['web-2', '4.x'])
  assert.equal(hostOf({ ...hello, agent: 'b' }, { ...about, before }).lease, undefined)
})

test('sources that are told no more are gone, but not while the agent opens them', () => {
  const host = hostOf(hello, { ...about, before: undefined })
  const tell = (names: string[], opening = false): string[] => {
    const sources = names.map((name) => ({ name }) as RemoteSource)
    const state = { head: 1, spoolBytes: 0, spoolLimitBytes: 0, whenFull: 'block', dropped: 0, time: 1000, trouble: [] }
    hear(host, { ...state, sources, opening } as AgentState, { through: 1, now: 1000 })
    return host.sources.map(({ name }) => name)
  }
  assert.deepEqual(tell(['a', 'b']), ['a', 'b'])
  assert.deepEqual(tell(['b'], true), ['b', 'a'])
  assert.deepEqual(tell(['b']), ['b'])
})
