// Sources of another host as those of the hub: what a record has, masks, runs, cards, control, clocks, figures.
import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import type { LogRecord } from '../../src/client/index.ts'
import { prepareAgent, type AgentProcess, type AgentProcessOptions } from '../agent-process.ts'
import { prepareHub, startHub, until, type HubProcess, type HubProcessOptions } from '../hub-process.ts'
import { dayMs, prepareClockHub, requireClocks } from './clock-hub.ts'

async function begin(t: TestContext): Promise<HubProcess> {
  const hub = await startHub({ processes: {} })
  t.after(() => hub.close())
  return hub
}

function agentOf(
  t: TestContext,
  hub: HubProcess,
  config: HubProcessOptions,
  options: Partial<AgentProcessOptions> = {},
): AgentProcess {
  const agent = prepareAgent(config, { hub: () => hub.url, name: 'web-1', ...options })
  t.after(() => agent.close())
  return agent
}

async function recordsOf(hub: HubProcess, query: string): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  for await (const record of hub.records(query)) records.push(record)
  return records
}

/** All but what the hub gives them. */
const core = ({ id: _id, session: _session, observed: _observed, time: _time, source: _source, ...rest }: LogRecord) =>
  rest

const speaks = {
  processes: {
    speaker: {
      command: [
        `echo '{"level":"error","msg":"boom","user":{"id":7},"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","logger":"a.b"}'`,
        'echo "plain warning: disk is nearly full" >&2',
        'echo "password=hunter2hunter2"',
        'printf "Traceback (most recent call last):\\n  File \\"x.py\\", line 1\\nValueError: no\\n" >&2',
        'echo "[AUDIT] somebody did it"',
        'exit 3',
      ].join('; '),
      restart: 'never',
    },
  },
}

test('a record of a host has all that one of the hub itself has; secrets never leave the host', async (t) => {
  const hub = await begin(t)
  const own = prepareHub(speaks)
  t.after(() => own.close())
  await own.start()
  const agent = agentOf(t, hub, speaks)
  await agent.start()
  const said = async (of: HubProcess, source: string): Promise<ReturnType<typeof core>[]> => {
    const query = `source:${source}`
    await until(`${source} has ended`, async () => (await recordsOf(of, `${query} kind:event exited`)).length === 1)
    // The streams of a process are read side by side.
    const byText = (a: LogRecord, b: LogRecord): number => (a.message < b.message ? -1 : 1)
    return (await recordsOf(of, query)).toSorted(byText).map(core)
  }
  const clean = (records: ReturnType<typeof core>[]): unknown[] =>
    records.map(({ seq: _seq, fields, message, ...rest }) => ({
      ...rest,
      message: message.replaceAll(/\d{3,}/g, 'N'),
      fields: JSON.stringify(fields)?.replaceAll(/\d{3,}/g, 'N'),
    }))
  const here = clean(await said(own, 'speaker'))
  const there = clean(await said(hub, 'web-1/speaker'))
  assert.deepEqual(there, here)
  assert.ok(JSON.stringify(there).includes('0af7651916cd43dd8448eb211c80319c') || here.length > 6)
  for (const [file] of [[path.join(hub.stateDirectory, 'logs/web-1%2Fspeaker.log')]]) {
    const text = readFileSync(file!, 'utf8')
    assert.match(text, /boom/)
    assert.doesNotMatch(text, /hunter2/)
  }
  const [run] = (await hub.client.runs({ source: 'web-1/speaker' })).runs
  assert.deepEqual([run!.run, run!.status, run!.exitCode], [1, 'FAILED', 3])
  const view = (await hub.client.sources()).find(({ name }) => name === 'web-1/speaker')!
  assert.deepEqual([view.type, view.state, view.run, view.exit!.code], ['process', 'crashed', 1, 3])
  assert.deepEqual(
    [view.host, view.group, view.isControllable],
    [{ name: 'web-1', connected: true }, 'web-1', undefined],
  )
  const { stdout } = await hub.command('hosts')
  assert.match(stdout, /web-1 +connected +\S+ +1 +/)
})

test('processes are started and stopped from the hub where the host lets it, and files are read there, too', async (t) => {
  const hub = await begin(t)
  const config = {
    processes: { web: { command: 'echo life $$; exec sleep 1000' } },
    files: { app: { paths: 'app.log', start: 'beginning' } },
  }
  const agent = agentOf(t, hub, config, { words: ['--control'] })
  writeFileSync(path.join(agent.directory, 'app.log'), 'first\n')
  await agent.start()
  const lives = (): Promise<LogRecord[]> => recordsOf(hub, 'source:web-1/web kind:system life')
  await until('it runs', async () => (await lives()).length === 1)
  const restarted = await hub.command('restart', 'web-1/web')
  assert.deepEqual([restarted.code, restarted.stderr], [0, ''])
  await until('a new life', async () => (await lives()).length === 2)
  assert.deepEqual(
    (await lives()).map(({ run }) => run),
    [1, 2],
  )
  await hub.client.control('web-1/web', 'stop')
  assert.equal((await hub.client.sources()).find(({ name }) => name === 'web-1/web')!.state, 'stopped')
  appendFileSync(path.join(agent.directory, 'app.log'), 'second\n')
  await until('the file', async () => (await recordsOf(hub, 'source:web-1/app kind:system')).length === 2)

  await agent.end('SIGTERM')
  await until('it is away', async () => (await hub.client.hosts())[0]?.connected === false)
  await assert.rejects(hub.client.control('web-1/web', 'start'), /web-1 is not connected/)
  await hub.kill()
  await hub.start()
  const card = (await hub.client.sources()).find(({ name }) => name === 'web-1/web')!
  assert.match(card.detail!, /web-1 is not connected; heard last .* ago/)
  assert.match((await hub.command('hosts')).stdout, /web-1 +away/)

  // A hub that was killed leaves nothing behind on this machine, whatever runs on others.
  await agent.start()
  await until('it runs again', async () => (await lives()).length === 3)
  await hub.kill()
  const down = await hub.command('down')
  assert.match(down.stderr, /no hub is running/)
  await hub.start()
  await until('it is there', async () => (await hub.client.hosts())[0]?.connected)
  assert.equal((await recordsOf(hub, 'source:web-1/web "no hub was looking"')).length, 0)
  assert.deepEqual(await hub.command('down'), { code: 0, stdout: 'Stopped the hub\n', stderr: '' })
})

test('without --control nobody is let; its hub says so', async (t) => {
  const hub = await begin(t)
  const agent = agentOf(t, hub, { processes: { web: { command: 'echo life; exec sleep 1000' } } })
  await agent.start()
  await until('its card', async () => (await hub.client.sources()).length === 1)
  await assert.rejects(hub.client.control('web-1/web', 'restart'), { code: 'not-controllable' })
})

test('a clock that is off by a day is told and allowed for', requireClocks(), async (t) => {
  const hub = await begin(t)
  // The clock of the harness is that of whatever is started in its surroundings.
  const clock = prepareClockHub({ processes: {} })
  t.after(() => clock.close())
  clock.setClock(-dayMs)
  const config = { processes: { speaker: { command: 'echo hello; exec sleep 1000', restart: 'never' } } }
  const agent = agentOf(t, hub, config, { around: clock.around })
  await agent.start()
  const query = 'source:web-1/speaker kind:system hello'
  await until('it speaks', async () => (await recordsOf(hub, query)).length === 1)
  const [record] = await recordsOf(hub, query)
  assert.ok(Math.abs(record!.time - Date.now()) < 60_000, new Date(record!.time).toISOString())
  const [host] = await hub.client.hosts()
  assert.ok(Math.abs(host!.skewMs - dayMs) < 60_000, `${host!.skewMs}`)
  assert.match(hub.console(), /web-1 is connected .* its clock is 86\d+ s slow, which is allowed for/)
  const [run] = (await hub.client.runs({ source: 'web-1/speaker' })).runs
  assert.ok(Math.abs(run!.startedAt - Date.now()) < 60_000)
})
