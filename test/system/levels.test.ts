// Which levels and services are shown, which are kept, and for how long: by configuration, environment and flag, and changed while the
// hub runs, seen from outside.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { WebSocket } from 'ws'
import { prepareHub, until, type HubProcess, type HubProcessOptions } from '../hub-process.ts'

const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')

/** Processes that print what is written to a FIFO of their name. */
const talkers = Object.fromEntries(
  ['api', 'worker'].map((name) => [
    name,
    { command: ['sh', '-c', `[ -p ${name}.in ] || mkfifo ${name}.in; exec 3<>${name}.in; echo ready; exec cat <&3`] },
  ]),
)

async function openTalking(t: TestContext, config: object): Promise<HubProcess> {
  const hub = prepareHub({ processes: talkers, ...config } as HubProcessOptions)
  t.after(() => hub.close())
  await hub.start()
  for (const name of Object.keys(talkers)) await until(`${name} is ready`, () => isKept(hub, `source:${name} ready`))
  return hub
}

interface Said {
  level?: string
  msg: string
  logger?: string
}

function say(hub: HubProcess, line: Said, name = 'api'): void {
  appendFileSync(path.join(hub.directory, `${name}.in`), `${JSON.stringify({ level: 'info', ...line })}\n`)
}

async function isKept(hub: HubProcess, query: string): Promise<boolean> {
  return (await hub.client.search({ query })).records.length > 0
}

/** The texts that a stream gives, as they come; `isQuiet`: it has nothing to begin with. */
async function listen(t: TestContext, hub: HubProcess, address: string, isQuiet = false): Promise<string[]> {
  const texts: string[] = []
  const socket = new WebSocket(hub.url.replace('http', 'ws') + address)
  t.after(() => socket.terminate())
  socket.on('message', (data: Buffer) => {
    const { data: line } = JSON.parse(data.toString()) as { data?: { message: string } }
    if (line) texts.push(line.message)
  })
  await once(socket, 'open')
  // What comes behind the lines that it begins with comes live.
  if (!isQuiet) await until('the recent lines', () => texts.length > 0)
  return texts
}

/** What a card shows. */
function card(t: TestContext, hub: HubProcess, query: string): string[] {
  const texts: string[] = []
  const records = (some: { message: string }[]): void => void texts.push(...some.map(({ message }) => message))
  const follow = hub.client.follow({ query, shown: true, collapse: 'adjacent', slow: 'skip' }, { records })
  t.after(() => follow.close())
  return texts
}

const has = (texts: readonly string[], ...wanted: string[]) => wanted.every((text) => texts.includes(text))

test('levels, services and retention are changed while the hub runs, and stay so over kill -9', async (t) => {
  const config = {
    captureLevel: 'debug',
    serviceNames: { gpt_service: 'AI Assistant' },
    deduplicationWindowMs: 300,
    maxMemoryLogs: 3,
  }
  const hub = await openTalking(t, config)
  const { client } = hub
  const [usual, debug, cards] = [await listen(t, hub, '/ws'), await listen(t, hub, '/ws?debug=true'), card(t, hub, '')]

  await t.test(
    'by configuration: below the capture level nothing is kept, below the shown one nothing is shown',
    async () => {
      say(hub, { level: 'trace', msg: 'trace one' })
      say(hub, { level: 'debug', msg: 'debug one' })
      say(hub, { msg: 'info one', logger: 'gpt_service.stream' })
      await until(
        'the line',
        () => has(usual, 'info one') && has(cards, 'info one') && has(debug, 'info one', 'debug one'),
      )
      assert.ok(!has(usual, 'debug one') && !has(cards, 'debug one'))
      assert.ok(await isKept(hub, 'debug one'))
      assert.ok(!(await isKept(hub, 'trace one')))
      const [record] = (await client.search({ query: 'service:"ai assistant"' })).records
      assert.deepEqual([record?.message, record?.service, record?.level], ['info one', 'AI Assistant', 'INFO'])
      const { facets } = await client.summary({ query: 'source:api', facets: ['service'] })
      assert.deepEqual(
        facets![0]!.top.map(({ value, count }) => `${value} ${count}`),
        ['Api 3', 'AI Assistant 1'],
      )
    },
  )

  await t.test('repeats are told when their window is over', async () => {
    for (let n = 0; n < 3; n++) say(hub, { msg: 'again' })
    await until('the count', () => usual.some((text) => text.startsWith('[repeats] 2 more times: again')))
    assert.equal(usual.filter((text) => text === 'again').length, 1)
  })

  await t.test('the ring replays as many lines as maxMemoryLogs says', async () => {
    const texts = await listen(t, hub, '/ws/logs?debug=true')
    await until('the ring', () => texts.length === 3)
    say(hub, { msg: 'behind the ring' })
    await until('the line', () => texts.includes('behind the ring'))
    assert.equal(texts.length, 4, texts.join())
  })

  await t.test('a source, and not others', async () => {
    const [view] = await client.setLevel('api', { shown: 'DEBUG' })
    assert.deepEqual([view!.name, view!.shownLevel, view!.capturedLevel], ['api', 'DEBUG', 'DEBUG'])
    say(hub, { level: 'debug', msg: 'debug two' })
    say(hub, { level: 'debug', msg: 'debug of worker' }, 'worker')
    say(hub, { msg: 'info of worker' }, 'worker')
    await until('the lines', () => [usual, cards].every((texts) => has(texts, 'debug two', 'info of worker')))
    assert.ok(!has(usual, 'debug of worker') && !has(cards, 'debug of worker'))
    const others = (await client.sources()).map(({ name, shownLevel }) => `${name} ${shownLevel}`)
    assert.deepEqual(others.toSorted(), ['api DEBUG', 'worker INFO'])
  })

  await t.test('what is captured, and how much that leaves out is counted', async () => {
    const set = await hub.command('level', 'worker', 'error', '--captured')
    assert.match(set.stdout, /^worker +INFO +ERROR$/m, set.stderr)
    say(hub, { msg: 'not captured' }, 'worker')
    say(hub, { level: 'error', msg: 'captured' }, 'worker')
    await until('the line', () => isKept(hub, '"captured" level:error'))
    assert.ok(!(await isKept(hub, '"not captured"')))
    const verified = JSON.parse((await hub.command('verify', '--json')).stdout) as { sources: object[] }
    assert.match(JSON.stringify(verified), /"source":"worker"[^}]*"dropped(ByRule)?":1\b/)
  })

  await t.test('services', async () => {
    const listed = await hub.command('service', 'AI Assistant', 'off')
    assert.match(listed.stdout, /^AI Assistant +off +on$/m, listed.stderr)
    say(hub, { msg: 'hidden', logger: 'gpt_service' })
    say(hub, { msg: 'seen' })
    await until('the line', () => has(usual, 'seen') && has(cards, 'seen') && has(debug, 'seen'))
    for (const texts of [usual, cards, debug]) assert.ok(!has(texts, 'hidden'))
    assert.ok(await isKept(hub, 'hidden'))
  })

  await t.test('retention', async () => {
    const said = await hub.command('store', 'keep', '--age', '7d', '--source', 'debug-*')
    assert.match(said.stdout, /^Kept: 30d, at most .*; debug-\*: 7d$/m, said.stderr)
    assert.equal((await hub.command('store', 'keep', '--age', 'soon')).code, 2)
  })

  await t.test('all of it holds under the next hub, and is audited', async () => {
    await hub.kill()
    await hub.start()
    const { sources: rules } = (await client.store()).retention
    assert.deepEqual(rules, [{ pattern: 'debug-*', ageMs: 7 * 86_400_000 }])
    const sources = await until('the sources', async () => {
      const views = await client.sources()
      return views.length >= 2 && views
    })
    const levels = sources.map(({ name, shownLevel, capturedLevel }) => `${name} ${shownLevel} ${capturedLevel}`)
    assert.deepEqual(levels.toSorted(), ['api DEBUG DEBUG', 'worker INFO ERROR'])
    assert.deepEqual(await client.services(), [{ name: 'AI Assistant', shown: false, captured: true }])
    const after = await listen(t, hub, '/ws')
    say(hub, { level: 'debug', msg: 'debug three' })
    await until('the line', () => has(after, 'debug three'))
    const audits = (await client.search({ query: 'kind:audit logger:audit.orchestrator' })).records
    const actions = new Set(audits.map(({ fields }) => (fields as { action: string }).action))
    for (const action of ['level', 'service', 'retention']) assert.ok(actions.has(action), [...actions].join())
  })

  await t.test('and is taken back', async () => {
    await client.setLevel('api', { shown: 'default' })
    await client.setLevel('worker', { captured: 'default' })
    assert.match((await hub.command('level', '--all', 'warning')).stdout, /^api +WARNING +DEBUG$/m)
    await client.setService('ai assistant', { shown: true })
    assert.match((await hub.command('service')).stdout, /^All services are shown/)
    await client.setRetention({ source: 'debug-*', age: 'default' })
    assert.deepEqual((await client.store()).retention.sources, [])
    for (const [words, wrong] of [
      [['level', 'nobody', 'info'], /no source nobody/],
      [['level', 'api', 'loud'], /shown must be a level, or default/],
    ] as const)
      assert.match((await hub.command(...words)).stderr, wrong)
  })

  await t.test('as docs/levels.md says', async () => {
    const doc = readFileSync(path.join(import.meta.dirname, '../../docs/levels.md'), 'utf8')
    const commands = [...doc.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => block!.trim().split('\n'))
    assert.ok(commands.length > 10)
    // In one go: each line says what it did, and an error ends it.
    const script = `set -e\nlogboom() { '${process.execPath}' '${bin}' "$@"; }\n${commands.join(' > last.txt; test -s last.txt\n')}`
    await promisify(execFile)('sh', ['-c', script], { cwd: hub.directory, env: { ...process.env, HUB: hub.url } })
    const { retention } = await client.store()
    assert.deepEqual(
      [retention.ageMs, retention.sources],
      [30 * 86_400_000, [{ pattern: 'debug-*', ageMs: 86_400_000 }]],
    )
    assert.deepEqual(await client.services(), [])
  })
})

test('with streaming switched off, dialects and cards get nothing, and files and store go on', async (t) => {
  const hub = await openTalking(t, { enableDashboardStreaming: false })
  const [stream, cards] = [await listen(t, hub, '/ws?debug=true', true), card(t, hub, '')]
  const all: string[] = []
  const follow = hub.client.follow({}, { records: (some) => void all.push(...some.map(({ message }) => message)) })
  t.after(() => follow.close())
  say(hub, { msg: 'one' })
  await until('the line', () => has(all, 'one'))
  await until('its file', () => / one$/m.test(readFileSync(path.join(hub.stateDirectory, 'logs/api.log'), 'utf8')))
  assert.deepEqual([stream, cards], [[], []])
})

const printing = `console.log('plain'); for (const level of ['trace', 'debug', 'info', 'error']) console.log(JSON.stringify({ level, msg: 'at ' + level }))`

const runs: [flags: string[], environment: Record<string, string>, shown: string[]][] = [
  [[], {}, ['plain', 'at info', 'at error']],
  [['--debug'], {}, ['plain', 'at debug', 'at info', 'at error']],
  [['--level', 'trace'], { LOGGING_LEVEL: 'error' }, ['plain', 'at trace', 'at debug', 'at info', 'at error']],
  [[], { LOGGING_LEVEL: 'error' }, ['at error']],
]

test('run shows INFO and up, and more by flag or environment', async (t) => {
  let environment = {}
  const place = prepareHub({}, () => ({ environment }))
  t.after(() => place.close())
  for (const [flags, given, shown] of runs) {
    environment = given
    const { stdout } = await place.command(
      'run',
      '--port',
      '0',
      '--no-store',
      ...flags,
      '--',
      process.execPath,
      '-e',
      printing,
    )
    assert.deepEqual(stdout.match(/plain|at \w+/g), shown, `${flags.join(' ')} ${JSON.stringify(given)}: ${stdout}`)
  }
})
