// The promise that a crash loop costs nothing, as one scenario for the system test and for the torture: processes that print
// a little and crash at once, over and over, while their hub is killed; in the end each life must be one run, whole and in order.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogRecord, SourceState, SourceView } from '../../../src/client/index.ts'
import { prepareHub, until, type HubProcess } from '../../hub-process.ts'
import { numberOracle } from '../number-oracle.ts'
import { runOracle } from '../run-oracle.ts'
import type { KillPlan } from '../survive-kills.ts'

export interface CrashPlan {
  /** So many processes crash side by side … */
  processes: number
  /** … so often each. */
  crashes: number
  /** How long the hub lives meanwhile, as in KillPlan; the last one lives on. */
  lives: KillPlan['lives']
}

export interface CrashOutcome {
  runs: number
  /** Runs that ended while no hub was looking, or never began. */
  unseen: number
}

const linesPerLife = 3
/** A hundred crashes on a busy machine. */
const patienceMs = 180_000
/** In turn, by the number of the life. */
const ends = [
  { code: 3, signal: null },
  { code: null, signal: 'SIGKILL' },
  { code: null, signal: 'SIGSEGV' },
  { code: 0, signal: null },
] as const

/** Counts its lives in a file, so that none can hide. */
const mortal = (name: string): string => `
ulimit -c 0
life=0
[ -e ${name}.lives ] && read life < ${name}.lives
echo $((life += 1)) > ${name}.lives
me=${name}-$life
echo "$me n=0 order 0 of basket 0"
echo "$me n=1 order 7 of basket 1"
printf "$me n=2 order 14 of basket 2"
while [ -e calm ] && ! rm ${name}.crash 2> /dev/null; do sleep 0.05; done
case $((life % 4)) in 0) exit 3;; 1) kill -KILL $$;; 2) kill -SEGV $$;; 3) exit 0;; esac`

export async function surviveCrashes({ processes, crashes, lives }: CrashPlan): Promise<CrashOutcome> {
  const names = Array.from({ length: processes }, (_, index) => `mortal-${index}`)
  // As fast as can be, until it is a crash loop, which waits for us.
  const options = {
    restart: 'always',
    backoff: { initialMs: 0, maxMs: 3_600_000 },
    crashLoop: { exits: crashes, withinMs: 3_600_000 },
  }
  const hub = prepareHub({
    processes: Object.fromEntries(names.map((name) => [name, { ...options, command: mortal(name) }])),
  })
  const file = (name: string): string => path.join(hub.directory, name)
  const livesOf = (name: string): number => Number(readFileSync(file(`${name}.lives`), 'utf8'))
  try {
    for (const { after, ms } of lives) {
      if (after === 'ready') await hub.start()
      else hub.launch()
      await sleep(ms)
      await hub.kill()
    }
    await hub.start()
    await checkLoopIsLeft(hub, names)
    const sources = await hub.client.sources()
    await Promise.all(names.map((name) => hub.client.control(name, 'stop')))
    return await checkRuns(hub, names, sources, lives.length, livesOf)
  } finally {
    await hub.close()
  }
}

/** Whom somebody starts begins anew: a crash is the first again. */
async function checkLoopIsLeft(hub: HubProcess, names: string[]): Promise<void> {
  const untilAll = (state: SourceState): Promise<unknown> =>
    until(
      `all ${state}`,
      async () => {
        const sources = await hub.client.sources()
        return sources.every((source) => !names.includes(source.name) || source.state === state)
      },
      patienceMs,
    )
  const lastEvent = async (name: string): Promise<unknown> => {
    const query = `source:${name} (event:restarting OR event:crash-looping)`
    return (await hub.client.search({ query, limit: 1 })).records[0]?.fields?.['event']
  }
  const untilSaid = async (event: string): Promise<void> => {
    for (const name of names) await until(`${name} ${event}`, async () => (await lastEvent(name)) === event)
  }
  await untilAll('crash-looping')
  await untilSaid('crash-looping')
  writeFileSync(path.join(hub.directory, 'calm'), '')
  await Promise.all(names.map((name) => hub.client.control(name, 'start')))
  await untilAll('running')
  for (const name of names) writeFileSync(path.join(hub.directory, `${name}.crash`), '')
  await untilSaid('restarting')
  await untilAll('running')
}

async function checkRuns(
  hub: HubProcess,
  names: string[],
  sources: SourceView[],
  kills: number,
  livesOf: (name: string) => number,
): Promise<CrashOutcome> {
  await until('all exits told', async () => {
    const { records } = await hub.client.search({ query: 'event:exited kind:event', limit: names.length })
    return names.every((name) => {
      const run = sources.find((source) => source.name === name)!.run
      return records.some((record) => record.source === name && record.run === run)
    })
  })
  const ledger = runOracle()
  const numbers = numberOracle('the store')
  const records: LogRecord[] = []
  for await (const record of hub.records('')) {
    ledger.take(record)
    numbers.take(record.message)
    records.push(record)
  }
  ledger.assertEnded()
  const lives = names.flatMap((name) => Array.from({ length: livesOf(name) }, (_, index) => `${name}-${index + 1}`))
  numbers.assertComplete(new Map(lives.map((life) => [life, linesPerLife])))

  let [runs, unseen] = [0, 0]
  for (const name of names) {
    const byRun = Map.groupBy(
      records.filter(({ source }) => source === name),
      ({ run }) => run,
    )
    assert.deepEqual(
      [...byRun.keys()].toSorted((a, b) => a - b),
      Array.from({ length: byRun.size }, (_, index) => index + 1),
      `${name}: runs without holes`,
    )
    const { restarts } = sources.find((source) => source.name === name)!
    assert.equal(
      restarts,
      byRun.size - 2,
      `${name}: but for the first and the one that we started, every run is a restart`,
    )
    let life = 0
    let unseenHere = 0
    for (const [run, told] of [...byRun].toSorted(([a], [b]) => a - b)) {
      const printed = new Set(told.flatMap(({ message }) => (/ n=/.test(message) ? [message.split(' ')[0]!] : [])))
      const { fields, message } = told.find(({ fields }) => fields?.['event'] === 'exited')!
      const isKnown = !message.includes('unknown')
      if (!isKnown || printed.size === 0) unseenHere++
      if (printed.size === 0) continue
      life++
      assert.deepEqual([...printed], [`${name}-${life}`], `${name}: run ${run} is one life`)
      if (!isKnown || run === byRun.size) continue
      const { code, signal } = fields as { code: number | null; signal: string | null }
      assert.deepEqual({ code, signal }, ends[life % ends.length], `${name}: how run ${run} ended`)
    }
    assert.equal(life, livesOf(name))
    assert.ok(unseenHere <= kills, `${name}: ${unseenHere} ends unseen with ${kills} kills`)
    runs += byRun.size
    unseen += unseenHere
  }
  return { runs, unseen }
}
