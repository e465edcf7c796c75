// Disk trouble with real file systems under a real hub (A9, C13): the processes never notice, what is lost is counted
// exactly, and all heals when there is room again.
import assert from 'node:assert/strict'
import { globSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { requireMount, requireTool } from '../../scripts/ensure-system.ts'
import type { LogRecord } from '../../src/client/index.ts'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import { printNumbers, readReports } from './print-numbers.ts'
import { failCalls, mountSmallDisk, type SmallDisk } from './small-disk.ts'

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
  await until('the exit', async () => (await hub.client.search({ query: 'source:counter exited' })).records[0])
  const { printed, errors } = readReports(path.join(hub.directory, reportFile)).at(-1)!
  assert.deepEqual([...new Set(errors)], [], `${errors!.length} writes failed`)
  return printed!
}

/** What the store has of the process: numbers in order, gap records, and what is missing between the numbers. */
async function takeStock({ hub }: Pick<Place, 'hub'>, printed: number) {
  const gaps: LogRecord[] = []
  const missing: number[] = []
  let next = 0
  let stored = 0
  for await (const record of hub.records('source:counter')) {
    // What only a log file lacks is not missing here.
    if (record.kind === 'gap' && !record.fields?.['file']) gaps.push(record)
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

for (const kind of ['tmpfs', 'ext4'] as const) {
  const what = `a full disk (${kind}): the process prints on, memory takes what it can, the rest is counted`
  test(what, mount, async (t) => {
    const place = await beginOn(t, kind, 200, 6000)
    const { hub, disk } = place
    const before = hub.memoryMb().peak
    disk.fill()
    await until('trouble is shown', () => trouble(place))
    await until('memory is full', async () => /, [1-9]\d* were dropped$/.test(await trouble(place)))
    await assertNothingNoticed(place)
    disk.free()
    await until('all is well', async () => !(await trouble(place)))
    const memory = hub.memoryMb().peak
    assert.ok(memory - before < 128, `${before} MB before, ${memory} MB at most`)
    const printed = await printedBy(place)
    const { stored, missing, lines, gaps } = await takeStock(place, printed)
    t.diagnostic(
      `${printed} printed, ${stored} stored, ${lines} in ${gaps.length} gaps; ${before} MB before, ${memory} MB at most`,
    )
    assert.ok(lines > 0)
    assert.equal(lines, missing)
    assert.equal(stored + lines, printed)
    const said = hub.console()
    for (const once of [/is full\. Free some space/g, /Memory is full, too/g, /is written again/g])
      assert.equal(said.match(once)?.length, 1, `${once} in:\n${said}`)
  })
}

test(
  'the hub killed on a full disk: the next one goes on there, and what is lost is known to the byte',
  mount,
  async (t) => {
    const place = await beginOn(t, 'tmpfs', 24, 2000)
    const { hub, disk } = place
    disk.fill()
    await until('trouble is shown', () => trouble(place))
    await until('some of it only memory has', async () => /[1-9]\d{3,} lines wait/.test(await trouble(place)))
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
  const runs = async (): Promise<number> => (await hub.client.sources())[0]!.run
  await until('a second life', async () => (await runs()) > 1)
  // Whoever ends gives some space back, and little is needed here.
  const isFull = (): Promise<string> => (disk.fill(), trouble(place))
  await until('trouble is shown', isFull)
  const before = await runs()
  await until('two more lives', async () => (await isFull()) && (await runs()) > before + 1)
  assert.equal(await hub.end('SIGINT'), 130)
  disk.free()
  await hub.start()
  await until('all is well', async () => !(await trouble(place)))
  await until('it is known who ended meanwhile, and how', async () => {
    const ended: number[] = []
    for await (const { run, message } of hub.records('source:crasher kind:event'))
      if (/^(exited|killed by)/.test(message)) ended.push(run)
    return ended.slice(0, before + 2).join() === Array.from({ length: before + 2 }, (_, index) => index + 1).join()
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
