// A process for the system tests: prints `PREFIX n=0 …`, `PREFIX n=1 …`, … at a rate, and tells in a file of its own what it
// has printed and whether a write ever failed, so that the tests need not believe Logboom.
import { appendFileSync, existsSync, readFileSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** One line of the report file, written at the start (without what is not known yet) and at the end. */
export interface PrintReport {
  pid: number
  prefix: string
  printed?: number
  errors?: string[]
}

export interface PrintOptions {
  prefix: string
  stream: 'stdout' | 'stderr'
  perSecond: number
  /** Stops after so many lines … */
  count?: number
  /** … or when this file exists. */
  stopFile?: string
  reportFile: string
  /** Leaves out the newline after the last line. */
  unfinished?: boolean
  /** When it has come to its count; 0 when it was stopped. */
  exitCode?: number
  /** The prefix is followed by PID and time, to tell several lives apart. */
  everyLife?: boolean
}

/** What has been reported so far. */
export function readReports(reportFile: string): PrintReport[] {
  if (!existsSync(reportFile)) return []
  const lines = readFileSync(reportFile, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as PrintReport)
}

const forgottenAfterSeconds = 900

/** The command that prints so. */
export function printNumbers(options: PrintOptions): string[] {
  return [process.execPath, import.meta.filename, JSON.stringify(options)]
}

if (import.meta.main) await print(JSON.parse(process.argv[2]!) as PrintOptions)

async function print(options: PrintOptions): Promise<void> {
  const { stream, perSecond, count = Infinity, stopFile, reportFile, unfinished, exitCode = 0 } = options
  const prefix = options.everyLife ? `${options.prefix}-${process.pid}-${Date.now()}` : options.prefix
  const descriptor = stream === 'stdout' ? 1 : 2
  const errors: string[] = []
  const report = (more: Partial<PrintReport>): void =>
    appendFileSync(reportFile, `${JSON.stringify({ pid: process.pid, prefix, ...more } satisfies PrintReport)}\n`)

  function write(text: string): void {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length;) {
      try {
        at += writeSync(descriptor, bytes, at)
      } catch (error) {
        errors.push(String(error))
        if (errors.length > 100) return
      }
    }
  }

  report({})
  const startedAt = performance.now()
  let printed = 0
  let stopped = false
  for (let last = false; !last;) {
    stopped = stopFile !== undefined && existsSync(stopFile)
    const elapsed = (performance.now() - startedAt) / 1000
    // Whoever started it is gone.
    if (elapsed > forgottenAfterSeconds) throw new Error('nobody ever stopped this process')
    // Never so much behind that one write gets huge.
    let due = Math.min(count, Math.floor(elapsed * perSecond), printed + 20_000)
    if (stopped) due = Math.min(count, Math.max(due, printed + 1))
    last = stopped || due === count
    let text = ''
    for (; printed < due; printed++) {
      text += `${prefix} n=${printed} order ${printed * 7} of basket ${printed % 97}`
      if (!(unfinished && last && printed === due - 1)) text += '\n'
    }
    if (text !== '') write(text)
    await sleep(1)
  }
  report({ printed, errors })
  process.exitCode = stopped ? 0 : exitCode
}
