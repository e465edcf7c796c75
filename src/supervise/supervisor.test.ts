// What a person sees of one process: its states, its log, its buttons.
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext as Test } from 'node:test'
import type { Source } from '../contracts/source.ts'
import type { ProcessOptions } from './process-options.ts'
import { openSupervisor } from './supervisor.ts'
import {
  atEnd,
  eventually,
  openTestContext,
  temporaryDirectory,
  testOptions,
  type TestContext,
} from './test-context.ts'

async function supervise(t: Test, options: Partial<ProcessOptions>): Promise<{ source: Source; context: TestContext }> {
  const context = openTestContext(temporaryDirectory(t))
  const source = await openSupervisor('process', testOptions(options), context)
  atEnd(t, () => source.close({ keep: false }))
  return { source, context }
}

const events = (context: TestContext) => context.lines.filter((line) => line.fields).map((line) => line.fields!.event)
const messages = (context: TestContext, stream: string) =>
  context.lines.filter((line) => line.stream === stream).map((line) => line.message)
const state = (source: Source) => source.status().state

test('both streams, last words without a newline, and the exit after them', async (t) => {
  const { source, context } = await supervise(t, { command: 'echo one; echo bad >&2; printf two' })
  const { pid } = source.status()
  assert.ok(pid)
  await eventually('the run over', () => context.rows[0]!.endedAt)
  assert.deepEqual(messages(context, 'stdout'), ['one', 'two'])
  assert.deepEqual(messages(context, 'stderr'), ['bad'])
  assert.deepEqual(messages(context, 'log'), [`started (PID ${pid})`, 'exited with code 0'])
  assert.equal(context.lines[0]!.message, `started (PID ${pid})`)
  assert.equal(context.lines.at(-1)!.severity, 9)
  assert.deepEqual(context.lines.at(-2)!.fields ?? context.lines.at(-1)!.fields, {
    event: 'exited',
    code: 0,
    signal: null,
    pid,
  })
  const status = source.status()
  assert.deepEqual([status.state, status.pid, status.run, status.exit?.code], ['exited', undefined, 1, 0])
  assert.equal(existsSync(`${context.captureDirectory}/test/1.stdout`), false)
})

test('an exit that this hub cannot keep is told by the next one', async (t) => {
  const directory = temporaryDirectory(t)
  const full = openTestContext(directory)
  const { push } = full
  const refused = Promise.withResolvers<void>()
  full.push = (run, entries, once) => {
    if (once === undefined) return push(run, entries, once)
    refused.resolve()
    return Promise.reject(new Error('the hub ends, and could not commit it'))
  }
  const options = testOptions({ command: 'exit 3', restart: 'never' })
  const source = await openSupervisor('process', options, full)
  await refused.promise
  await source.close({ keep: false })
  assert.deepEqual([full.rows[0]!.endedAt, events(full)], [null, ['started']])

  const context = openTestContext(directory)
  const next = await openSupervisor('process', { ...options, autostart: false }, context)
  atEnd(t, () => next.close({ keep: false }))
  await eventually('the run over', () => context.rows[0]!.endedAt)
  assert.deepEqual(messages(context, 'log').slice(1), ['exited with code 3'])
})

test('a failure and a signal are crashes, and said to be', async (t) => {
  const failed = await supervise(t, { command: 'exit 3' })
  await eventually('crashed', () => state(failed.source) === 'crashed')
  assert.equal(failed.source.status().detail, 'exited with code 3')
  const killed = await supervise(t, { command: 'kill -9 $$; true' })
  await eventually('told', () => events(killed.context).includes('exited'))
  assert.equal(state(killed.source), 'crashed')
  const line = killed.context.lines.at(-1)!
  assert.deepEqual([line.message, line.severity, line.fields?.signal], ['killed by SIGKILL', 17, 'SIGKILL'])
})

test('the process learns who it is, and is asked not to buffer', async (t) => {
  const script = 'echo $LOGBOOM_PROCESS $PYTHONUNBUFFERED $MINE $LOGBOOM_RUN; pwd'
  const { context } = await supervise(t, { command: script, env: { MINE: 'yes' }, cwd: '/' })
  await eventually('two lines', () => messages(context, 'stdout').length === 2)
  const { runId } = context.rows[0]!.details
  assert.deepEqual(messages(context, 'stdout'), [`test 1 yes ${runId}`, '/'])
})

test('a command that is not there leaves a crashed process with a reason, and buttons that say so', async (t) => {
  const { source, context } = await supervise(t, { command: ['no-such-command'], restart: 'always' })
  const status = source.status()
  assert.deepEqual([status.state, status.detail], ['crashed', 'command not found: no-such-command'])
  await assert.rejects(source.control!('start'), { code: 'command-not-found' })
  assert.deepEqual(events(context), ['start-failed', 'start-failed'])
  assert.equal(
    context.rows.every((row) => row.endedAt),
    true,
  )
})

test('what the system refuses to execute is tried again', async (t) => {
  const { source, context } = await supervise(t, { command: ['sh', '-c', 'x'.repeat(1 << 22)], restart: 'on-failure' })
  await eventually('a second try', () => context.rows.length === 2)
  await eventually('why it failed', () => /E2BIG/.test(source.status().detail ?? ''))
})

test('restarts after failures, then a crash loop that a stop ends', async (t) => {
  const crashLoop = { exits: 3, withinMs: 60_000 }
  const { source, context } = await supervise(t, { command: 'exit 1', restart: 'on-failure', crashLoop })
  await eventually('a crash loop', () => state(source) === 'crash-looping')
  const status = source.status()
  assert.deepEqual([status.restarts, status.run], [2, 3])
  assert.ok(status.restartAt! > Date.now() + 10_000)
  assert.equal(status.detail, 'exited with code 1')
  await eventually('said', () => events(context).at(-1) === 'crash-looping')
  assert.deepEqual(events(context).slice(0, 4), ['started', 'exited', 'restarting', 'started'])
  assert.match(context.lines.at(-1)!.message, /^crash-looping \(3 exits within 1m\), restarting in [\dms ]+$/)
  await source.control!('stop')
  assert.deepEqual([state(source), source.status().restartAt], ['stopped', undefined])
  assert.equal(events(context).at(-1), 'restart-cancelled')
  await source.control!('start')
  await eventually('a new beginning', () => context.rows.length > 4)
})

test('a stop during back-off cancels the restart', async (t) => {
  const backoff = { initialMs: 300, maxMs: 300 }
  const { source, context } = await supervise(t, { command: 'exit 1', restart: 'always', backoff })
  await eventually('waiting', () => state(source) === 'restarting')
  await source.control!('stop')
  const timer = Date.now()
  await eventually('the time of the restart', () => Date.now() - timer > 500)
  assert.deepEqual([state(source), context.rows.length], ['stopped', 1])
})

test('buttons pressed together are done in order', async (t) => {
  const { source, context } = await supervise(t, { command: 'sleep 60', autostart: false })
  assert.deepEqual([state(source), source.status().run], ['stopped', 0])
  await source.control!('stop')
  await Promise.all([source.control!('start'), source.control!('start')])
  const { pid } = source.status()
  assert.deepEqual([state(source), source.status().run], ['running', 1])
  const presses = (['restart', 'stop', 'start', 'restart', 'stop', 'start'] as const).map((press) =>
    source.control!(press),
  )
  await Promise.all(presses)
  const status = source.status()
  assert.deepEqual([status.state, status.run, status.restarts], ['running', 5, 2])
  assert.notEqual(status.pid, pid)
  await source.control!('stop')
  assert.equal(state(source), 'stopped')
  await eventually('all runs over', () => context.rows.every((row) => row.endedAt))
  assert.deepEqual(
    context.lines.filter((line) => line.run === 1).map((line) => line.message),
    [`started (PID ${pid})`, 'stopping (SIGTERM)', 'killed by SIGTERM'],
  )
  assert.equal(context.lines.at(-1)!.severity, 9)
})

test('the exit is shown at once, and a grandchild is heard to its end', async (t) => {
  const script = '(until [ -e go ]; do sleep 0.02; done; echo late; printf last) & echo early'
  const { source, context } = await supervise(t, { command: script })
  await eventually('told', () => events(context).includes('exited'))
  assert.deepEqual([state(source), messages(context, 'stdout')], ['exited', ['early']])
  assert.equal(context.rows[0]!.endedAt, null)
  writeFileSync(join(context.baseDirectory, 'go'), '')
  await eventually('over', () => context.rows[0]!.endedAt)
  assert.deepEqual(messages(context, 'stdout'), ['early', 'late', 'last'])
})

test('processor time and memory are those of the whole tree', async (t) => {
  const { source } = await supervise(t, { command: 'sh -c "while :; do :; done" & sleep 60; true' })
  await eventually('a busy tree', () => (source.status().cpu ?? 0) > 0.05)
  assert.ok(source.status().memoryBytes! > 100_000)
  await source.control!('stop')
  assert.equal(source.status().memoryBytes, undefined)
})

test('a log that fails does not keep the process from being watched and stopped', async (t) => {
  const context = openTestContext(temporaryDirectory(t))
  const broken = () => Promise.reject(new Error('storage is gone'))
  const source = await openSupervisor('process', testOptions({ command: 'sleep 60' }), {
    ...context,
    tail: broken,
    push: broken,
  })
  await eventually('trouble shown', () => source.status().detail === 'output is not being read: storage is gone')
  await source.control!('stop')
  assert.equal(state(source), 'stopped')
  await source.close({ keep: false })
  // Left open: a hub with a log will read what was written.
  assert.equal(context.rows[0]!.endedAt, null)
})
