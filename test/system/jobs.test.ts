// Many processes at once, through the real product.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { SourceView } from '../../src/wire/hub-view.ts'
import { isAlive, startHub, until, type HubProcess } from '../hub-process.ts'

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
    results.map(({ name, source, error }) => [name, source?.state, source?.restarts, error]),
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

test('instances come and go while the others run on, under the next hub too; who needs them waits for all', async (t) => {
  const script = 'test $LOGBOOM_INSTANCE = 1 || sleep 0.5; echo $LOGBOOM_INSTANCE at $PORT; exec sleep 1000'
  const web = { command: script, instances: 2, firstPort: 4000, ready: { log: ' at ', intervalMs: 20 } }
  const hub = await startHub({ processes: { web, page: { command: 'exec sleep 1000', dependsOn: 'web' } } })
  t.after(() => hub.close())
  const pids = async (): Promise<Record<string, number | undefined>> =>
    Object.fromEntries((await hub.client.sources()).map(({ name, pid }) => [name, pid]))
  const areUp = (count: number) =>
    until(`${count} and the page`, async () => {
      const states = Object.values(await statesOf(hub))
      return states.length === count + 1 && states.every((state) => state === 'ready' || state === 'running') && pids()
    })
  const two = await areUp(2)
  assert.deepEqual(Object.keys(two), ['web-1', 'web-2', 'page'])
  const events = hub.console().match(/\S+ (ready|started)/g)!
  assert.ok(events.indexOf('page started') > events.indexOf('web-2 ready'), events.join())

  const scaled = await hub.command('scale', 'web', '3')
  assert.match(scaled.stdout, /^web-3 started \(PID \d+\)\n$/)
  const three = await areUp(3)
  assert.deepEqual([three['web-1'], three['web-2']], [two['web-1'], two['web-2']])
  const lines: string[] = []
  for await (const { message } of hub.records('source:web-* kind:system')) lines.push(message)
  assert.deepEqual(lines.sort(), ['1 at 4000', '2 at 4001', '3 at 4002'])

  await hub.kill()
  await hub.start()
  assert.deepEqual(await areUp(3), three)
  const refused = await hub.command('scale', 'page', '2')
  assert.deepEqual([refused.code, /page runs only once/.test(refused.stderr)], [1, true])
  const fewer = await hub.command('scale', 'web', '1')
  assert.deepEqual(fewer.stdout.split('\n').sort(), ['', 'web-2 stopped', 'web-3 stopped'])
  assert.deepEqual(Object.keys(await areUp(1)), ['web-1', 'page'])

  // What was said holds until the processes are stopped with the hub.
  await hub.end('SIGTERM')
  await hub.start()
  const again = await areUp(2)
  await hub.kill()
  const file = join(hub.directory, 'logboom.config.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace('"instances":2', '"instances":1'))
  await hub.start()
  assert.equal((await areUp(1))['web-1'], again['web-1'])
  assert.equal(isAlive(again['web-2']!), false)
})
