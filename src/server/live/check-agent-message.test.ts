// Messages of agents: what is too long is cut, what is wrong is refused, and nothing that is let through breaks a hub later.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AgentHello, AgentState, RemoteSource } from '../../contracts/hosts/host.ts'
import type { RunRow } from '../../contracts/source.ts'
import { checkHello, checkRuns, checkState } from './check-agent-message.ts'

const hello: AgentHello = {
  protocol: 1,
  version: '1.0.0',
  host: 'web-1',
  agent: 'a',
  life: 'l',
  lease: '1.x',
  time: 1000,
  control: false,
}
const source: RemoteSource = {
  name: 'api',
  type: 'process',
  title: 'Api',
  state: 'running',
  run: 1,
  restarts: 0,
  controllable: true,
}
const state: AgentState = {
  sources: [source],
  head: 1,
  spoolBytes: 0,
  spoolLimitBytes: 0,
  whenFull: 'block',
  dropped: 0,
  time: 1000,
  trouble: [],
}
const run: RunRow = { source: 'api', run: 1, session: '', startedAt: 1000, endedAt: null, details: {} }

test('a state that says too much is cut, not refused', () => {
  const long = 'x'.repeat(5000)
  const sources = Array.from({ length: 1500 }, (_, i) => ({ ...source, name: `s${i}` }))
  sources[0] = { ...source, title: long, detail: long, type: long }
  const checked = checkState({ ...state, sources, trouble: Array.from({ length: 50 }, () => long) })
  assert.equal(checked.sources.length, 1000)
  assert.equal(checked.trouble.length, 20)
  const [first] = checked.sources
  assert.deepEqual(
    [first!.title, first!.type, first!.detail, checked.trouble[0]].map((text) => text!.length),
    [200, 200, 2000, 2000],
  )
  assert.equal(checkState({ ...state, sources: [{ ...source, title: '' }] }).sources[0]!.title, 'api')
})

test('of runs the newest of a message count', () => {
  const rows = Array.from({ length: 700 }, (_, i) => ({ ...run, run: i + 1 }))
  assert.deepEqual(
    checkRuns(rows).map((row) => row.run),
    rows.slice(200).map((row) => row.run),
  )
})

test('a word begins with its number', () => {
  assert.equal(checkHello(hello).lease, '1.x')
  for (const lease of ['x', '', '-1.x', 7 as unknown as string])
    assert.throws(() => checkHello({ ...hello, lease }), { code: 'request-invalid' }, JSON.stringify(lease))
})

test('times are dates, also by a clock that is wrong', () => {
  const wrong = { code: 'request-invalid' }
  for (const time of [NaN, 5e15, -5e15, '1' as unknown as number]) {
    assert.throws(() => checkHello({ ...hello, time }), wrong)
    assert.throws(() => checkState({ ...state, time }), wrong)
    assert.throws(() => checkRuns([{ ...run, startedAt: time }]), wrong)
    assert.throws(() => checkRuns([{ ...run, endedAt: time }]), wrong)
    const told = checkState({ ...state, oldestAt: time, sources: [{ ...source, startedAt: time, restartAt: time }] })
    assert.deepEqual(told, state)
  }
})
