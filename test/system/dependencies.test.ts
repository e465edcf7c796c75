// Processes that wait for others, through the real product, and through the death of its hub.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceView } from '../../src/wire/hub-view.ts'
import { startHub, until, type HubProcess } from '../hub-process.ts'

const server = (setup: string): string[] => [process.execPath, '-e', setup]
const listen = (answer: string): string =>
  `setTimeout(() => require('http').createServer((q, r) => ${answer}).listen(0, '127.0.0.1', function () {
     require('fs').writeFileSync('port', String(this.address().port)); console.log('listening') }), 300)`

async function stateOf(hub: HubProcess, name: string): Promise<SourceView | undefined> {
  return (await hub.client.sources()).find((source) => source.name === name)
}

const untilState = (hub: HubProcess, name: string, state: string): Promise<SourceView> =>
  until(`${name} ${state}`, async () => {
    const source = await stateOf(hub, name)
    return source?.state === state ? source : undefined
  })

async function events(hub: HubProcess): Promise<string[]> {
  const all: string[] = []
  for await (const { source, fields } of hub.records('kind:event')) all.push(`${source} ${String(fields?.['event'])}`)
  return all
}

test('each when those it waits for are as far, also under the next hub; stopped the other way round', async (t) => {
  const hub = await startHub({
    processes: {
      db: { command: server(listen('r.end()')), ready: { log: '^listen(ing)?$', intervalMs: 20 } },
      migrate: { command: 'test -s port', dependsOn: 'db', restart: 'never' },
      web: {
        command: 'sleep 1000',
        dependsOn: { migrate: 'completed', db: 'started' },
        ready: {
          command:
            'curl -sf "http://127.0.0.1:$(cat port)" || node -e "fetch(\'http://127.0.0.1:\' + fs.readFileSync(\'port\'))"',
          intervalMs: 20,
        },
      },
      worker: { command: 'sleep 1000', dependsOn: ['web'] },
    },
  })
  t.after(() => hub.close())
  await untilState(hub, 'worker', 'running')
  // What has happened is shown at once, and written down a moment later.
  const order = await until('all events', async () => {
    const all = await events(hub)
    return all.includes('migrate exited') && all.includes('worker started') && all
  })
  const place = (event: string): number => {
    assert.ok(order.includes(event), `${event} in ${order.join(', ')}`)
    return order.indexOf(event)
  }
  assert.ok(place('db started') < place('db ready') && place('db ready') < place('migrate started'))
  assert.ok(place('migrate started') < place('web started') && place('web ready') < place('worker started'))

  const before = await Promise.all(['db', 'web', 'worker'].map(async (name) => (await stateOf(hub, name))!.pid))
  await hub.kill()
  await hub.start()
  await untilState(hub, 'web', 'ready')
  await untilState(hub, 'db', 'ready')
  assert.deepEqual(
    await Promise.all(['db', 'web', 'worker'].map(async (name) => (await stateOf(hub, name))!.pid)),
    before,
  )

  await hub.end('SIGTERM')
  const stops = hub
    .console()
    .split('\n')
    .flatMap((line) => /(\w+) stopping/.exec(line)?.[1] ?? [])
  assert.deepEqual(stops, ['worker', 'web', 'db'])
})

test('what will never be is told; what was stopped is started for who needs it; waiting can be ended', async (t) => {
  const hub = await startHub({
    processes: {
      fails: { command: 'exit 3', restart: 'never' },
      hopeless: { command: 'sleep 1000', dependsOn: { fails: 'completed' } },
      deaf: { command: 'sleep 1000', ready: { port: 1, timeoutMs: 300, intervalMs: 50 } },
      patient: { command: 'sleep 1000', dependsOn: 'deaf' },
      lazy: { command: 'sleep 1000', autostart: false },
      eager: { command: 'sleep 1000', autostart: false, dependsOn: 'lazy' },
    },
  })
  t.after(() => hub.close())
  assert.match((await untilState(hub, 'hopeless', 'crashed')).detail!, /^fails was to complete, but has crashed/)
  assert.equal((await stateOf(hub, 'lazy'))?.state, 'stopped')
  await hub.client.control('eager', 'start')
  await untilState(hub, 'eager', 'running')
  assert.equal((await stateOf(hub, 'lazy'))?.state, 'running')

  await until('told', async () => (await stateOf(hub, 'deaf'))?.detail?.startsWith('not ready within 0.3s'))
  assert.equal((await stateOf(hub, 'patient'))?.detail, 'waits for deaf to be ready')
  await hub.client.control('patient', 'stop')
  assert.equal((await stateOf(hub, 'patient'))?.state, 'stopped')
})
