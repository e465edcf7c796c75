// The logger that applications install, beside those that they have: CPU of the main thread per call. The unit is pino's synchronous file, which has
// what was logged after `kill -9`, as ours has; winston, bunyan and bole write later, and lose it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { printTable } from './table.ts'

const libraries = ['pino', 'ours-text', 'ours-json', 'winston', 'bunyan', 'bole']
const rounds = 5
const calls = 20_000

/** Of pino's CPU, at most; see issue 12. */
const bars: Record<string, number> = { 'ours-text': 1.0, 'ours-json': 1.05 }

export function logger(): void {
  const best = new Map<string, Record<string, number>>()
  // In turns, as others use the machine, too: the best of each is what the code costs.
  for (let round = 0; round < rounds; round++)
    for (const library of libraries) {
      const times = timeCalls(library)
      const known = best.get(library) ?? times
      best.set(
        library,
        Object.fromEntries(Object.entries(times).map(([name, ns]) => [name, Math.min(ns, known[name]!)])),
      )
    }
  const unit = best.get('pino')!
  const names = Object.keys(unit)
  printTable(
    'Nanoseconds of CPU per call, main thread',
    libraries.map((library) => ({ library, ...mapValues(best.get(library)!, Math.round) })),
  )
  printTable(
    "Ratio to pino's synchronous file",
    libraries.map((library) => {
      const times = best.get(library)!
      const ratios = Object.fromEntries(names.map((name) => [name, times[name]! / unit[name]!]))
      const all = sum(times) / sum(unit)
      return { library, ...ratios, all, bar: bars[library] === undefined ? '' : `≤ ${bars[library]}` }
    }),
  )
}

function timeCalls(library: string): Record<string, number> {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-bench-logger-'))
  try {
    const child = path.join(import.meta.dirname, 'logger/time-calls.ts')
    const text = execFileSync(process.execPath, [child, library, directory, String(calls)], { encoding: 'utf8' })
    return JSON.parse(text) as Record<string, number>
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function mapValues(record: Record<string, number>, change: (value: number) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

function sum(record: Record<string, number>): number {
  return Object.values(record).reduce((all, value) => all + value, 0)
}
