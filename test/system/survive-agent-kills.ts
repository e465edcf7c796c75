// The promise that a hub has every line of another host once, whoever dies and whatever is cut on the way, as one scenario for the
// system test and for the torture: processes print numbered lines while their agent and the hub are killed and the way between them is
// cut, and in the end store and log file are compared with what the processes say they have printed.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareAgent, type AgentProcess } from '../agent-process.ts'
import { startHub, until, type HubProcess } from '../hub-process.ts'
import { openCuttingWay } from './cutting-way.ts'
import { logFileLines } from './log-file-lines.ts'
import { numberOracle } from './number-oracle.ts'
import { printNumbers, readReports } from './print-numbers.ts'

export type Blow = 'agent' | 'hub' | 'both' | 'cut' | 'lost-answer'

export interface AgentKillPlan {
  perSecond: number
  /** One after the other, each so long after the one before it. */
  blows: { what: Blow; afterMs: number }[]
  words?: string[]
}

export interface AgentKillOutcome {
  lines: number
  cuts: number
}

export async function surviveAgentKills({ perSecond, blows, words = [] }: AgentKillPlan): Promise<AgentKillOutcome> {
  const common = { stopFile: 'stop', reportFile: 'reports.ndjson' }
  const hub = await startHub({ processes: {}, sinks: { logFile: { rotateBytes: 1024 * 1024, keep: 1_000_000 } } })
  const way = await openCuttingWay(() => Number(new URL(hub.url).port))
  const agent = prepareAgent(
    {
      processes: {
        counter: {
          command: printNumbers({ ...common, prefix: 'counter', stream: 'stdout', perSecond }),
          restart: 'never',
        },
        complainer: {
          command: printNumbers({ ...common, prefix: 'complainer', stream: 'stderr', perSecond: 200 }),
          restart: 'never',
        },
      },
    },
    { hub: () => way.url, name: 'edge', words },
  )
  try {
    await agent.start()
    for (const { what, afterMs } of blows) {
      await sleep(afterMs)
      await strike(what, { agent, hub, way })
    }
    writeFileSync(path.join(agent.directory, common.stopFile), '')
    const lines = await checkAll(agent, hub, common.reportFile)
    return { lines, cuts: way.cuts() }
  } finally {
    await agent.close()
    await hub.close()
    await way.close()
  }
}

async function strike(
  what: Blow,
  { agent, hub, way }: { agent: AgentProcess; hub: HubProcess; way: { cut(): void; cutAtAnswer(): void } },
): Promise<void> {
  if (what === 'cut' || what === 'lost-answer') {
    await hub.ready()
    await until('the agent is there', async () => (await hub.client.hosts())[0]?.connected, 60_000)
    return what === 'cut' ? way.cut() : way.cutAtAnswer()
  }
  if (what === 'agent' || what === 'both') {
    await agent.kill()
    agent.launch()
  }
  if (what === 'hub' || what === 'both') {
    await hub.kill()
    hub.launch()
  }
}

async function checkAll(agent: AgentProcess, hub: HubProcess, reportFile: string): Promise<number> {
  await hub.ready()
  const reports = await until('both have printed all', () => {
    const all = readReports(path.join(agent.directory, reportFile)).filter(({ printed }) => printed !== undefined)
    return all.length === 2 && all
  })
  const printed = new Map(reports.map(({ prefix, printed: count = 0 }) => [prefix, count]))
  const exits = async (): Promise<number> =>
    (await hub.client.search({ query: 'source:edge/c* kind:event exited', limit: 10 })).records.length
  await until('the exits are told', async () => (await exits()) >= printed.size, 60_000).catch((cause: Error) => {
    throw new Error(`${cause.message}\n${agent.console()}\n${hub.console()}`, { cause })
  })
  const store = numberOracle('the store of the hub')
  for await (const { message, id, source, run } of hub.records('source:edge/c* kind:system')) {
    assert.equal(run, 1, source)
    store.take(message, id)
  }
  store.assertComplete(printed)
  assert.equal((await hub.client.search({ query: 'kind:gap source:edge/*' })).records.length, 0, 'nothing is missing')
  assert.equal(await hub.end('SIGINT'), 130, hub.console())
  for (const [source, count] of printed) {
    const file = numberOracle(`the log file of ${source}`)
    for await (const line of logFileLines(hub.stateDirectory, `edge%2F${source}`)) file.take(line)
    file.assertComplete(new Map([[source, count]]))
  }
  const verified = await hub.command('store', 'verify')
  assert.equal(verified.code, 0, verified.stdout + verified.stderr)
  return [...printed.values()].reduce((sum, count) => sum + count, 0)
}
