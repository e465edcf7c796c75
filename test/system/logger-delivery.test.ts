// The logger's delivery between a real application and a real hub, each killed at any moment: what the application's log has, the hub
// has once.
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import type { DeliveringAppOptions } from './delivering-app.ts'

let hub: HubProcess
let directory: string
const children: ChildProcess[] = []
let life = 0

before(async () => {
  hub = prepareHub({ processes: {} })
  await hub.start()
})
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'logboom-delivery-'))
})
after(async () => {
  for (const child of children) child.kill('SIGKILL')
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

/** Messages of the log with their counts, the oldest file first. */
function logged(): string[] {
  const text = readFileSync(path.join(directory, 'app.log'), 'utf8')
  return [...text.matchAll(/\[INFO\] (life\d+ n=\d+)$/gm)].map((found) => found[1]!)
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
  assert.ok(!existsSync(path.join(directory, 'app.spool')), 'the spool is there still')
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
  const app = startApp({ records: 40_000, perSecond: 10_000, end: 'stay' })
  for (const pauseMs of [300, 700, 40, 900]) {
    await sleep(pauseMs)
    await hub.kill()
    await hub.start()
  }
  await app.said('all logged')
  await assertDelivered(logged())
  await app.kill()
})

test('an application killed again and again at 10,000 records a second: the next start sends what the last one could not', async () => {
  for (const pauseMs of [0, 3, 15, 35, 80, 300, 700]) {
    const app = startApp({ records: 1_000_000, perSecond: 10_000, end: 'stay' })
    await app.said('begun')
    await sleep(pauseMs)
    await app.kill()
  }
  await startApp({ records: 1 }).ended()
  await assertDelivered(logged())
})

test('both killed at once, again and again', async () => {
  for (const pauseMs of [30, 200, 500]) {
    const app = startApp({ records: 1_000_000, perSecond: 10_000, end: 'stay' })
    await app.said('begun')
    await sleep(pauseMs)
    await Promise.all([app.kill(), hub.kill()])
    await hub.start()
  }
  await startApp({ records: 1 }).ended()
  await assertDelivered(logged())
})

test('process.exit right after logging loses nothing, with a log file and without', async () => {
  for (const hasLogFile of [true, false]) {
    await startApp({ records: 5000, end: 'exit', hasLogFile }).ended()
    await startApp({ records: 1, end: 'exit', hasLogFile }).ended()
  }
  await startApp({ records: 1 }).ended()
  await assertDelivered(logged())
})

function spooled(): string[] {
  const spool = path.join(directory, 'app.spool')
  return existsSync(spool)
    ? readdirSync(spool, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ndjson|open)$/.test(name))
    : []
}

void createServer
void rmSync
