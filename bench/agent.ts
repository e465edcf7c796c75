// An agent and its hub: lines for each second of processor time on the host, how fast it catches up after its hub was away, how long a
// line takes, and how much an idle one takes.
import { setTimeout as delay } from 'node:timers/promises'
import { prepareAgent, type AgentProcess } from '../test/agent-process.ts'
import { startHub, until, type HubProcess } from '../test/hub-process.ts'
import { printNumbers } from '../test/system/print-numbers.ts'
import { printTable } from './table.ts'
import { ownCpuSeconds, residentMb } from './tail/collector.ts'

const settleMs = 10_000
const idleMs = 20_000
const burstLines = 1_000_000
const liveRate = 10_000
const awayMs = 60_000

type Row = Record<string, string | number>

interface Both {
  hub: HubProcess
  agent: AgentProcess
}

async function withBoth<Value>(
  processes: Record<string, object>,
  work: (both: Both) => Promise<Value>,
): Promise<Value> {
  const hub = await startHub({ processes: {} })
  const agent = prepareAgent({ processes }, { hub: () => hub.url, name: 'edge', words: ['--control'] })
  try {
    await agent.start()
    return await work({ hub, agent })
  } finally {
    await agent.close()
    await hub.close()
  }
}

function printer(perSecond: number, count: number | undefined, autostart: boolean): object {
  const common = { prefix: 'counter', stream: 'stdout', reportFile: 'reports', stopFile: 'stop' } as const
  const command = printNumbers({ ...common, perSecond, ...(count === undefined ? {} : { count }) })
  return { command, restart: 'never', autostart }
}

const exited = async ({ client }: HubProcess): Promise<boolean> =>
  (await client.search({ query: 'source:edge/counter kind:event exited', limit: 1 })).records.length > 0

async function burst(): Promise<Row> {
  return await withBoth({ counter: printer(10_000_000, burstLines, false) }, async ({ hub, agent }) => {
    await until('its card', async () => (await hub.client.sources()).length === 1)
    const [before, hubBefore] = [agent.cpuSeconds(), hub.cpuSeconds()]
    const startedAt = performance.now()
    await hub.client.control('edge/counter', 'start')
    // Asking costs the hub, whose work is not what is measured here.
    for (; !(await exited(hub)); await delay(250));
    const [cpu, hubCpu] = [agent.cpuSeconds() - before, hub.cpuSeconds() - hubBefore]
    return {
      what: `${burstLines} lines at once`,
      'lines/CPU-s of the agent': burstLines / cpu,
      'lines/CPU-s of the hub': burstLines / hubCpu,
      seconds: (performance.now() - startedAt) / 1000,
      'agent, MB at most': agent.memoryMb().peak,
    }
  })
}

async function catchUp(): Promise<Row> {
  return await withBoth({ counter: printer(liveRate, undefined, true) }, async ({ hub, agent }) => {
    await delay(settleMs)
    await hub.kill()
    await delay(awayMs)
    await hub.start()
    const lag = async (): Promise<number> => {
      const [host] = await hub.client.hosts()
      return host?.connected && host.lastSeenAt > 0 ? host.lag : Infinity
    }
    await until('it is there again', async () => (await lag()) < Infinity, 60_000)
    const [from, startedAt] = [await countOf(hub), performance.now()]
    const printedAtStart = (awayMs / 1000) * liveRate
    await until('it has caught up', async () => (await countOf(hub)) - from >= printedAtStart, 300_000)
    const seconds = (performance.now() - startedAt) / 1000
    return {
      what: `after ${awayMs / 1000} s away, at ${liveRate} lines/s`,
      'lines/s': printedAtStart / seconds,
      seconds,
      'times the live rate': printedAtStart / seconds / liveRate,
      'agent, MB at most': agent.memoryMb().peak,
    }
  })
}

const countOf = async ({ client }: HubProcess): Promise<number> => {
  const { cursor } = await client.search({ limit: 1 })
  return cursor
}

/** From the capture on the host to the hub's having it, by one clock. */
async function latency(rate: number): Promise<Row> {
  return await withBoth({ counter: printer(rate, undefined, true) }, async ({ hub, agent }) => {
    const found: number[] = []
    await delay(settleMs / 2)
    const before = agent.cpuSeconds()
    const subscription = hub.client.follow(
      { query: 'source:edge/counter', after: await countOf(hub) },
      {
        records: (records) => {
          const now = Date.now()
          for (const { observed } of records) found.push(now - observed)
        },
      },
    )
    await delay(settleMs)
    subscription.close()
    const cpu = agent.cpuSeconds() - before
    found.sort((a, b) => a - b)
    const at = (share: number): number => found[Math.floor(found.length * share)] ?? NaN
    return {
      what: `capture to follower at ${rate} lines/s`,
      'p50 ms': at(0.5),
      'p99 ms': at(0.99),
      'agent, % of a core': (100_000 * cpu) / settleMs,
    }
  })
}

async function idle(): Promise<Row> {
  const processes = Object.fromEntries(
    Array.from({ length: 10 }, (_, n) => [`idle-${n}`, { command: ['sleep', '600'] }]),
  )
  return await withBoth(processes, async ({ agent }) => {
    await delay(settleMs)
    const before = ownCpuSeconds(agent.pid)
    await delay(idleMs)
    return {
      what: 'idle, ten processes',
      'agent, % of a core': (100_000 * (ownCpuSeconds(agent.pid) - before)) / idleMs,
      'resident MB': residentMb(agent.pid),
    }
  })
}

export async function agent(): Promise<void> {
  printTable('Agent: idle', [await idle()])
  printTable('Agent: a burst', [await burst()])
  printTable('Agent: latency', [await latency(1000), await latency(10_000)])
  printTable('Agent: catching up', [await catchUp()])
}
