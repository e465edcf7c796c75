// Many processes at once, through the real product.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceView } from '../../src/wire/hub-view.ts'
import { startHub, until, type HubProcess } from '../hub-process.ts'

async function statesOf(hub: HubProcess): Promise<Record<string, string>> {
  return Object.fromEntries((await hub.client.sources()).map(({ name, state }: SourceView) => [name, state]))
}

test('groups, patterns and all are started and stopped in the order in which they wait; who fails is told', async (t) => {
  const sleeper = { command: 'exec sleep 1000' }
  const hub = await startHub({
    processes: {
      api: { ...sleeper, group: 'backend', dependsOn: 'db' },
      db: { ...sleeper, group: 'backend' },
      page: sleeper,
      broken: { command: 'no-such-command', autostart: false },
    },
  })
  t.after(() => hub.close())
  await until('all running', async () => {
    const { api, db, page } = await statesOf(hub)
    return [api, db, page].every((state) => state === 'running')
  })
  const stopped = await hub.command('stop', '@backend')
  assert.deepEqual([stopped.code, stopped.stdout, stopped.stderr], [0, 'api stopped\ndb stopped\n', ''])
  assert.deepEqual(await statesOf(hub), { api: 'stopped', db: 'stopped', page: 'running', broken: 'stopped' })

  const mistyped = await hub.command('restart', 'page', '@bakend')
  assert.equal(mistyped.code, 2)
  assert.match(mistyped.stderr, /there is no group "bakend"; did you mean "backend"\?/)

  const started = await hub.command('start', 'a*', 'db', 'broken')
  assert.equal(started.code, 1)
  assert.match(started.stdout, /^api started \(PID \d+\)\ndb started \(PID \d+\)\n$/)
  assert.match(started.stderr, /^logboom: broken: command not found: no-such-command\n/)

  const results = await hub.client.controlMany({ action: 'restart', targets: ['*i', 'db'] })
  assert.deepEqual(
    results.map(({ name, source, error }) => [name, source.state, source.restarts, error]),
    [
      ['api', 'running', 1, undefined],
      ['db', 'running', 1, undefined],
    ],
  )
  const all = await hub.command('stop', '--all')
  assert.deepEqual([all.code, all.stdout], [0, 'api stopped\ndb stopped\npage stopped\nbroken stopped\n'])
  const events = await until('all told', async () => {
    const told = hub.console().match(/(api|db) (stopping|started)/g) ?? []
    return told.length === 12 && told
  })
  const stop = ['api stopping', 'db stopping']
  const start = ['db started', 'api started']
  assert.deepEqual(events, [...start, ...stop, ...start, ...stop, ...start, ...stop])
})
