// Nothing survives a stop: neither who ignores the signal, nor who leaves its group, session, parent or environment.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { test, type TestContext as Test } from 'node:test'
import { identify, lifeOf, type ProcessIdentity } from './identity.ts'
import type { ProcessOptions } from '../process-options.ts'
import { openSupervisor } from '../supervisor.ts'
import { atEnd, eventually, openTestContext, temporaryDirectory, testOptions } from '../test-context.ts'

/** Starts a command that prints the PIDs of so many processes, and gives them. */
async function supervise(t: Test, options: Partial<ProcessOptions>, count: number) {
  const context = openTestContext(temporaryDirectory(t))
  const source = await openSupervisor('process', testOptions(options), context)
  atEnd(t, () => source.close({ keep: false }))
  const lines = () => context.lines.filter((line) => line.stream === 'stdout')
  await eventually('all are up', () => lines().length === count)
  const processes = lines().map((line) => identify(Number(line.message))!)
  assert.ok(processes.every(isAlive))
  return {
    context,
    source,
    processes,
    said: () => context.lines.filter((line) => line.stream === 'log').map((line) => line.message),
  }
}

const isAlive = (identity: ProcessIdentity) => lifeOf(identity) === 'alive'

test('who ignores the signal is killed when the grace is over', async (t) => {
  const stubborn = `process.on('SIGTERM', () => console.log('no')); setInterval(() => {}, 1000); console.log(process.pid)`
  const options = { command: [process.execPath, '-e', stubborn], stopTimeoutMs: 200 }
  const { context, source, processes, said } = await supervise(t, options, 1)
  await source.control!('stop')
  assert.equal(processes.some(isAlive), false)
  assert.equal(source.status().state, 'stopped')
  await eventually('the run over', () => context.rows[0]!.endedAt)
  assert.deepEqual(said().slice(1), [
    'stopping (SIGTERM)',
    'still running 0.2s after SIGTERM: killing 1',
    'killed by SIGKILL',
  ])
  assert.ok(context.lines.some((line) => line.message === 'no'))
})

test('the signal of the options reaches the whole group, and its code is no crash', async (t) => {
  const script = `trap 'exit 4' HUP; sh -c 'trap "exit 0" HUP; echo $$; while :; do sleep 0.02; done' & echo $$; while :; do sleep 0.02; done`
  const { context, source, processes, said } = await supervise(t, { command: script, stopSignal: 'SIGHUP' }, 2)
  await source.control!('stop')
  assert.equal(processes.some(isAlive), false)
  await eventually('the run over', () => context.rows[0]!.endedAt)
  assert.deepEqual(said().slice(1), ['stopping (SIGHUP)', 'exited with code 4'])
  assert.deepEqual([source.status().state, context.lines.at(-1)!.severity], ['stopped', 9])
})

test('who got away into a session of its own is ended too', async (t) => {
  // In turn: a session of its own; a double fork without our environment; one without our output; one deaf as well.
  const away = `
setsid sh -c 'echo $$; exec sleep 60' &
setsid sh -c '(env -i /bin/sh -c "echo \\$\\$; exec sleep 60") & exit' &
setsid sh -c 'echo $$; exec sleep 60 > /dev/null 2>&1' &
setsid sh -c 'trap "" TERM; echo $$; while :; do sleep 0.1; done' &
sleep 60`
  const { source, processes } = await supervise(t, { command: away, stopTimeoutMs: 500 }, 4)
  await source.control!('stop')
  assert.equal(processes.some(isAlive), false)
})

test('who takes its time to end is asked once only, also when the process itself is gone first', async (t) => {
  const slow = `let asked = 0
process.on('SIGTERM', () => (++asked === 1 ? setTimeout(() => process.exit(console.log('orderly')), 300) : process.exit()))
setInterval(() => {}, 1000)
console.log(process.pid)`
  const { context, source } = await supervise(
    t,
    { command: '"$NODE" -e "$SLOW" & wait', env: { NODE: process.execPath, SLOW: slow } },
    1,
  )
  await source.control!('stop')
  await eventually('the run over', () => context.rows[0]!.endedAt)
  assert.ok(context.lines.some((line) => line.message === 'orderly'))
})

test('who is left when the process itself is gone long since is ended by a stop', async (t) => {
  const { source, processes } = await supervise(t, { command: 'setsid sh -c "echo \\$\\$; exec sleep 60" & exit 0' }, 1)
  await eventually('exited', () => source.status().state === 'exited')
  await source.control!('stop')
  assert.equal(processes.some(isAlive), false)
})

test('a suspended process hears the signal', async (t) => {
  const { source, processes } = await supervise(t, { command: 'echo $$; kill -STOP $$; sleep 60' }, 1)
  await source.control!('stop')
  assert.equal(processes.some(isAlive), false)
  assert.equal(source.status().exit?.signal, 'SIGTERM')
})

test('a reader of a capture file, who writes to it for the hub, and the runs of a hub within are left alone', async (t) => {
  const inner = `env LOGBOOM_RUN=of-another-hub setsid sh -c 'echo $$; exec sleep 60' > away.txt 2>&1 < /dev/null & echo $$; sleep 60`
  const { context, source } = await supervise(t, { command: inner }, 1)
  const reader = spawn('tail', ['-f', `${context.captureDirectory}/test/1.stdout`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  atEnd(t, () => reader.kill('SIGKILL'))
  // As the storage does, to make room in it.
  const writer = spawn('sh', ['-c', `exec sleep 60 >> ${context.captureDirectory}/test/1.stdout`], { stdio: 'ignore' })
  atEnd(t, () => writer.kill('SIGKILL'))
  let text = ''
  reader.stdout.on('data', (part) => (text += part))
  await eventually('the reader reads', () => text.length > 0)
  const note = `${context.baseDirectory}/away.txt`
  const pid = () => (existsSync(note) ? Number(readFileSync(note, 'utf8')) : 0)
  await eventually('the inner one is up', () => pid() > 0)
  const away = identify(pid())!
  atEnd(t, () => process.kill(away.pid, 'SIGKILL'))
  await source.close({ keep: false })
  assert.ok(context.rows[0]!.endedAt)
  assert.equal(isAlive(away), true)
  assert.deepEqual([reader.signalCode, writer.signalCode], [null, null])
  assert.equal(isAlive(identify(reader.pid!)!), true)
})
