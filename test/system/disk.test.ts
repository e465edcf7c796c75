// Disk trouble with real file systems under a real hub (A9, C13): the processes never notice, what is lost is counted
// exactly, and all heals when there is room again.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { requireMount, requireTool } from '../../scripts/ensure-system.ts'
import type { LogRecord } from '../../src/client/index.ts'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import { printNumbers, readReports } from './print-numbers.ts'
import { failCalls, mountSmallDisk, remount, type SmallDisk } from './small-disk.ts'

const reportFile = 'reports'
const stopFile = 'stop'
/** Long enough that few lines are many bytes. */
const prefix = `counter-${'x'.repeat(400)}`
const mount = requireMount()
const strace = requireTool('strace')

interface Place {
  hub: HubProcess
  disk: SmallDisk
}

/** A hub with its whole state on a small disk, and a process that prints numbers at a rate. */
async function beginOn(t: TestContext, kind: 'tmpfs' | 'ext4', megabytes: number, perSecond: number): Promise<Place> {
  const command = printNumbers({ prefix, stream: 'stdout', perSecond, stopFile, reportFile })
  const hub = prepareHub({ processes: { counter: { command, restart: 'never' } } })
  const disk = mountSmallDisk(hub.stateDirectory, megabytes, kind)
  t.after(() => disk.unmount())
  t.after(() => hub.close())
  await hub.start()
  // Until its rate is known.
  const mark = `"n=${perSecond} order"`
  await until('lines of a second', async () => (await hub.client.search({ query: mark, limit: 1 })).records[0])
  return { hub, disk }
}

const trouble = async ({ hub }: Pick<Place, 'hub'>): Promise<string> => (await hub.client.hub()).trouble.join('\n')

async function readiness({ url }: HubProcess): Promise<[status: number, answer: unknown]> {
  const response = await fetch(`${url}/readyz`)
  return [response.status, await response.json()]
}

async function assertNothingNoticed({ hub }: Place): Promise<void> {
  const { state, detail } = (await hub.client.sources())[0]!
  assert.equal(state, 'running', `it is ${state}: ${detail}`)
  assert.deepEqual(
    readReports(path.join(hub.directory, reportFile)).map(({ errors }) => errors),
    [undefined],
  )
}

/** Ends the process and returns how many lines it says it printed, all without an error. */
async function printedBy({ hub }: Pick<Place, 'hub'>): Promise<number> {
  writeFileSync(path.join(hub.directory, stopFile), '')
  await until('the exit', async () => (await hub.client.search({ query: 'source:counter "exited with" ' })).records[0])
  const { printed, errors } = readReports(path.join(hub.directory, reportFile)).at(-1)!
  assert.deepEqual([...new Set(errors)], [], `${errors!.length} writes failed`)
  return printed!
}

/** What the store has of the process: numbers in order, gap records, and what is missing between the numbers. */
async function takeStock({ hub }: Pick<Place, 'hub'>, printed: number, query = 'source:counter') {
  const gaps: LogRecord[] = []
  const missing: number[] = []
  let next = 0
  let stored = 0
  for await (const record of hub.records(query)) {
    // What only a log file lacks is not missing here.
    if (record.kind === 'gap' && record.fields?.['cause'] !== 'unwritable') gaps.push(record)
    if (record.kind !== 'system') continue
    const number = Number(/^counter-x{400} n=(\d+) order \d+ of basket \d+$/.exec(record.message)?.[1])
    assert.ok(number >= next, `${number} came where ${next} was due`)
    for (; next < number; next++) missing.push(next)
    next++
    stored++
  }
  for (; next < printed; next++) missing.push(next)
  const sum = (name: string): number => gaps.reduce((total, { fields }) => total + Number(fields?.[name] ?? 0), 0)
  const bytesOf = (n: number): number => `${prefix} n=${n} order ${n * 7} of basket ${n % 97}\n`.length
  return {
    stored,
    gaps,
    missing: missing.length,
    missingBytes: missing.reduce((total, n) => total + bytesOf(n), 0),
    lines: sum('lines'),
    bytes: sum('bytes'),
  }
}

test('a full disk: the process prints on, memory takes what it can, the rest is counted', mount, async (t) => {
  const place = await beginOn(t, 'tmpfs', 200, 6000)
  const { hub, disk } = place
  const before = hub.memoryMb().peak
  disk.fill()
  await until('trouble is shown', () => trouble(place))
  await until('memory is full', async () => /, [1-9]\d* were dropped$/m.test(await trouble(place)))
  await assertNothingNoticed(place)
  assert.deepEqual(await readiness(hub), [503, { ready: false, reason: 'store-unwritable' }])
  disk.free()
  await until('all is well', async () => !(await trouble(place)))
  assert.deepEqual(await readiness(hub), [200, { ready: true }])
  const memory = hub.memoryMb().peak
  assert.ok(memory - before < 128, `${before} MB before, ${memory} MB at most`)
  const printed = await printedBy(place)
  const { stored, missing, lines, gaps } = await takeStock(place, printed)
  t.diagnostic(`${printed} printed, ${stored} stored, ${lines} in ${gaps.length} gaps; ${before} MB, then ${memory} MB`)
  assert.ok(lines > 0)
  assert.equal(lines, missing)
  assert.equal(stored + lines, printed)
  const said = hub.console()
  for (const once of [/is full\. Free some space/g, /Memory is full, too/g, /is written again/g])
    assert.equal(said.match(once)?.length, 1, `${once} in:\n${said}`)
})

test('a full ext4, on which space is not free at once: nothing is lost while memory suffices', mount, async (t) => {
  const place = await beginOn(t, 'ext4', 100, 3000)
  place.disk.fill()
  await until('trouble is shown', () => trouble(place))
  await until('lines wait', async () => /: [1-9]\d{3,} lines wait/.test(await trouble(place)))
  await assertNothingNoticed(place)
  place.disk.free()
  await until('all is well', async () => !(await trouble(place)))
  const printed = await printedBy(place)
  const { stored, gaps } = await takeStock(place, printed)
  assert.deepEqual([stored, gaps.length], [printed, 0])
})

test(
  'the hub killed on a full disk: the next one goes on there, and what is lost is known to the byte',
  mount,
  async (t) => {
    const place = await beginOn(t, 'tmpfs', 100, 2000)
    const { hub, disk } = place
    disk.fill()
    await until('trouble is shown', () => trouble(place))
    await until('some of it only memory has', async () => /[1-9]\d{4,} lines wait/.test(await trouble(place)))
    await hub.kill()
    await hub.start()
    await until('trouble is shown again', () => trouble(place))
    await assertNothingNoticed(place)
    disk.free()
    await until('all is well', async () => !(await trouble(place)))
    const printed = await printedBy(place)
    const { stored, gaps, missing, missingBytes, lines, bytes } = await takeStock(place, printed)
    t.diagnostic(`${printed} printed, ${stored} stored, ${missing} lost in ${gaps.length} gaps`)
    assert.equal(stored + missing, printed)
    assert.equal(lines, 0)
    assert.ok(missing > 0)
    assert.equal(bytes, missingBytes)
  },
)

test('on a full disk processes end and are started again, and the hub can be stopped', mount, async (t) => {
  const crasher = { command: 'echo life; sleep 0.2; exit 3', restart: 'always', backoff: { initialMs: 50, maxMs: 50 } }
  const hub = prepareHub({ processes: { crasher } })
  const disk = mountSmallDisk(hub.stateDirectory, 12)
  t.after(() => disk.unmount())
  t.after(() => hub.close())
  await hub.start()
  const place = { hub, disk }
  const runs = async (): Promise<number> => (await hub.client.sources())[0]?.run ?? 0
  await until('a second life', async () => (await runs()) > 1)
  // Whoever ends gives some space back, and little is needed here.
  const isFull = (): Promise<string> => (disk.fill(), trouble(place))
  await until('trouble is shown', isFull)
  const before = await runs()
  await until('one more life', async () => (await isFull()) && (await runs()) > before)
  assert.equal(await hub.end('SIGINT'), 130)
  disk.free()
  await hub.start()
  await until('all is well', async () => !(await trouble(place)))
  await until('it is known who ended meanwhile, and how', async () => {
    const ended: number[] = []
    for await (const { run, message } of hub.records('source:crasher kind:event'))
      if (/^(exited|killed by)/.test(message)) ended.push(run)
    return ended.slice(0, before + 1).join() === Array.from({ length: before + 1 }, (_, index) => index + 1).join()
  })
})

for (const error of ['EIO', 'EROFS'] as const) {
  test(
    `a disk that fails (${error}): nothing is acknowledged that is not written, and all heals`,
    strace,
    async (t) => {
      const command = printNumbers({ prefix, stream: 'stdout', perSecond: 1000, stopFile, reportFile })
      const hub = prepareHub({ processes: { counter: { command, restart: 'never' } } })
      t.after(() => hub.close())
      await hub.start()
      const place = { hub }
      await until('first lines', async () => (await hub.client.search({ query: 'source:counter n' })).records[0])
      const calls = error === 'EIO' ? 'fdatasync' : 'writev,pwritev,pwritev2,ftruncate,fdatasync'
      const [tail] = globSync(path.join(hub.stateDirectory, 'store/tail-*'))
      const failing = await failCalls(hub.pid, tail!, calls, error)
      t.after(() => failing.end())
      assert.match(await until('trouble is shown', () => trouble(place)), new RegExp(`cannot be written: ${error}`))
      const head = async (): Promise<number> => (await hub.client.search({ limit: 1 })).records[0]!.id
      const before = await head()
      await until('lines wait', async () => /[1-9]\d{3,} lines wait/.test(await trouble(place)))
      assert.equal(await head(), before)
      await failing.end()
      await until('all is well', async () => !(await trouble(place)))
      const printed = await printedBy(place)
      const { stored, gaps, missing } = await takeStock(place, printed)
      assert.deepEqual([stored, gaps.length, missing], [printed, 0, 0])
    },
  )
}

const keptFiles = 3

/** A hub whose log files have a place of their own. */
function prepareElsewhere(perSecond: number): { hub: HubProcess; elsewhere: string } {
  const command = printNumbers({ prefix, stream: 'stdout', perSecond, stopFile, reportFile })
  const hub = prepareHub({
    processes: { counter: { command, restart: 'never' } },
    sinks: { logFile: { directory: 'elsewhere/logs', rotateBytes: 200_000, keep: keptFiles } },
  })
  return { hub, elsewhere: path.join(hub.directory, 'elsewhere') }
}

/** All is in the store; the file lacks what gap records say, and has everything behind that. Returns the gaps. */
async function assertFileHealed(hub: HubProcess, elsewhere: string, run = 1): Promise<LogRecord[]> {
  const printed = await printedBy({ hub })
  assert.equal((await takeStock({ hub }, printed, `source:counter run:${run}`)).stored, printed)
  const records: LogRecord[] = []
  for await (const record of hub.records('source:counter')) records.push(record)
  const gaps = records.filter(({ kind }) => kind === 'gap')
  const lacking = gaps.filter(({ fields }) => fields?.['cause'] === 'unwritable')
  assert.ok(lacking.length > 0)
  for (const { fields } of lacking) {
    const range = records.filter(
      ({ id, kind }) => kind !== 'gap' && id >= Number(fields!['from']) && id <= Number(fields!['to']),
    )
    assert.equal(range.length, fields!['lines'])
  }
  const files = globSync(path.join(elsewhere, 'logs/counter*.log'))
  const text = await until('the file has all', () => {
    const all = files.map((file) => readFileSync(file, 'utf8')).join('')
    return all.includes(` n=${printed - 1} order`) && all
  })
  const since = Number(lacking.at(-1)!.fields!['to'])
  const later = records.filter(({ id, kind }) => kind === 'system' && id > since)
  const isThere = ({ message }: LogRecord): boolean => text.includes(` ${message}\n`)
  // Rotation may have taken the first of them since.
  const first = files.length > keptFiles ? later.findIndex(isThere) : 0
  for (const record of later.slice(first)) assert.ok(isThere(record), `not in the file: ${record.message}`)
  return gaps
}

/** What the hub said of trouble with log files, on the console and as its own records alike; beside where processes log to. */
async function warningsOf(hub: HubProcess): Promise<string[]> {
  const records: string[] = []
  for await (const { message } of hub.records('source:logboom level>=warning -kind:gap -"📁"')) records.push(message)
  for (const message of records) assert.ok(hub.console().includes(message), message)
  return records
}

test(
  'log files on a full disk of their own: the oldest go first, the newest lines stay, one warning',
  mount,
  async (t) => {
    const { hub, elsewhere } = prepareElsewhere(1000)
    const disk = mountSmallDisk(elsewhere, 4)
    t.after(() => disk.unmount())
    t.after(() => hub.close())
    await hub.start()
    const sizes = (part: string): number[] =>
      // Some go between being listed and being looked at.
      globSync(path.join(elsewhere, `logs/counter.${part}log`)).flatMap(
        (file) => statSync(file, { throwIfNoEntry: false })?.size ?? [],
      )
    await until('rotated files', () => sizes('[0-9]*.').length > 1)
    await hub.client.control('counter', 'restart')
    await until('rotated files of both runs', () => sizes('[0-9]*.').length > 2 && sizes('previous.').length > 0)
    await until('rotated files are given up', () => (disk.fill(), sizes('[0-9]*.').length === 0))
    await until('the run before is given up', () => (disk.fill(), sizes('previous.')[0] === 0))
    await until('nothing is left to give up', async () => {
      const { records } = await hub.client.search({ query: 'source:counter kind:gap previous.log' })
      return records.length > 0 && disk.freeBytes() < 8192
    })
    await until('lines are not in the file', async () => /go on when there is room/.test(await trouble({ hub })))
    disk.free()
    await until('the file is told to lack lines', async () => {
      const { records } = await hub.client.search({ query: 'source:counter kind:gap "could not be written"' })
      return records[0]
    })
    const gaps = await assertFileHealed(hub, elsewhere, 2)
    const causes = gaps.map(({ fields }) => fields?.['file'])
    assert.ok(
      causes.indexOf('counter.previous.log') > causes.findIndex((file) => /^counter\.\d+\.log$/.test(String(file))),
    )
    assert.equal((await warningsOf(hub)).length, 1)
  },
)

const places = {
  'cannot be made': {
    spoil: (_: TestContext, elsewhere: string) => writeFileSync(elsewhere, 'in the way'),
    heal: (elsewhere: string) => rmSync(elsewhere),
  },
  'is read-only': {
    spoil(t: TestContext, elsewhere: string) {
      const disk = mountSmallDisk(elsewhere, 4)
      t.after(() => disk.unmount())
      remount(elsewhere, 'ro')
    },
    heal: (elsewhere: string) => remount(elsewhere, 'rw'),
  },
}

for (const [how, { spoil, heal }] of Object.entries(places)) {
  test(`a directory for log files that ${how}: lines go on, one warning, and the files heal`, mount, async (t) => {
    const { hub, elsewhere } = prepareElsewhere(200)
    spoil(t, elsewhere)
    t.after(() => hub.close())
    await hub.start()
    await until('lines', async () => (await hub.client.search({ query: `source:counter "n=200 order"` })).records[0])
    heal(elsewhere)
    await until('the files are there', () => existsSync(path.join(elsewhere, 'logs/counter.log')))
    await assertFileHealed(hub, elsewhere)
    assert.equal((await warningsOf(hub)).length, 1)
  })
}
