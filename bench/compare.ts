// This checkout beside others of Logboom (a release, the state before a change): the same work by the hub of each, in turn, round after
// round. `OTHERS=/path/of/a/checkout,…` names them, each with its modules installed. Ratios are taken within a round, and the median
// of all rounds is what counts.
import { spawn } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { HubProcess, HubProcessOptions } from '../test/hub-process.ts'
import type * as ownHub from '../test/hub-process.ts'
import { postRecords } from './ingest.ts'
import { printTable } from './table.ts'

const own = path.resolve(import.meta.dirname, '..')
/** Works by the first words of their names; all by default. */
const wanted = (process.env['WORKS'] ?? '').split(',')
const rounds = Number(process.env['ROUNDS'] ?? 7)
const generator = path.join(own, 'bench/generator.mjs')

interface Figures {
  cpuSeconds: number
  /** Resident at the end, and at most. */
  megabytes: number
  peakMegabytes: number
  /** Milliseconds from a line's write to a follower, the median. */
  latencyMs?: number
}

/** What a hub has to do, from the moment when it is up. */
interface Work {
  config: HubProcessOptions
  run(hub: HubProcess, checkout: string): Promise<Partial<Figures> | void>
}

const printing = (rate: number, lines: number): HubProcessOptions => ({
  processes: {
    generator: {
      command: [process.execPath, generator, String(rate), String(lines)],
      restart: 'never',
      autostart: false,
    },
  },
})

/** Ten processes that print nothing; the first may be another. */
const sleeping = (first = ['sleep', '600']): HubProcessOptions => ({
  processes: Object.fromEntries(
    Array.from({ length: 10 }, (_, n) => [`idle-${n}`, { command: n === 0 ? first : ['sleep', '600'] }]),
  ),
})
const printer = [process.execPath, '-e', "setInterval(() => console.log('a line of a quiet process'), 50)"]

const works: Record<string, Work> = {
  'store: 300,000 records over HTTP, sealed': {
    config: { processes: {} },
    run: async (hub) => {
      await postRecords(hub, 300_000)
      await untilQuiet(hub)
    },
  },
  'tail: a process prints 400,000 lines': {
    config: printing(0, 400_000),
    run: async (hub) => {
      await hub.command('start', 'generator')
      await untilQuiet(hub)
    },
  },
  'latency: 1,000 lines/s, followed': {
    config: printing(1000, 6000),
    run: async (hub, checkout) => ({ latencyMs: await followed(hub, checkout) }),
  },
  'idle: ten processes, 10 s': { config: sleeping(), run: (hub) => resting(hub, 10) },
  'idle: one of ten prints 20 lines/s, 10 s': { config: sleeping(printer), run: (hub) => resting(hub, 10) },
}

/** Until two looks, two seconds apart, find nothing done in between: what is put off (sealing) is done, too. */
async function untilQuiet(hub: HubProcess): Promise<void> {
  for (let before = -1; hub.cpuSeconds() - before > 0.05; await delay(2000)) before = hub.cpuSeconds()
}

/** Counted in nanoseconds, thread by thread: a hub that rests takes less in ten seconds than the system's clock ticks show. */
async function resting(hub: HubProcess, seconds: number): Promise<Partial<Figures>> {
  const counted = (): number =>
    globSync(`/proc/${hub.pid}/task/*/schedstat`).reduce(
      (sum, file) => sum + Number.parseInt(readFileSync(file, 'utf8')),
      0,
    ) / 1e9
  const before = counted()
  await delay(seconds * 1000)
  return { cpuSeconds: counted() - before }
}

async function followed(hub: HubProcess, checkout: string): Promise<number> {
  const follower = spawn(process.execPath, [path.join(checkout, 'bench/follower.ts'), hub.url, '60000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: follower.stdout })[Symbol.asyncIterator]()
  await lines.next()
  await hub.command('start', 'generator')
  return (JSON.parse((await lines.next()).value as string) as { p50: number }).p50
}

async function measure(work: Work, checkout: string): Promise<Figures> {
  const { startHub } = (await import(path.join(checkout, 'test/hub-process.ts'))) as typeof ownHub
  const hub = await startHub(work.config)
  try {
    await delay(3000)
    const before = hub.cpuSeconds()
    const more = await work.run(hub, checkout)
    const { now, peak } = hub.memoryMb()
    return { cpuSeconds: hub.cpuSeconds() - before, megabytes: now, peakMegabytes: peak, ...more }
  } finally {
    await hub.close()
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

export async function compare(): Promise<void> {
  const others = (process.env['OTHERS'] ?? '').split(',').filter(Boolean)
  if (others.length === 0)
    return console.log('compare: OTHERS=/path/of/a/checkout names what to compare with; left out')
  if (!Object.keys(works).some((what) => wanted.some((name) => what.startsWith(name))))
    return console.log(`compare: WORKS names none of ${Object.keys(works).join(' · ')}`)
  const checkouts = [...others.map((each) => path.resolve(each)), own]
  for (const [what, work] of Object.entries(works)) {
    if (!wanted.some((name) => what.startsWith(name))) continue
    const figures: Figures[][] = []
    for (let round = 0; round < rounds; round++) {
      const ofRound: Figures[] = []
      for (let turn = 0; turn < checkouts.length; turn++) {
        const which = (round + turn) % checkouts.length
        ofRound[which] = await measure(work, checkouts[which]!)
      }
      figures.push(ofRound)
    }
    printTable(
      `${what}; medians of ${rounds} rounds`,
      checkouts.map((checkout, which) => {
        const of = (name: keyof Figures): number => median(figures.map((round) => round[which]![name] ?? NaN))
        const ratio = (name: keyof Figures): number =>
          median(figures.map((round) => round.at(-1)![name]! / round[which]![name]!))
        return {
          checkout: checkout === own ? 'this one' : checkout,
          'CPU s': of('cpuSeconds'),
          'CPU, this one / it': ratio('cpuSeconds'),
          MB: of('megabytes'),
          'MB, this one / it': ratio('megabytes'),
          'peak MB': of('peakMegabytes'),
          'peak, this one / it': ratio('peakMegabytes'),
          ...(figures[0]![which]!.latencyMs === undefined ? {} : { 'median ms': of('latencyMs') }),
        }
      }),
    )
  }
}
