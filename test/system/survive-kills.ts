// The promise that a hub's death harms no one, as one scenario for the system test and for the torture: processes print
// numbered lines while their hub is killed and started again, and in the end store, log file and follower are compared
// with what the processes say they have printed.
import assert from 'node:assert/strict'
import { createHash, type Hash } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogRecord } from '../../src/client/index.ts'
import { isAlive, prepareHub, until, type HubProcess } from '../hub-process.ts'
import { logFileLines } from './log-file-lines.ts'
import { numberOracle, type NumberOracle } from './number-oracle.ts'
import { printNumbers, readReports, type PrintReport } from './print-numbers.ts'
import { runOracle } from './run-oracle.ts'

export interface KillPlan {
  perSecond: number
  /** One life of the hub each, until its kill: so long after its launch, or after it serves. */
  lives: readonly { after: 'launch' | 'ready'; ms: number }[]
  /** How long there is no hub after each kill. */
  deadMs: number
  rotateBytes: number
}

export interface KillOutcome {
  lines: number
  /** Lives of the process that ends and is started again all the time. */
  shortLives: number
  /** From launch to serving, milliseconds, one per hub that got so far. */
  startMs: number[]
}

export async function surviveKills({ perSecond, lives, deadMs, rotateBytes }: KillPlan): Promise<KillOutcome> {
  // The configuration names files in the place, which has no name before; so they are relative to it.
  const [stopFile, reportFile] = ['stop', 'reports.ndjson']
  const common = { stopFile, reportFile }
  const hub = prepareHub({
    processes: {
      counter: {
        command: printNumbers({ ...common, prefix: 'counter', stream: 'stdout', perSecond }),
        restart: 'never',
      },
      complainer: {
        command: printNumbers({ ...common, prefix: 'complainer', stream: 'stderr', perSecond: 500 }),
        restart: 'never',
      },
      mayfly: {
        command: printNumbers({
          ...common,
          prefix: 'mayfly',
          stream: 'stdout',
          perSecond: 2000,
          count: 400,
          unfinished: true,
          exitCode: 1,
          everyLife: true,
        }),
        backoff: { initialMs: 50, maxMs: 50 },
        crashLoop: { exits: 1_000_000, withinMs: 1000 },
      },
    },
    sinks: { logFile: { rotateBytes, keep: 1_000_000 } },
  })
  try {
    const startMs: number[] = []
    const start = async (): Promise<void> => {
      const launchedAt = performance.now()
      await hub.start()
      startMs.push(performance.now() - launchedAt)
    }
    await start()
    const follower = follow(hub)
    try {
      const before = await lastingProcesses(hub)
      await hub.kill()
      for (const { after, ms } of lives) {
        await sleep(deadMs)
        if (after === 'ready') await start()
        else hub.launch()
        await sleep(ms)
        await hub.kill()
        for (const { pid } of before) assert.ok(isAlive(pid), 'the processes live on')
      }
      await start()
      assert.deepEqual(await lastingProcesses(hub), before, 'the same processes in the same run')
      writeFileSync(path.join(hub.directory, stopFile), '')
      return { startMs, ...(await checkAll(hub, follower, readReports(path.join(hub.directory, reportFile)))) }
    } finally {
      follower.close()
    }
  } finally {
    await hub.close()
  }

  async function checkAll(hub: HubProcess, follower: Follower, started: PrintReport[]) {
    await until('no process running', async () => {
      const states = (await hub.client.sources()).map(({ name, state }) => `${name} ${state}`)
      return states.every((state) => state.endsWith('exited'))
    })
    // What was printed while there was no hub is a lot, and the machine may be busy.
    await until('all output read', () => captureFiles(hub).length === 0, 180_000)
    const reports = readReports(path.join(hub.directory, reportFile))
    assert.ok(started.length > 0)
    const printed = new Map<string, number>()
    for (const { prefix, printed: count, errors } of reports) {
      if (count === undefined) continue
      assert.deepEqual(errors, [], `${prefix}: writes that failed`)
      printed.set(prefix, count)
    }
    const begun = new Set(reports.map(({ prefix }) => prefix))
    assert.deepEqual(
      [...begun].filter((prefix) => !printed.has(prefix)),
      [],
      'nobody died on the way',
    )
    assert.equal(reports.filter(({ prefix }) => !prefix.startsWith('mayfly')).length, 4, 'one life of those that last')

    // Whether lines are missing, or one reading has passed them over.
    const store = await readStore(hub).catch(async (error: Error) => {
      const again = await readStore(hub).then(
        () => 'is whole',
        (still: Error) => still.message,
      )
      throw new Error(`${error.message}; the second reading: ${again}`, { cause: error })
    })
    store.numbers.assertComplete(printed)
    await until('the follower has all', () => follower.lastId() >= store.lastId, 60_000)
    follower.numbers.assertComplete(printed)
    assert.equal(follower.digest(), store.digest, 'the follower saw exactly what is stored')

    assert.equal(await hub.end('SIGINT'), 130, hub.console())
    for (const source of ['counter', 'complainer']) {
      const file = numberOracle(`the log file of ${source}`)
      for await (const line of logFileLines(hub.stateDirectory, source)) file.take(line)
      file.assertComplete(new Map([[source, printed.get(source)!]]))
    }
    const lines = [...printed.values()].reduce((sum, count) => sum + count, 0)
    return { lines, shortLives: printed.size - 2 }
  }
}

/** Those that shall live through everything. */
async function lastingProcesses(hub: HubProcess): Promise<{ name: string; pid: number; run: number }[]> {
  const sources = await hub.client.sources()
  return ['counter', 'complainer'].map((name) => {
    const { pid, run } = sources.find((source) => source.name === name)!
    return { name, pid: pid ?? 0, run }
  })
}

function captureFiles(hub: HubProcess): string[] {
  const directory = path.join(hub.stateDirectory, 'capture')
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => /\.std(out|err)$/.test(name))
}

interface Follower {
  numbers: NumberOracle
  lastId(): number
  /** Of everything that was given, in order. */
  digest(): string
  close(): void
}

function follow(hub: HubProcess): Follower {
  const numbers = numberOracle('the follower')
  const hash = createHash('sha256')
  let lastId = 0
  const subscription = hub.client.follow(
    { after: 0 },
    {
      records(records) {
        for (const { message } of records) numbers.take(message)
        addDigest(hash, records)
        lastId = records.at(-1)!.id
      },
    },
  )
  return { numbers, lastId: () => lastId, digest: () => hash.copy().digest('hex'), close: () => subscription.close() }
}

/** Reads everything, and checks what holds for each run: one sequence without holes, one exit, and nothing after it. */
async function readStore(hub: HubProcess): Promise<{ numbers: NumberOracle; lastId: number; digest: string }> {
  const numbers = numberOracle('the store')
  const hash = createHash('sha256')
  const runs = runOracle()
  let lastId = 0
  const page: LogRecord[] = []
  for await (const record of hub.records('')) {
    runs.take(record)
    lastId = record.id
    numbers.take(record.message)
    page.push(record)
    if (page.length === 10_000) addDigest(hash, page.splice(0))
  }
  addDigest(hash, page)
  runs.assertEnded()
  return { numbers, lastId, digest: hash.digest('hex') }
}

function addDigest(hash: Hash, records: LogRecord[]): void {
  // What the hub says of itself goes on while we read.
  const ours = records.filter(({ source }) => source !== 'logboom')
  hash.update(ours.map(({ id, run, seq, source, message }) => `${id} ${run} ${seq} ${source} ${message}\n`).join(''))
}
