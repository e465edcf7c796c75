// The promise that a supervisor's death harms no one: hubs are killed here, and the next one goes on.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext as Test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Source } from '../contracts/source.ts'
import { capturePath, openCaptureFiles } from './capture-files.ts'
import { identify, lifeOf, signalProcess, type ProcessIdentity } from './process/identity.ts'
import type { RunDetails } from './run-details.ts'
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

const hubPath = fileURLToPath(new URL('test-hub.ts', import.meta.url))

/** Runs a hub until its process is up and `ready` holds, then kills it. */
async function hubThatDies(directory: string, options: Partial<ProcessOptions>, ready: (kept: TestContext) => unknown) {
  const hub = spawn(process.execPath, [hubPath, directory, JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    await eventually(
      'the hub at work',
      () => existsSync(join(directory, 'kept.json')) && ready(openTestContext(directory)),
    )
  } finally {
    hub.kill('SIGKILL')
    await once(hub, 'exit')
  }
  return (openTestContext(directory).rows[0]!.details as unknown as RunDetails).identity!
}

async function nextHub(t: Test, directory: string, options: Partial<ProcessOptions>) {
  const context = openTestContext(directory)
  const source = await openSupervisor('process', testOptions(options), context)
  atEnd(t, () => source.close({ keep: false }))
  return { context, source }
}

const said = (context: TestContext) => context.lines.filter((line) => line.stream === 'log').map((line) => line.message)
const printed = (context: TestContext) => context.lines.filter((line) => line.stream === 'stdout')
const state = (source: Source) => source.status().state
const isDead = (identity: ProcessIdentity) => lifeOf(identity) !== 'alive'

test('a process lives through three hubs, and every line is there once', async (t) => {
  const directory = temporaryDirectory(t)
  const options = { command: 'i=0; while :; do i=$((i+1)); echo $i; sleep 0.005; done', restart: 'on-failure' as const }
  const first = await hubThatDies(directory, options, (kept) => printed(kept).length > 5)
  const before = printed(openTestContext(directory)).length
  await hubThatDies(directory, options, (kept) => printed(kept).length > before + 5)
  const seen = printed(openTestContext(directory)).length
  const { context, source } = await nextHub(t, directory, options)
  const status = source.status()
  assert.deepEqual(
    [status.state, status.pid, status.adopted, status.run, status.restarts],
    ['running', first.pid, true, 1, 0],
  )
  await eventually('more lines', () => printed(context).length > seen + 5)
  await source.control!('stop')
  await eventually('the run over', () => context.rows[0]!.endedAt)
  assert.ok(isDead(first))
  const adopted = `adopted (PID ${first.pid})`
  assert.deepEqual(said(context).slice(0, 4), [`started (PID ${first.pid})`, adopted, adopted, 'stopping (SIGTERM)'])
  assert.deepEqual(
    printed(context).map((line) => line.message),
    printed(context).map((_, index) => String(index + 1)),
  )
  assert.equal(source.status().state, 'stopped')
})

test('who died while nobody looked: last words, an exit without a code, and a new beginning', async (t) => {
  const directory = temporaryDirectory(t)
  const script = 'echo one; until [ -e go ]; do sleep 0.02; done; echo last; printf words; rm go; exit 3'
  const options = { command: script, restart: 'on-failure' as const }
  const dead = await hubThatDies(directory, options, (kept) => printed(kept).length === 1)
  writeFileSync(join(directory, 'go'), '')
  await eventually('the process dead', () => isDead(dead))
  const { context, source } = await nextHub(t, directory, options)
  await eventually('a second run', () => context.lines.some((line) => line.run === 2 && line.message === 'one'))
  const first = context.lines.filter((line) => line.run === 1).map((line) => line.message)
  assert.deepEqual(first.slice(0, 4), [`started (PID ${dead.pid})`, 'one', 'last', 'words'])
  // Its zombie may still be there to tell the code, where nobody collects orphans.
  assert.match(first[4]!, /^exited(, exit code unknown \(no hub was looking\)| with code 3)$/)
  assert.equal(first.length, 5)
  assert.deepEqual([state(source), source.status().restarts, source.status().adopted], ['running', 1, undefined])
  assert.ok(context.rows[0]!.endedAt)
})

test('who died while nobody looked and shall not be restarted stays exited', async (t) => {
  const directory = temporaryDirectory(t)
  const options = { command: 'until [ -e go ]; do sleep 0.02; done', restart: 'never' as const }
  const dead = await hubThatDies(directory, options, (kept) => said(kept).length === 1)
  writeFileSync(join(directory, 'go'), '')
  await eventually('the process dead', () => isDead(dead))
  const { context, source } = await nextHub(t, directory, options)
  await eventually('the run over', () => context.rows[0]!.endedAt)
  assert.deepEqual([state(source), context.rows.length, source.status().pid], ['exited', 1, undefined])
})

test('a crash loop is one under the next hub too, until somebody stops it', async (t) => {
  const directory = temporaryDirectory(t)
  const options = {
    command: 'exit 1',
    restart: 'on-failure' as const,
    autostart: false,
    crashLoop: { exits: 2, withinMs: 60_000 },
  }
  const context = openTestContext(directory)
  const first = await openSupervisor('process', testOptions(options), context)
  await first.control!('start')
  await eventually('a crash loop', () => state(first) === 'crash-looping')
  const { restartAt } = first.status()
  await first.close({ keep: true })
  const { context: next, source } = await nextHub(t, directory, options)
  const status = source.status()
  assert.deepEqual([status.state, status.run, status.restarts], ['crash-looping', 2, 1])
  assert.ok(Math.abs(status.restartAt! - restartAt!) < 1000)
  await source.control!('stop')
  assert.equal(state(source), 'stopped')
  await source.close({ keep: false })
  const { source: last } = await nextHub(t, directory, { ...options, crashLoop: { exits: 3, withinMs: 60_000 } })
  assert.deepEqual([state(last), next.rows.length], ['stopped', 2])
  await last.control!('start')
  await eventually('the first failure again', () => last.status().restarts === 1)
})

test('an adopted process that ends is noticed', async (t) => {
  const directory = temporaryDirectory(t)
  const options = { command: 'sleep 60', restart: 'never' as const }
  const identity = await hubThatDies(directory, options, (kept) => said(kept).length === 1)
  const { context, source } = await nextHub(t, directory, options)
  signalProcess(identity, 'SIGKILL')
  await eventually('the run over', () => context.rows[0]!.endedAt)
  assert.ok(['exited', 'crashed'].includes(state(source)))
  assert.equal(context.lines.at(-1)!.fields?.event, 'exited')
})

test('a hub that died before it could note the PID: the process is found by its mark', async (t) => {
  const directory = temporaryDirectory(t)
  const context = openTestContext(directory)
  const { run } = context.runs.begin({ runId: 'the-mark', command: 'sleep', restarts: 0 })
  const { descriptors, close } = openCaptureFiles({ ...context, source: 'test', run })
  const child = spawn('sleep', ['60'], {
    detached: true,
    stdio: ['ignore', ...descriptors],
    env: { ...process.env, LOGBOOM_RUN: 'the-mark' },
  })
  close()
  const { source } = await nextHub(t, directory, { command: 'sleep 60' })
  assert.deepEqual([source.status().pid, source.status().adopted], [child.pid, true])
  await source.control!('stop')
  await eventually('the signal seen', () => child.signalCode === 'SIGTERM')
})

test('a hub that died before it spawned anything leaves nothing behind', async (t) => {
  const directory = temporaryDirectory(t)
  openTestContext(directory).runs.begin({ runId: 'never-used', command: 'true', restarts: 0 })
  const { context, source } = await nextHub(t, directory, { command: 'sleep 60', restart: 'on-failure' })
  await eventually('a run', () => state(source) === 'running')
  await eventually('the first one over', () => context.rows[0]!.endedAt)
})

test('a stranger under the same number is neither adopted nor harmed', async (t) => {
  const directory = temporaryDirectory(t)
  const context = openTestContext(directory)
  const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  atEnd(t, () => stranger.kill('SIGKILL'))
  const identity = identify(stranger.pid!)!
  const details = {
    runId: 'long-ago',
    command: 'x',
    restarts: 0,
    identity: { ...identity, startTime: identity.startTime - 1 },
  }
  const { run } = context.runs.begin(details)
  openCaptureFiles({ ...context, source: 'test', run }).close()
  appendFileSync(capturePath({ ...context, source: 'test', run }, 'stdout'), 'last words\n')
  const { context: next, source } = await nextHub(t, directory, { command: 'sleep 60' })
  await source.control!('stop')
  await eventually('the run over', () => next.rows[0]!.endedAt)
  assert.deepEqual(
    printed(next).map((line) => line.message),
    ['last words'],
  )
  assert.equal(lifeOf(identity), 'alive')
})

test('a hub that closes and keeps its processes says nothing, and the next one goes on', async (t) => {
  const directory = temporaryDirectory(t)
  const context = openTestContext(directory)
  const options = testOptions({ command: 'echo one; until [ -e go ]; do sleep 0.02; done; echo two; sleep 60' })
  const first = await openSupervisor('process', options, context)
  const { pid } = first.status()
  await eventually('a line', () => printed(context).length === 1)
  await first.close({ keep: true })
  assert.deepEqual(said(context), [`started (PID ${pid})`])
  writeFileSync(join(directory, 'go'), '')
  const { context: next, source } = await nextHub(t, directory, options)
  await eventually('the second line', () => printed(next).length === 2)
  assert.equal(source.status().pid, pid)
  assert.ok(readFileSync(capturePath({ ...next, source: 'test', run: 1 }, 'stdout'), 'utf8').startsWith('one\ntwo'))
})
