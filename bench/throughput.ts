// How fast a process can print under Logboom, beside the same process printing into a plain file.
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { formatCount } from '../src/text/amounts.ts'
import { startHub } from '../test/hub-process.ts'
import { followGenerator } from './latency.ts'
import { printTable } from './table.ts'

const generator = new URL('./generator.mjs', import.meta.url).pathname
const count = 2_000_000

/** Seconds that the generator says it took to print, into a file of its own. */
function plainSeconds(): number {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-bench-'))
  const file = openSync(join(directory, 'out'), 'w')
  try {
    execFileSync(process.execPath, [generator, '0', String(count)], { stdio: ['ignore', file, 'inherit'] })
    const text = readFileSync(join(directory, 'out'), 'latin1')
    return secondsIn(text.slice(text.lastIndexOf('done in')))
  } finally {
    closeSync(file)
    rmSync(directory, { recursive: true })
  }
}

const secondsIn = (line: string): number => Number(/done in (\d+) ms/.exec(line)?.[1]) / 1000

/** Seconds under a hub; `storedSeconds` until every line was committed, also in the log file and session file. */
async function supervisedSeconds() {
  const hub = await startHub({
    processes: {
      generator: { command: [process.execPath, generator, '0', String(count)], restart: 'never', autostart: false },
    },
  })
  try {
    const cpuBefore = hub.cpuSeconds()
    const startedAt = performance.now()
    await hub.command('start', 'generator')
    for (;;) {
      const answer = await fetch(
        `${hub.url}/api/v1/search?limit=1&query=${encodeURIComponent('source:generator "done in"')}`,
      )
      const { records } = (await answer.json()) as { records: { message: string }[] }
      if (records[0]) {
        return {
          printed: secondsIn(records[0].message),
          stored: (performance.now() - startedAt) / 1000,
          cpu: hub.cpuSeconds() - cpuBefore,
          memory: hub.memoryMb(),
        }
      }
      await delay(200)
    }
  } finally {
    await hub.close()
  }
}

export async function throughput(): Promise<void> {
  const rows: Record<string, string | number>[] = []
  const plain: number[] = []
  const supervised: Awaited<ReturnType<typeof supervisedSeconds>>[] = []
  for (let round = 0; round < 3; round++) {
    plain.push(plainSeconds())
    supervised.push(await supervisedSeconds())
  }
  const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
  const plainMedian = median(plain)
  rows.push({
    what: 'cmd > file',
    'lines/s': Math.round(count / plainMedian),
    'time, cmd > file = 1': 1,
    'lines per hub CPU-second': '',
    'hub peak MB': '',
  })
  const printed = median(supervised.map((each) => each.printed))
  rows.push({
    what: 'printed under Logboom',
    'lines/s': Math.round(count / printed),
    'time, cmd > file = 1': printed / plainMedian,
  })
  const stored = median(supervised.map((each) => each.stored))
  const cpu = median(supervised.map((each) => each.cpu))
  rows.push({
    what: 'committed, in log and session file',
    'lines/s': Math.round(count / stored),
    'time, cmd > file = 1': stored / plainMedian,
    'lines per hub CPU-second': Math.round(count / cpu),
    'hub peak MB': Math.max(...supervised.map((each) => each.memory.peak)),
  })
  const followed = await followGenerator(0, count)
  rows.push({
    what: 'the same with a follower',
    'lines/s': Math.round(count / followed.seconds),
    'time, cmd > file = 1': followed.seconds / plainMedian,
    'lines per hub CPU-second': Math.round(count / followed.cpuSeconds),
    'hub peak MB': followed.memory.peak,
  })
  printTable(
    `${formatCount(count)} lines as fast as one process prints them (medians of 3)`,
    rows.map(({ what, ...row }) => ({ what: what!, ...row })),
  )
}
