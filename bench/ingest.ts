// Records over HTTP: what it costs to take them in, beside JSON.parse of the same lines, which is the unit. Ten fields and
// 468 bytes a record.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { stageTypes } from '../src/stages/index.ts'
import { openPipeline } from '../src/pipeline/pipeline.ts'
import { stageChains } from '../src/shape/stage-chain.ts'
import { localStore } from '../src/stores/local/local-store.ts'
import { openBodyCuts } from '../src/json/body-cuts.ts'
import { openBodyReader } from '../src/json/ndjson.ts'
import { startHub, type HubProcess, type HubProcessOptions } from '../test/hub-process.ts'
import { printTable } from './table.ts'

const recordBytes = 468
const bodyRecords = 2000
const bodies = makeBodies(20)

/** Numbers from 0 to 1, the same in every run. */
function random(seed: number): () => number {
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
}

function makeBodies(count: number): { lines: string[]; bytes: Uint8Array<ArrayBuffer> }[] {
  const next = random(42)
  const whole = (below: number): number => Math.floor(next() * below)
  const hex = (digits: number): string => Array.from({ length: digits }, () => whole(16).toString(16)).join('')
  const levels = ['info', 'info', 'info', 'info', 'debug', 'warn', 'error']
  const agents = ['Firefox/138.0', 'Chrome/126.0', 'curl/8.14.1'].map(
    (name) => `Mozilla/5.0 (X11; Linux x86_64) ${name}`,
  )
  const line = (n: number): string => {
    const record = {
      time: new Date(1_749_392_730_000 + n * 3).toISOString(),
      level: levels[whole(levels.length)],
      logger: 'shop.checkout.payment',
      message: `order ${1e6 + n} of basket ${whole(9999)} paid in ${whole(900)} ms by card ending in ${whole(9999)}`,
      trace_id: hex(32),
      user_id: whole(1e6),
      duration_ms: whole(1e5) / 100,
      method: 'POST',
      path: `/api/v1/shops/${whole(500)}/orders/${1e6 + n}/payment`,
      user_agent: agents[whole(agents.length)]!,
    }
    const missing = recordBytes - 1 - JSON.stringify(record).length
    return JSON.stringify({ ...record, user_agent: record.user_agent.padEnd(record.user_agent.length + missing, 'x') })
  }
  return Array.from({ length: count }, (_, body) => {
    const lines = Array.from({ length: bodyRecords }, (_, i) => line(body * bodyRecords + i))
    return { lines, bytes: new Uint8Array(Buffer.from(`${lines.join('\n')}\n`)) }
  })
}

/** Records per CPU-second of this thread; the best of five stretches, for others use the machine, too. */
function rate(work: (body: (typeof bodies)[number]) => unknown): number {
  let best = 0
  for (const body of bodies) work(body)
  for (let stretch = 0; stretch < 5; stretch++) {
    const before = process.threadCpuUsage()
    let rounds = 0
    for (const startedAt = performance.now(); performance.now() - startedAt < 600; rounds++) bodies.forEach(work)
    const { user, system } = process.threadCpuUsage(before)
    best = Math.max(best, (rounds * bodies.length * bodyRecords) / ((user + system) / 1e6))
  }
  return best
}

function parseRate(): number {
  return rate(({ lines }) => {
    for (const line of lines) JSON.parse(line)
  })
}

function batchRate(): number {
  const reader = openBodyReader()
  const memory = new Uint8Array(4 * 1024 * 1024)
  const allocate = (bytes: number): Uint8Array => memory.subarray(0, bytes)
  const bounds = { mostBytes: Infinity, mostRecords: Infinity }
  const options = { form: 'ndjson', source: 'shop', session: 's', observed: 1, allocate, ...bounds } as const
  return rate(({ bytes }) =>
    reader.read(bytes, openBodyCuts(bytes, 'ndjson', Infinity), { at: 0, fragment: 0 }, options),
  )
}

/** Shaped, numbered, encoded and synced by this thread; the thread that seals is not counted. */
async function commitRate(records: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-bench-'))
  const stages = Object.fromEntries(stageTypes.map(({ name, options }) => [name, options(z).parse({})]))
  const store = await localStore.open({ directory, now: Date.now, warn: console.error })
  const pipeline = openPipeline({
    store,
    session: 's',
    openStages: stageChains(stageTypes, { stages }),
    publish: () => undefined,
    warn: console.error,
    now: Date.now,
  })
  const before = process.threadCpuUsage()
  for (let n = 0; n < records; n += 2 * bodyRecords) {
    const answers = [0, 1].map((i) =>
      pipeline.ingest(
        { form: 'ndjson', source: 'shop', named: false, taken: [] },
        new Uint8Array(bodies[(n / bodyRecords + i) % bodies.length]!.bytes),
      ),
    )
    await pipeline.step()
    await Promise.all(answers)
  }
  const { user, system } = process.threadCpuUsage(before)
  await store.close()
  rmSync(directory, { recursive: true })
  return records / ((user + system) / 1e6)
}

/** CPU seconds of each thread of a process, by the thread's number. */
function threadSeconds(pid: number): Map<string, number> {
  const seconds = (stat: string): number => {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  }
  return new Map(
    readdirSync(`/proc/${pid}/task`).map((task) => [
      `${task} ${readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8').trim()}`,
      seconds(readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8')),
    ]),
  )
}

function post(hub: HubProcess, agent: Agent, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-ndjson', 'content-length': bytes.length }
    const request = httpRequest(`${hub.url}/api/v1/ingest?source=shop`, { method: 'POST', headers, agent })
    request.on('error', reject).on('response', (response) => {
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`))
      response.on('end', resolve).resume()
    })
    request.end(bytes)
  })
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 })

/** Sends records over four connections, `perSecond` of them or, with 0, as fast as they are taken; returns how many. */
export async function postRecords(hub: HubProcess, records: number, perSecond = 0): Promise<number> {
  const startedAt = performance.now()
  let sent = 0
  async function send(): Promise<void> {
    while (sent < records) {
      const body = bodies[(sent / bodyRecords) % bodies.length]!
      sent += bodyRecords
      const aheadMs = perSecond === 0 ? 0 : (sent / perSecond) * 1000 - (performance.now() - startedAt)
      if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs))
      await post(hub, agent, body.bytes)
    }
  }
  await Promise.all([send(), send(), send(), send()])
  return sent
}

interface Measured {
  perCpuSecond: number
  beforeSealing: number
  perSecond: number
  peakMb: number
}

/** `perSecond`: 0 for as fast as it goes. */
async function overHttp(sinks: HubProcessOptions['sinks'], records: number, perSecond = 0): Promise<Measured> {
  const hub = await startHub({ processes: {}, ...(sinks ? { sinks } : {}) })
  try {
    await post(hub, agent, bodies[0]!.bytes)
    const cpuBefore = hub.cpuSeconds()
    const startedAt = performance.now()
    const sent = await postRecords(hub, records, perSecond)
    const seconds = (performance.now() - startedAt) / 1000
    const cpu = hub.cpuSeconds() - cpuBefore
    if (process.env['THREADS']) console.log(threadSeconds(hub.pid))
    return { perCpuSecond: sent / cpu, beforeSealing: 0, perSecond: sent / seconds, peakMb: hub.memoryMb().peak }
  } finally {
    await hub.close()
  }
}

export async function ingest(): Promise<void> {
  const unit = parseRate()
  const rows = [
    { what: 'JSON.parse alone', perCpuSecond: unit },
    { what: 'JSON lines to a batch', perCpuSecond: batchRate() },
    { what: 'and committed, in the thread that does so', perCpuSecond: await commitRate(600_000) },
  ]
  printTable(
    `Records of ${recordBytes} bytes and ten fields, taken in`,
    rows.map(({ what, perCpuSecond }) => ({
      what,
      'records/CPU-second': Math.round(perCpuSecond),
      'JSON.parse = 1': perCpuSecond / unit,
    })),
  )
  for (const [what, sinks] of [
    ['over HTTP, store only', { logFile: false, sessionFile: false }],
    ['over HTTP, with log and session file', undefined],
  ] as const)
    console.log(what, await overHttp(sinks, 1_000_000))
}
