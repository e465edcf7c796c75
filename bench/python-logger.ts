// A log call in Python: the module's handlers beside logging.FileHandler, in one process that alternates between them.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { printTable } from './table.ts'

const python = '/usr/bin/python3'

interface Measured {
  rows: { handler: string; cpuUs: number; longestMs: number }[]
  /** Of the module, three loggers and their threads. */
  memoryMb: number
}

export function pythonLogger(): void {
  if (!existsSync(python)) return console.log(`\npython-logger: there is no ${python}, so nothing is measured.`)
  const script = path.join(import.meta.dirname, 'logger_python.py')
  const { rows, memoryMb } = JSON.parse(execFileSync(python, [script], { encoding: 'utf8' })) as Measured
  const plain = rows[0]!.cpuUs
  printTable(
    `Python: a log call, CPU of all threads (bar: 2 × FileHandler); ${memoryMb.toFixed(1)} MB of memory`,
    rows.map(({ handler, cpuUs, longestMs }) => ({
      handler,
      'µs CPU': cpuUs,
      ratio: cpuUs / plain,
      'p99.9 ms': longestMs,
    })),
  )
}
