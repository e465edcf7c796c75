// Getting much out of the log with the real command line: exports of any size in bounded memory, counts that agree with
// them, what is around a record; with a hub and, the same, straight from the files when there is none.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, statSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test, type TestContext } from 'node:test'
import type { ExportFormat, LogRecord } from '../../src/client/index.ts'
import { startHub, until, type CommandResult, type HubProcess } from '../hub-process.ts'
import { numberOracle } from './number-oracle.ts'
import { printNumbers } from './print-numbers.ts'

const many = 160_000
const few = 1000
/** What an idle hub has, a thread that searches, and some pages; the export itself is 75 MB. */
const memoryLimitMb = 230

let hub: HubProcess
const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')

before(async () => {
  const source = (prefix: string, count: number): object => ({
    command: printNumbers({ prefix, stream: 'stdout', perSecond: 100_000, count, reportFile: `${prefix}-report` }),
    restart: 'never',
    autostart: false,
  })
  hub = await startHub({ processes: { many: source('many', many), few: source('few', few) } })
  for (const name of ['many', 'few']) await hub.client.control(name, 'start')
  const exited = async (): Promise<boolean> => (await hub.client.summary({ query: 'kind:event exited' })).count === 2
  await until('all is stored', exited, 60_000)
  await hub.end('SIGINT')
  await hub.start()
})

after(() => hub.close())

async function command(...words: string[]): Promise<CommandResult> {
  const result = await hub.command(...words)
  assert.deepEqual([result.code, result.stderr], [0, ''], words.join(' '))
  return result
}

async function* linesOf(file: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(path.join(hub.directory, file)), crlfDelay: Infinity })
}

/** Exports, and checks every number; gives the number of lines. */
async function exportAll(): Promise<number> {
  await command('export', '-o', 'all.ndjson')
  const oracle = numberOracle('the export')
  let lines = 0
  let lastId = 0
  for await (const line of linesOf('all.ndjson')) {
    const record = JSON.parse(line) as LogRecord
    assert.ok(record.id > lastId)
    lastId = record.id
    oracle.take(record.message)
    // The hub's audit log tells of each export.
    if (record.kind !== 'audit') lines++
  }
  oracle.assertComplete(
    new Map([
      ['many', many],
      ['few', few],
    ]),
  )
  return lines
}

async function assertAllAgrees(t: TestContext, formats: ExportFormat[]): Promise<void> {
  const lines = await exportAll()
  t.diagnostic(`${lines} lines`)
  assert.equal(Number((await command('count', 'NOT kind:audit')).stdout), lines)

  const selected = ['source:many', '"of basket 96"']
  const count = Number((await command('count', ...selected)).stdout)
  assert.equal(count, Math.floor((many - 97) / 97) + 1)
  for (const format of formats) {
    await command('export', ...selected, '--format', format, '-o', `part.${format}`)
    let seen = 0
    for await (const line of linesOf(`part.${format}`)) if (line.includes('of basket 96')) seen++
    assert.equal(seen, count, format)
  }
  const bySource = (await command('count', '--by', 'source', 'order')).stdout
  assert.equal(bySource, `${many.toLocaleString('en')}  many\n${few.toLocaleString('en').padStart(7)}  few\n`)
  const templates = (await command('templates', '-n', '1', '-s', 'few')).stdout
  assert.match(templates, /^1,000 +\d+ {2}few n=<\*> order <\*> of basket <\*>\n +\d+ +\(other templates\)\n$/)
  const bars = (await command('histogram', '-s', 'few', 'basket')).stdout
  assert.equal(
    [...bars.matchAll(/ ([\d,]+) /g)].reduce((sum, [, number]) => sum + Number(number!.replace(',', '')), 0),
    few,
  )
}

async function assertContext(): Promise<void> {
  const record = async (query: string): Promise<LogRecord> =>
    JSON.parse((await command('export', query, '-n', '1')).stdout) as LogRecord
  const around = async (id: number, ...words: string[]): Promise<string[]> => {
    const { stdout } = await command('context', String(id), '--json', ...words)
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as LogRecord).message)
  }
  const line = (n: number): string => `few n=${n} order ${n * 7} of basket ${n % 97}`
  const middle = await record(`"few n=500 "`)
  assert.deepEqual(await around(middle.id, '-B', '2', '-A', '1'), [498, 499, 500, 501].map(line))
  const first = await record('source:few kind:event')
  const atStart = await around(first.id, '-A', '2', '--scope', 'run')
  assert.match(atStart[0]!, /^started/)
  assert.deepEqual(atStart.slice(1), [line(0), line(1)])
  assert.match((await around(1, '-A', '0', '--scope', 'all')).join(), /^Session /)
  const missing = await hub.command('context', '987654321')
  assert.equal(missing.code, 1)
  assert.match(missing.stderr, /^logboom: There is no record 987654321\.\n {2}\S/)
}

function isBegun(file: string): boolean {
  return (statSync(path.join(hub.directory, file), { throwIfNoEntry: false })?.size ?? 0) > 0
}

function assertSmall(t: TestContext): void {
  const { now, peak } = hub.memoryMb()
  t.diagnostic(`memory of the hub: ${now.toFixed()} MB, at most ${peak.toFixed()} MB`)
  assert.ok(peak <= memoryLimitMb, `the hub had ${peak} MB`)
}

test('with a hub: all is exported and counted, in bounded memory', async (t) => {
  await assertAllAgrees(t, ['ndjson', 'text', 'csv'])
  await assertContext()
  assertSmall(t)
})

test('a reader that has enough, or is slow, is not waited for by anybody else', async (t) => {
  const { stdout: head } = await command('export', '-n', '5')
  const piped = spawn(process.execPath, [bin, 'export'], { cwd: hub.directory, stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => piped.kill('SIGKILL'))
  const [beginning] = (await once(piped.stdout, 'data')) as [Buffer]
  assert.ok(beginning.toString().startsWith(head))
  // It is not read any further now; the log goes on being served.
  piped.stdout.pause()
  assert.equal(Number((await command('count', 'source:few', 'order')).stdout), few)
  const ended = once(piped, 'exit')
  piped.stdout.destroy()
  assert.deepEqual(await ended, [0, null])

  const killed = spawn(process.execPath, [bin, 'export', '-o', 'killed.ndjson'], {
    cwd: hub.directory,
    stdio: 'ignore',
  })
  const died = once(killed, 'exit')
  await until('it has begun', () => isBegun('killed.ndjson'))
  killed.kill('SIGKILL')
  await died
  assert.equal(Number((await command('count', 'source:few', 'order')).stdout), few)
  assertSmall(t)
})

test('an export whose hub dies says that it is not whole', async (t) => {
  const exported = spawn(process.execPath, [bin, 'export'], { cwd: hub.directory, stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => exported.kill('SIGKILL'))
  let stderr = ''
  exported.stderr.on('data', (data) => (stderr += String(data)))
  await once(exported.stdout, 'readable')
  await hub.kill()
  exported.stdout.resume()
  const [code] = (await once(exported, 'close')) as [number]
  assert.equal(code, 1)
  assert.match(stderr, /^logboom: .*in the middle/)
})

test('without a hub: the same, straight from the files', async (t) => {
  await assertAllAgrees(t, ['csv'])
  await assertContext()
})
