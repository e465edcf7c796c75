// The cost of taking lines from a file, or from a supervised process, until they are kept: beside what else does that.
import { closeSync, copyFileSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatCount } from '../src/text/amounts.ts'
import { untilQuiet } from './store/peers/until-quiet.ts'
import { printTable } from './table.ts'
import { countLines, type OpenCollector, type Work } from './tail/collector.ts'
import { fromFile, fromFileToFiles, fromProcess } from './tail/logboom.ts'
import { pm2 } from './tail/pm2.ts'
import { rsyslog } from './tail/rsyslog.ts'
import { tailGzip } from './tail/tail-gzip.ts'

const lines = Number(process.env['LINES'] ?? 1_000_000)
const rounds = Number(process.env['ROUNDS'] ?? 3)
const longestMs = 180_000
const command = [process.execPath, path.join(import.meta.dirname, 'generator.mjs'), '0', String(lines)]

const collectors: Record<string, OpenCollector> = {
  'a file: Logboom, to the store': fromFile,
  'a file: Logboom, also to log and session file': fromFileToFiles,
  'a file: tail -F | gzip': tailGzip,
  'a file: rsyslog imfile, to a file': rsyslog,
  'a process: Logboom, to the store': fromProcess,
  'a process: PM2, to a file': pm2,
}

interface Figures {
  perCpuSecond: number
  perSecond: number
  kept: number
}

async function measure(open: OpenCollector, work: Work): Promise<Figures | undefined> {
  const collector = await open(work)
  if (!collector) return undefined
  try {
    await untilQuiet({ cpuSeconds: collector.cpuSeconds })
    const cpuBefore = collector.cpuSeconds()
    const startedAt = performance.now()
    await collector.feed()
    let kept = await collector.kept()
    for (; kept === undefined && performance.now() - startedAt < longestMs; kept = await collector.kept())
      await sleep(100)
    const seconds = (performance.now() - startedAt) / 1000
    await untilQuiet({ cpuSeconds: collector.cpuSeconds })
    const cpu = collector.cpuSeconds() - cpuBefore
    return { perCpuSecond: Math.round(lines / cpu), perSecond: Math.round(lines / seconds), kept: kept ?? 0 }
  } finally {
    await collector.close()
  }
}

export async function tail(): Promise<void> {
  const place = mkdtempSync(path.join(tmpdir(), 'logboom-bench-tail-'))
  const results = new Map<string, Figures[]>()
  const names = Object.keys(collectors)
  try {
    const printed = path.join(place, 'printed')
    const out = openSync(printed, 'w')
    execFileSync(command[0]!, command.slice(1), { stdio: ['ignore', out, 'inherit'] })
    closeSync(out)
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(round + turn) % names.length]!
        const directory = path.join(place, String(round), String(turn))
        mkdirSync(directory, { recursive: true })
        const file = path.join(directory, 'file')
        copyFileSync(printed, file)
        const figures = await measure(collectors[name]!, { file, command, directory })
        if (figures) results.set(name, [...(results.get(name) ?? []), figures])
        rmSync(directory, { recursive: true })
      }
    }
    const all = countLines(readFileSync(printed))
    const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
    const least = median(results.get('a file: tail -F | gzip')!.map((each) => each.perCpuSecond))
    printTable(
      `${formatCount(lines)} lines from a file, and from a process (medians of ${rounds})`,
      names.flatMap((name) => {
        const figures = results.get(name)
        if (!figures) return []
        const perCpuSecond = median(figures.map((each) => each.perCpuSecond))
        return {
          from: name,
          'lines per CPU-second': perCpuSecond,
          'tail -F | gzip = 1': perCpuSecond / least,
          'lines/s': median(figures.map((each) => each.perSecond)),
          'lines missing': Math.max(...figures.map(({ kept }) => all - kept)),
        }
      }),
    )
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
