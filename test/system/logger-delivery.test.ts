// The logger's delivery between a real application and a real hub, each killed at any moment: what the application's log has, the hub
// has once.
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import type { DeliveringAppOptions } from './delivering-app.ts'
import { mountSmallDisk } from './small-disk.ts'
import { openTroubledWay, type TroubledWay } from './troubled-way.ts'
import type { LoggerOptions } from '../../logger/src/index.ts'

let hub: HubProcess
let directory: string
const children: ChildProcess[] = []
const ways: TroubledWay[] = []
let life = 0

before(async () => {
  hub = prepareHub({ processes: {} })
  await hub.start()
})
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'logboom-delivery-'))
})
afterEach(() => rmSync(directory, { recursive: true }))
after(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const way of ways) await way.close()
  await hub.close()
})

interface App {
  child: ChildProcess
  stderr(): string
  /** Resolves when it has printed that. */
  said(text: string): Promise<void>
  ended(): Promise<void>
  kill(): Promise<void>
}

function startApp(given: Partial<DeliveringAppOptions>): App {
  const options: DeliveringAppOptions = {
    directory,
    url: hub.url,
    prefix: `life${++life}`,
    records: 1,
    perSecond: 0,
    end: 'close',
    ...given,
  }
  const script = path.resolve(import.meta.dirname, 'delivering-app.ts')
  const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let out = ''
  let stderr = ''
  child.stdout.on('data', (data) => (out += String(data)))
  child.stderr.on('data', (data) => (stderr += String(data)))
  const exit = once(child, 'close')
  return {
    child,
    stderr: () => stderr,
    said: async (text) => void (await until(`the application says ${text}; ${stderr}`, () => out.includes(text))),
    ended: async () => void (await exit),
    async kill() {
      child.kill('SIGKILL')
      await exit
    },
  }
}

/** Messages of the log and its rotated copies. */
function logged(): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(^|\/)app(\.\d+)?\.log(\.\d+)?$/.test(name),
  )
  const text = names.map((name) => readFileSync(path.join(directory, name), 'utf8')).join('')
  return [...text.matchAll(/life\d+ n=\d+/g)].map(([message]) => message)
}

/** Waits until the hub has as many, then compares: each once, none missing. */
async function assertDelivered(expected: readonly string[]): Promise<void> {
  const prefixes = new Set(expected.map((message) => message.split(' ')[0]!))
  const query = `source:app (${[...prefixes].join(' OR ')})`
  await until(
    `${expected.length} records at the hub`,
    async () => (await hub.client.summary({ query })).count >= expected.length,
  )
  const times = new Map<string, number>()
  for await (const { message } of hub.records(query)) times.set(message, (times.get(message) ?? 0) + 1)
  const wanted = new Set(expected)
  const missing = expected.filter((message) => !times.has(message))
  const repeated = [...times].filter(([, count]) => count > 1)
  const strange = [...times.keys()].filter((message) => !wanted.has(message))
  assert.deepEqual(
    { missing: missing.slice(0, 5), repeated: repeated.slice(0, 5), strange: strange.slice(0, 5), count: times.size },
    { missing: [], repeated: [], strange: [], count: expected.length },
  )
}

test('what is logged arrives with time, level, logger and process, and the spool goes when all is sent', async () => {
  const app = startApp({ records: 3 })
  await app.ended()
  await assertDelivered(logged())
  const { records } = await hub.client.search({ query: `source:app life${life}`, order: 'oldest' })
  assert.deepEqual(
    records.map(({ logger, severity, fields, message }) => [logger, severity, Number(fields?.['pid']), message]),
    [0, 1, 2].map((n) => ['app', 9, app.child.pid, `life${life} n=${n}`]),
  )
  assert.ok(!existsSync(path.join(directory, '.app.spool')), 'the spool is there still')
  assert.equal(app.stderr(), '')
})

test('a hub that is away at first gets everything when it comes', async () => {
  await hub.kill()
  const app = startApp({ records: 20_000, perSecond: 20_000, end: 'stay' })
  await app.said('all logged')
  await hub.start()
  await assertDelivered(logged())
  await until('the spool is empty', () => spooled().length === 0)
  await app.kill()
})

test('a hub killed again and again under 10,000 records a second has each once', async () => {
  const app = startApp({ records: 25_000, perSecond: 10_000, end: 'stay' })
  for (const pauseMs of [300, 40, 700]) {
    await sleep(pauseMs)
    await hub.kill()
    await hub.start()
  }
  await app.said('all logged')
  await assertDelivered(logged())
  await app.kill()
})

const logs: [string, LoggerOptions][] = [
  ['one text file', {}],
  ['text files rotated every few milliseconds', { maxSize: 20_000, keep: 1000 }],
  [
    'JSON files, rotated into a directory of their own',
    { format: 'json', maxSize: '1MB', archiveDir: 'old', keep: 100 },
  ],
]
for (const [what, logger] of logs) {
  test(`an application killed again and again at 10,000 records a second: the next start sends the rest. ${what}`, async () => {
    for (const pauseMs of [15, 80, 500]) {
      const app = startApp({ records: 1_000_000, perSecond: 10_000, end: 'stay', logger })
      await app.said('begun')
      await sleep(pauseMs)
      await app.kill()
    }
    await startApp({ records: 1, logger }).ended()
    await assertDelivered(logged())
  })
}

test('both killed at once, again and again', async () => {
  for (const pauseMs of [30, 400]) {
    const app = startApp({ records: 1_000_000, perSecond: 10_000, end: 'stay' })
    await app.said('begun')
    await sleep(pauseMs)
    await Promise.all([app.kill(), hub.kill()])
    await hub.start()
  }
  await startApp({ records: 1 }).ended()
  await assertDelivered(logged())
})

test('two processes of one name, killed and started in turns, take over each other’s spools and nothing twice', async () => {
  const start = async (): Promise<App> => {
    const app = startApp({ records: 1_000_000, perSecond: 3000, end: 'stay' })
    await app.said('begun')
    return app
  }
  const first = await start()
  const second = await start()
  await sleep(100)
  await second.kill()
  const third = await start()
  await sleep(300)
  await Promise.all([first.kill(), third.kill()])
  await startApp({ records: 1 }).ended()
  assert.ok(existsSync(path.join(directory, 'app.2.log')))
  await assertDelivered(logged())
})

test('process.exit right after logging loses nothing, with a log file and without', async () => {
  for (const file of [true, false]) {
    await startApp({ records: 5000, end: 'exit', logger: { file } }).ended()
    await startApp({ records: 1, end: 'exit', logger: { file } }).ended()
  }
  await startApp({ records: 1 }).ended()
  await assertDelivered(logged())
})

test('a process that ends for want of work has handed everything to the hub, and leaves no spool', async () => {
  await startApp({ records: 1000, end: 'drain' }).ended()
  assert.ok(!existsSync(path.join(directory, '.app.spool')), 'the spool is there still')
  await assertDelivered(logged())
})

test('answers that are lost on the way make nothing come twice, whoever is killed meanwhile', async () => {
  const way = await openWay(({ number }) => (number % 2 === 1 ? 'answer-lost' : undefined))
  for (let kills = 0; kills < 3; kills++) {
    const app = startApp({ records: 1_000_000, perSecond: 5000, end: 'stay', url: way.url })
    const before = way.requests.length
    await until('a request whose answer is lost', () => way.requests.length > before + kills)
    await sleep(50)
    await app.kill()
  }
  await startApp({ records: 1, url: way.url }).ended()
  await startApp({ records: 1 }).ended()
  await assertDelivered(logged())
  const batches = way.requests.map(({ batch }) => batch)
  assert.ok(new Set(batches).size < batches.length, 'no batch was sent again')
})

test('where a proxy takes small bodies only, batches are halved until they pass, each record once', async () => {
  let losses = 0
  const way = await openWay(({ body }) =>
    body.length > 20_000 ? { status: 413 } : losses++ % 4 === 1 ? 'answer-lost' : undefined,
  )
  await hub.kill()
  const away = startApp({ records: 3000, end: 'exit', url: way.url })
  await away.ended()
  await hub.start()
  const app = startApp({ records: 1, end: 'stay', url: way.url })
  await app.said('all logged')
  await assertDelivered(logged())
  assert.ok(way.requests.some(({ body }) => body.length > 20_000))
  await app.kill()
})

test('a record that the hub cannot take is set aside and told, and those beside it arrive', async () => {
  const way = await openWay(({ body }) => (body.includes(' n=7"') ? { status: 413 } : undefined))
  const app = startApp({ records: 100, end: 'stay', url: way.url })
  await app.said('all logged')
  await assertDelivered(logged().filter((message) => !message.endsWith(' n=7')))
  const file = path.join(directory, '.app.spool/too-large.refused')
  assert.equal((JSON.parse(readFileSync(file, 'utf8')) as { msg: string }).msg, `life${life} n=7`)
  assert.match(app.stderr(), /too large; it is set aside in .*too-large\.refused\.\n$/)
  const query = 'source:app "1 records missing"'
  await until('the gap', async () => (await hub.client.summary({ query })).count === 1)
  await app.kill()
})

test('Retry-After is honoured', async () => {
  const times: number[] = []
  const way = await openWay(({ number }) => {
    times.push(performance.now())
    return number === 1 ? { status: 503, headers: { 'retry-after': '3' } } : undefined
  })
  const app = startApp({ records: 5, end: 'stay', url: way.url })
  await app.said('all logged')
  await assertDelivered(logged())
  await app.kill()
  assert.ok(times[1]! - times[0]! >= 2950, `asked again after ${times[1]! - times[0]!} ms`)
})

test('a full spool gives up the oldest, and the counts of what is told and what arrives are all that was logged', async () => {
  const away = await openWay(() => ({ status: 503, headers: { 'retry-after': '600' } }))
  const records = 120_000
  const maxSpoolBytes = 3 * 1024 * 1024
  const app = startApp({
    records,
    perSecond: 60_000,
    end: 'stay',
    url: away.url,
    maxSpoolBytes,
    logger: { file: false },
  })
  await app.said('all logged')
  await until('all is in the spool', () => spooledText().includes(`life${life} n=${records - 1}"`))
  assert.ok(spooledText().length < maxSpoolBytes + 2 * 1024 * 1024, `the spool has ${spooledText().length} bytes`)
  await app.kill()
  await startApp({ records: 1, logger: { file: false } }).ended()
  const query = `source:app life${life - 1}`
  const gap = await until(
    'the gap',
    async () => (await hub.client.search({ query: 'source:app missing', limit: 1 })).records[0],
  )
  const missing = Number(/^\[gap\] (\d+) records missing: the spool was full$/.exec(gap.message)![1])
  assert.ok(missing > 0)
  await until('the rest', async () => (await hub.client.summary({ query })).count + missing >= records)
  assert.equal((await hub.client.summary({ query })).count + missing, records)
})

test('while the disk of the spool is full, records stay in memory; when there is room they go, each once', async () => {
  const disk = mountSmallDisk(path.join(directory, 'small'), 2)
  try {
    const way = await openWay(({ number }) => (number <= 2 ? { status: 503 } : undefined))
    disk.fill()
    const records = 20_000
    const app = startApp({
      directory: disk.directory,
      records,
      perSecond: 10_000,
      end: 'stay',
      url: way.url,
      logger: { file: false },
    })
    await app.said('all logged')
    await until('the full disk is told', () => app.stderr() !== '')
    assert.match(app.stderr(), /^logboom-logger: The spool .* cannot be written .*ENOSPC.*until it can\n$/)
    disk.free()
    await assertDelivered(Array.from({ length: records }, (_, n) => `life${life} n=${n}`))
    await app.kill()
  } finally {
    disk.unmount()
  }
})

test('a wrong token is told once, with a hint; with the right one all arrives', async () => {
  const guarded = prepareHub({ processes: {} })
  await guarded.start()
  const command = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await guarded.command(...words)
    assert.equal(code, 0, stderr)
    return stdout.trim()
  }
  await command('user', 'add', 'root')
  const token = await command('token', 'add', 'app', '--may', 'send', '--source', 'app')
  const app = startApp({ records: 500, perSecond: 1000, url: guarded.url, token: 'wrong', end: 'stay' })
  await app.said('all logged')
  await until('the refusal is told', () => app.stderr() !== '')
  await app.kill()
  assert.match(app.stderr(), /^logboom-logger: The hub refuses records with status 401: .*LOGBOOM_TOKEN.*\n$/)
  await startApp({ records: 1, url: guarded.url, token }).ended()
  const found = JSON.parse(`[${(await command('logs', '--json', '-n', '1000', 'source:app')).replaceAll('\n', ',')}]`)
  assert.equal((found as unknown[]).length, 501)
  await guarded.close()
})

async function openWay(troubleOf: Parameters<typeof openTroubledWay>[1]): Promise<TroubledWay> {
  const way = await openTroubledWay(() => hub.url, troubleOf)
  ways.push(way)
  return way
}

function spooled(): string[] {
  const spool = path.join(directory, '.app.spool')
  return existsSync(spool)
    ? readdirSync(spool, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ndjson|open)$/.test(name))
    : []
}

function spooledText(): string {
  return spooled()
    .map((name) => readFileSync(path.join(directory, '.app.spool', name), 'utf8'))
    .join('')
}
