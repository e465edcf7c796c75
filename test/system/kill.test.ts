// The hub killed, ended and started twice, with real processes under it: nothing is lost, nothing comes twice, and nobody
// notices who should not.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import type { LogRecord } from '../../src/client/index.ts'
import { isAlive, prepareHub, startHub, until, type HubProcess, type HubProcessOptions } from '../hub-process.ts'
import { logFileLines } from './log-file-lines.ts'
import { numberOracle } from './number-oracle.ts'
import { printNumbers, readReports } from './print-numbers.ts'
import { surviveKills } from './survive-kills.ts'

async function begin(t: TestContext, config: HubProcessOptions): Promise<HubProcess> {
  const hub = await startHub(config)
  t.after(() => hub.close())
  return hub
}

async function recordsOf(hub: HubProcess, query: string): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  for await (const record of hub.records(query)) records.push(record)
  return records
}

async function pidOf(hub: HubProcess, source: string): Promise<number> {
  return until(`${source} runs`, async () => (await hub.client.sources()).find(({ name }) => name === source)?.pid)
}

/** Resolves with the PIDs that a process printed as lines, once there are `count`. */
async function printedPids(hub: HubProcess, source: string, count: number): Promise<number[]> {
  return until(`${count} processes of ${source}`, async () => {
    const pids = (await recordsOf(hub, `source:${source} kind:system`)).map(({ message }) => Number(message))
    return pids.length >= count && pids
  })
}

const messages = (records: LogRecord[]): string[] => records.map(({ message }) => message)
const touch = (hub: HubProcess, name: string): void => writeFileSync(path.join(hub.directory, name), '')
const logText = (hub: HubProcess, source: string): string =>
  readFileSync(path.join(hub.stateDirectory, `logs/${source}.log`), 'utf8')

function openFiles(pid: number): string {
  try {
    return readdirSync(`/proc/${pid}/fd`)
      .map((name) => readlinkSync(`/proc/${pid}/fd/${name}`))
      .join('\n')
  } catch {
    return ''
  }
}

test('50,000 lines/s through ten kills of the hub: store, log file and follower have every number once', async (t) => {
  const lives = Array.from({ length: 10 }, (_, index) =>
    index % 5 === 4
      ? { after: 'launch' as const, ms: Math.random() * 400 }
      : { after: 'ready' as const, ms: Math.random() * 400 },
  )
  const { lines, shortLives, startMs } = await surviveKills({
    perSecond: 50_000,
    lives,
    deadMs: 50,
    rotateBytes: 10 * 1024 * 1024,
  })
  t.diagnostic(`${lines} lines, ${shortLives} short lives, starts took ${startMs.map(Math.round).join(' ')} ms`)
  assert.ok(lines > 250_000)
})

test('who ends while no hub is there: its last words, its exit, and a new life where it shall have one', async (t) => {
  const waits = 'until [ -e go ]; do sleep 0.01; done'
  const hub = await begin(t, {
    processes: {
      once: { command: `echo first; ${waits}; echo more; echo bad >&2; printf 'last words'; exit 0`, restart: 'never' },
      crasher: {
        command: `[ -e go ] && { echo again; exec sleep 1000; }; echo first; ${waits}; printf 'I crash'; exit 3`,
        restart: 'always',
      },
    },
  })
  const pids = await Promise.all(['once', 'crasher'].map((source) => pidOf(hub, source)))
  await until('first lines', async () => (await recordsOf(hub, 'first kind:system')).length === 2)
  await hub.kill()
  touch(hub, 'go')
  await until('both dead', () => !pids.some(isAlive))
  await hub.start()

  await until('a new life', async () => messages(await recordsOf(hub, 'source:crasher')).includes('again'))
  await until('the exit', async () => (await recordsOf(hub, 'source:once kind:event exited')).length > 0)
  // Where nobody collects orphans, the zombie still tells the code.
  const exit = /^exited(, exit code unknown \(no hub was looking\)| with code [03])$/
  const once = messages(await recordsOf(hub, 'source:once'))
  assert.match(once[0]!, /^started/)
  // Between the two streams there is no order.
  assert.deepEqual(once.slice(1, -1).toSorted(), ['bad', 'first', 'last words', 'more'])
  assert.ok(once.indexOf('more') < once.indexOf('last words'))
  assert.match(once.at(-1)!, exit)
  const crasher = await recordsOf(hub, 'source:crasher')
  assert.deepEqual(messages(crasher.filter(({ kind }) => kind === 'system')), ['first', 'I crash', 'again'])
  assert.deepEqual(
    crasher.map(({ run }) => run),
    [1, 1, 1, 1, 2, 2],
  )
  assert.match(crasher[3]!.message, exit)
  const view = (await hub.client.sources()).find(({ name }) => name === 'crasher')!
  assert.deepEqual([view.state, view.run, view.restarts], ['running', 2, 1])
  assert.equal(await hub.end('SIGINT'), 130)
  assert.match(logText(hub, 'once'), /\[INFO\] first\n[^]*\] last words\n[^\n]*\[event\] exited[^\n]*\n$/)
})

test('a second hub in the same place refuses, says so, and harms nothing; of two at once one wins', async (t) => {
  const hub = prepareHub({
    processes: {
      counter: {
        command: printNumbers({
          prefix: 'counter',
          stream: 'stdout',
          perSecond: 2000,
          stopFile: 'stop',
          reportFile: 'reports',
        }),
        restart: 'never',
      },
    },
  })
  t.after(() => hub.close())
  hub.launch()
  const [, ...others] = await Promise.all([
    hub.ready(),
    ...[1, 2].map(async () => {
      // As soon as the first one has got so far that there is something to fight for.
      await until('the first hub holds the place', () => /lock\.db/.test(openFiles(hub.pid)))
      return hub.command('up', '--no-attach', '--port', '0')
    }),
  ])
  others.push(await hub.command('up', '--no-attach', '--port', '0'))
  for (const { code, stderr } of others) {
    assert.equal(code, 1)
    assert.match(stderr, /^logboom: A hub is already running here\n/)
  }
  assert.equal((await hub.client.hub()).pid, hub.pid)
  touch(hub, 'stop')
  await until('the exit', async () => (await recordsOf(hub, 'source:counter exited')).length > 0)
  const reports = readReports(path.join(hub.directory, 'reports'))
  assert.equal(reports.length, 2, 'it was started once')
  const printed = new Map([['counter', reports[1]!.printed!]])
  const [store, file] = [numberOracle('the store'), numberOracle('the log file')]
  for await (const { message } of hub.records('source:counter')) store.take(message)
  for await (const line of logFileLines(hub.stateDirectory, 'counter')) file.take(line)
  store.assertComplete(printed)
  file.assertComplete(printed)
})

test('Ctrl-C ends everything, also grandchildren and the deaf, and keeps their last words', async (t) => {
  const hub = await begin(t, {
    processes: {
      polite: { command: "trap 'echo goodbye; exit 0' TERM; echo $$; while :; do sleep 0.05; done" },
      family: { command: "(trap '' HUP; echo $(exec sh -c 'echo $PPID'); exec sleep 1000) & echo $$; wait" },
      deaf: { command: "trap '' TERM INT HUP; echo $$; while :; do sleep 0.05; done", stopTimeoutMs: 300 },
    },
  })
  const wanted = { polite: 1, family: 2, deaf: 1 }
  const pids = (
    await Promise.all(Object.entries(wanted).map(([source, count]) => printedPids(hub, source, count)))
  ).flat()
  assert.ok(pids.every(isAlive), 'all run')
  assert.equal(await hub.end('SIGINT'), 130)
  assert.deepEqual(pids.filter(isAlive), [])
  assert.match(hub.console(), /Stopping /)
  assert.doesNotMatch(hub.console(), /goodbye/)
  assert.match(logText(hub, 'polite'), /\[INFO\] goodbye\n[^]*\[event\] exited with code 0\n$/)
  assert.match(logText(hub, 'deaf'), /\[event\] still running 0\.3s after SIGTERM[^]*\[event\] killed by SIGKILL\n$/)
  await hub.start()
  const said = messages(await recordsOf(hub, 'source:polite'))
  assert.equal(said.filter((message) => message === 'goodbye').length, 1)
})

test('down stops what a killed hub left behind, and their last words are kept', async (t) => {
  const hub = await begin(t, {
    processes: {
      orphan: { command: "trap 'printf goodbye; exit 0' TERM; echo $$; while :; do sleep 0.05; done" },
      family: { command: "(trap '' HUP; echo $(exec sh -c 'echo $PPID'); exec sleep 1000) & echo $$; wait" },
    },
  })
  const pids = [...(await printedPids(hub, 'orphan', 1)), ...(await printedPids(hub, 'family', 2))]
  await hub.kill()
  assert.ok(pids.every(isAlive), 'they outlive the hub')
  const down = await hub.command('down')
  assert.deepEqual([down.code, down.stdout], [0, 'Stopped family, orphan, which a hub had left behind\n'])
  assert.deepEqual(pids.filter(isAlive), [])
  const { stdout } = await hub.command('logs', '--all', '--source', 'orphan')
  assert.match(stdout, /\[INFO\] goodbye\n[^]*\[event\] exited/)
  assert.match(logText(hub, 'orphan'), /\[INFO\] goodbye\n[^]*\[event\] exited/)
})
