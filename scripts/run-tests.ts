// All tests, in parts: what needs a moment, side by side; what waits more than it works, two at once; what loads the machine or
// depends on its speed, one after the other. A file that fails is run once more by itself when all else is over: a test
// that passes then is called flaky, loudly, and one that fails again fails the whole. Words on the command line are
// patterns of files, in place of all.
import { once } from 'node:events'
import path from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

/** Tests of the whole that run by themselves. */
const heavy = [
  'agent-kills',
  'agent-spool',
  'burst',
  'bytes',
  'call-faults',
  'disk',
  'files',
  'file-tricks',
  'hardship',
  'kill',
  'log-list',
  'logger-delivery',
  'overload',
  'python-delivery',
  'resume',
  'retention',
  'small-store-disk',
]
const testTimeoutMs = 300_000
const fileTimeoutMs = 900_000

interface Part {
  patterns: readonly string[]
  /** Test files that run at the same time. */
  concurrency: number
}

interface FileResult {
  passed: number
  skipped: number
  failed: number
  /** Test and message of each failure, outermost last. */
  reasons: string[]
  seconds: number
}

const root = path.resolve(import.meta.dirname, '..')
// Each file is a process that loads much of the same code: compiled once, a quarter of all work is saved.
process.env['NODE_COMPILE_CACHE'] ??= path.join(root, 'node_modules/.cache/compiled-tests')
const everything: readonly Part[] = [
  { patterns: ['test/*.test.ts', '{src,logger/src,dashboard/src,test/contract}/**/*.test.ts'], concurrency: 2 },
  { patterns: [`test/{system,browser}/**/!(${heavy.join('|')}).test.ts`], concurrency: 2 },
  { patterns: [`test/{system,browser}/**/@(${heavy.join('|')}).test.ts`], concurrency: 1 },
]
const named = process.argv.slice(2)
const parts = named.length > 0 ? [{ patterns: named, concurrency: 1 }] : everything

/** By file, relative to the root. */
const first = new Map<string, FileResult>()
for (const part of parts) for (const [file, result] of await runPart(part)) first.set(file, result)
const failedFiles = [...first.keys()].filter((file) => first.get(file)!.failed > 0)
const again = failedFiles.length > 0 ? await runPart({ patterns: failedFiles, concurrency: 1 }) : undefined
report()

async function runPart({ patterns, concurrency }: Part): Promise<Map<string, FileResult>> {
  const results = new Map<string, FileResult>()
  const stream = run({
    globPatterns: [...patterns],
    cwd: root,
    concurrency,
    timeout: fileTimeoutMs,
    execArgv: [`--test-timeout=${testTimeoutMs}`],
  })
  // A file that could not be run at all is told as a test named after the file.
  const resultOf = (event: { file?: string; name: string }): FileResult => {
    const file = path.relative(root, path.resolve(root, event.file ?? event.name))
    const result = results.get(file) ?? { passed: 0, skipped: 0, failed: 0, reasons: [], seconds: 0 }
    results.set(file, result)
    return result
  }
  stream.on('test:fail', (event) => {
    const result = resultOf(event)
    const { cause, message } = event.details.error
    result.failed++
    result.reasons.push(`${event.name}: ${cause instanceof Error ? cause.message : message}`)
    if (event.nesting === 0) result.seconds += event.details.duration_ms / 1000
  })
  stream.on('test:pass', (event) => {
    const result = resultOf(event)
    if (event.skip !== undefined) result.skipped++
    else result.passed++
    if (event.nesting === 0) result.seconds += event.details.duration_ms / 1000
  })
  const written = stream.compose(spec)
  written.pipe(process.stdout, { end: false })
  await once(written, 'end')
  return results
}

/** Says at the end, where it is read, what took long, what failed and what is flaky; the last line counts. */
function report(): void {
  const slowest = [...first].toSorted((a, b) => b[1].seconds - a[1].seconds).slice(0, 12)
  console.log(`\nSlowest: ${slowest.map(([file, { seconds }]) => `${file} ${seconds.toFixed(0)} s`).join(', ')}`)
  for (const file of failedFiles) {
    const isFlaky = again?.get(file)?.failed === 0
    console.log(`\n${isFlaky ? 'FLAKY: failed once, passed by itself' : 'FAILED, by itself too'}: ${file}`)
    const reasons = new Set([...first.get(file)!.reasons, ...(again?.get(file)?.reasons ?? [])])
    for (const reason of reasons) console.log(`  ${reason.replaceAll('\n', '\n    ')}`)
  }
  const final = [...new Map([...first, ...(again ?? [])]).values()]
  const sum = (count: 'passed' | 'failed' | 'skipped'): number =>
    final.reduce((total, result) => total + result[count], 0)
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')]
  const isSkipAFailure = skipped > 0 && process.env['CI'] !== undefined
  if (isSkipAFailure) console.log('\nSomething was skipped, which CI does not accept.')
  if (passed === 0) console.log('\nNo test passed: is the pattern right?')
  if (failed > 0 || passed === 0 || isSkipAFailure) process.exitCode = 1
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
}
