// A log call in Python: the module's handlers beside logging.FileHandler, in one process that alternates between them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
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
  const cache = mkdtempSync(path.join(tmpdir(), 'logboom-python-'))
  // Compiled before, as on any but the first start: compiling takes memory, too.
  const options = {
    encoding: 'utf8',
    env: { ...process.env, PYTHONPYCACHEPREFIX: cache, PYTHONDONTWRITEBYTECODE: '' },
  } as const
  let text
  try {
    execFileSync(python, [script, '1', '1'], options)
    text = execFileSync(python, [script], options)
  } finally {
    rmSync(cache, { recursive: true, force: true })
  }
  const { rows, memoryMb } = JSON.parse(text) as Measured
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
