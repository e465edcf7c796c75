// The cost of a hub that has little to do: with processes that print nothing, files that do not grow, and one process that prints 20
// lines/s; PM2 beside it.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { prepareHub } from '../test/hub-process.ts'
import { printTable } from './table.ts'
import { ownCpuSeconds, residentMb } from './tail/collector.ts'
import { openPm2 } from './tail/pm2.ts'

const settleMs = 10_000
const measuredMs = 20_000

interface Figures {
  'CPU, % of a core': number
  'resident MB': number
}

async function watch(pid: number): Promise<Figures> {
  await delay(settleMs)
  const before = ownCpuSeconds(pid)
  await delay(measuredMs)
  return {
    'CPU, % of a core': (100_000 * (ownCpuSeconds(pid) - before)) / measuredMs,
    'resident MB': residentMb(pid),
  }
}

const sleepers = (count: number): string[] => Array.from({ length: count }, (_, n) => `idle-${n}`)
const command = ['sleep', '600']

const printer = [process.execPath, '-e', "setInterval(() => console.log('a line of a quiet process'), 50)"]

async function watchHub(processes: number, files: number, first = command): Promise<Figures> {
  const hub = prepareHub({
    processes: Object.fromEntries(
      sleepers(processes).map((name, index) => [name, { command: index === 0 ? first : command }]),
    ),
    ...(files > 0 ? { files: { quiet: 'quiet/*.log' } } : {}),
  })
  try {
    mkdirSync(path.join(hub.directory, 'quiet'))
    for (let n = 0; n < files; n++) writeFileSync(path.join(hub.directory, `quiet/${n}.log`), `one line of ${n}\n`)
    await hub.start()
    return await watch(hub.pid)
  } finally {
    await hub.close()
  }
}

async function watchPm2(processes: number): Promise<Figures | undefined> {
  const pm2 = openPm2()
  if (!pm2) return undefined
  try {
    pm2.start(Object.fromEntries(sleepers(processes).map((name) => [name, command])))
    return await watch(pm2.pid)
  } finally {
    pm2.close()
  }
}

export async function idle(): Promise<void> {
  const ofPm2 = await watchPm2(10)
  printTable('Idle', [
    { what: 'Logboom, ten processes', ...(await watchHub(10, 0)) },
    ...(ofPm2 ? [{ what: 'PM2, ten processes', ...ofPm2 }] : []),
    { what: 'Logboom, ten processes, one of 20 lines/s', ...(await watchHub(10, 0, printer)) },
    { what: 'Logboom, 50 processes and 1,000 files', ...(await watchHub(50, 1000)) },
  ])
}
