// Many processes at once, several of one, and those that come by the clock, through the real product.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
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
      const { page, ...instances } = await statesOf(hub)
      const ready = Object.values(instances).filter((state) => state === 'ready').length
      return page === 'running' && ready === count && Object.keys(instances).length === count && pids()
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
  await assert.rejects(hub.client.scale({ name: 'page', instances: 2 }), /page runs only once/)
  const fewer = await hub.client.scale({ name: 'web', instances: 1 })
  assert.deepEqual(
    fewer.map(({ name, source }) => [name, source]),
    [
      ['web-2', undefined],
      ['web-3', undefined],
    ],
  )
  assert.deepEqual(Object.keys(await areUp(1)), ['web-1', 'page'])

  // A number that is new in the configuration counts more than what was said, and who is too many then is stopped.
  await hub.client.scale({ name: 'web', instances: 3 })
  const again = await areUp(3)
  await hub.kill()
  const file = join(hub.directory, 'logboom.config.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace('"instances":2', '"instances":1'))
  await hub.start()
  assert.equal((await areUp(1))['web-1'], again['web-1'])
  assert.deepEqual([isAlive(again['web-2']!), isAlive(again['web-3']!)], [false, false])
})

test('a scheduled run in flight is adopted and not fired again; what was missed is told and made up for once', async (t) => {
  const hub = await startHub({
    processes: {
      job: { command: 'echo at work; until [ -e go ]; do sleep 0.05; done', every: '1s' },
      weekly: { command: 'echo weekly', every: '168h', catchUp: true },
      lazy: { command: 'echo lazy', schedule: '0 0 1 1 *', restart: 'always' },
      page: { command: 'exec sleep 1000', dependsOn: ['lazy', 'weekly'] },
    },
  })
  t.after(() => hub.close())
  const inCatalogue = <Value>(work: (catalogue: DatabaseSync) => Value): Value => {
    const catalogue = new DatabaseSync(join(hub.stateDirectory, 'catalogue.db'))
    try {
      return work(catalogue)
    } finally {
      catalogue.close()
    }
  }
  const viewOf = async (name: string): Promise<SourceView | undefined> =>
    (await hub.client.sources()).find((source) => source.name === name)
  const running = await until('the first firing', async () => {
    const job = await viewOf('job')
    return job?.state === 'running' && job
  })
  await until(
    'one that waits for nothing that comes by the clock',
    async () => (await viewOf('page'))?.state === 'running',
  )
  await hub.kill()
  // As if the hub had been away for three weeks.
  const lookedAt = Date.now() - 3 * 7 * 86_400_000
  const { changes } = inCatalogue((catalogue) =>
    catalogue
      .prepare("UPDATE kept SET value = json_set(value, '$.lookedAt', ?) WHERE key = ?")
      .run(lookedAt, 'source weekly'),
  )
  assert.equal(changes, 1)
  await hub.start()
  const adopted = await until('the job in the next hub', async () => {
    const job = await viewOf('job')
    return job?.state === 'running' && job
  })
  assert.deepEqual([adopted.pid, adopted.run, adopted.adopted], [running.pid, 1, true])
  const weekly = await until('the run that makes up', async () => {
    const view = await viewOf('weekly')
    return view?.state === 'exited' && view
  })
  assert.equal(weekly.run, 1)
  await until('a firing skipped', async () => (await viewOf('job'))!.schedule!.skipped > 0)
  writeFileSync(join(hub.directory, 'go'), '')
  const later = await until('a run after that', async () => {
    const job = await viewOf('job')
    return job !== undefined && job.run >= 3 && job
  })
  assert.ok(later.schedule!.nextAt! > running.startedAt!)

  const firings = inCatalogue((catalogue) =>
    catalogue.prepare("SELECT details ->> 'firing' AS firing FROM runs WHERE source = 'job' ORDER BY run").all(),
  ).map(({ firing }) => Number(firing))
  assert.ok(firings.length >= 3 && firings.every((firing) => firing % 1000 === 0), firings.join())
  assert.ok(
    firings.every((firing, at) => at === 0 || firing > firings[at - 1]!),
    `each run for a firing of its own: ${firings.join()}`,
  )
  const told = await until('what was missed and skipped', async () => {
    const events = new Map<string, Record<string, unknown>>()
    for await (const { source, fields } of hub.records('kind:event'))
      events.set(`${source} ${String(fields?.['event'])}`, fields ?? {})
    return events.has('weekly missed') && events.has('job skipped') && events
  })
  assert.ok(Number(told.get('weekly missed')?.['missed']) >= 2)
  assert.equal(told.has('lazy started'), false)

  await hub.client.control('lazy', 'start')
  await until('fired by hand', async () => (await viewOf('lazy'))?.state === 'exited')
  const stopped = await hub.client.controlMany({ action: 'stop', targets: ['job', 'lazy'] })
  assert.deepEqual(
    stopped.map(({ source }) => [source?.state, source?.schedule?.nextAt]),
    [
      ['stopped', undefined],
      ['stopped', undefined],
    ],
  )
  const [lazy] = await hub.client.controlMany({ action: 'start', targets: ['la*'] })
  assert.deepEqual([lazy!.source?.run, lazy!.source?.schedule?.nextAt !== undefined], [1, true])
})
