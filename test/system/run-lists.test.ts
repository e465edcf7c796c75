// What has run, as people ask for it: jobs of orchestrators and of schedules, runs, sessions, on the command line and over HTTP; and
// the commands of docs/jobs.md.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { startHub, until, type HubProcess } from '../hub-process.ts'

const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')

let hub: HubProcess
before(async () => {
  hub = await startHub({
    processes: {
      clock: { command: `echo 'ERROR no luck'; echo fine; exit 3`, every: '1s', restart: 'never' },
      sleeper: { command: 'exec sleep 1000' },
    },
  })
})
after(() => hub.close())

test('the commands of docs/jobs.md do what they say', async () => {
  const document = readFileSync(path.resolve(import.meta.dirname, '../../docs/jobs.md'), 'utf8')
  const commands = [...document.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1]!)
  const tools = path.join(hub.directory, 'tools')
  mkdirSync(tools)
  writeFileSync(path.join(tools, 'logboom'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`)
  chmodSync(path.join(tools, 'logboom'), 0o755)
  const { stdout } = await promisify(execFile)('bash', ['-e', '-c', commands.join('echo\n')], {
    cwd: hub.directory,
    env: { ...process.env, HUB: hub.url, TZ: 'UTC', PATH: `${tools}:${process.env.PATH}` },
  })
  assert.deepEqual(stdout.match(/"count":\d+/g), ['"count":2'])
  assert.equal(stdout.match(/"success":true/g)?.length, 4)
  assert.match(stdout, /"output":"disk is slow","error":"disk is slow","startTime":"2025-06-08T14:25:31.000Z"/)
  const printed = stdout.slice(stdout.lastIndexOf(']}') + 2)
  for (const text of ['copying 3 files', 'disk is slow', 'job 4711 failed, exit code 3: no such file'])
    assert.ok(printed.includes(text), text)
  assert.ok(!printed.includes('no luck'), printed)
})

test('jobs of orchestrators and of schedules are listed with status, duration, exit code and levels', async () => {
  const { runs } = await until('a scheduled run has ended', async () => {
    const list = await hub.client.jobs({ source: 'clock', status: 'failed' })
    return list.runs.length > 0 && list
  })
  const { exitCode, levels, hasErrors, scheduledAt, durationMs, job } = runs[0]!
  assert.deepEqual([exitCode, hasErrors, job], [3, true, undefined])
  assert.deepEqual(levels, { INFO: 1, ERROR: 1 })
  assert.ok(scheduledAt! % 1000 === 0 && durationMs! >= 0)

  const nightly = (await hub.client.jobs({ source: 'night*' })).runs[0]!
  assert.deepEqual(nightly.job, {
    jobId: '4711',
    eventId: 'e1',
    userId: 'u1',
    orchestratorId: 'edge-1',
    message: 'copies',
  })
  assert.deepEqual([nightly.status, nightly.exitCode, nightly.error], ['FAILED', 3, 'no such file'])
  assert.deepEqual([nightly.startedAt, nightly.durationMs], [Date.UTC(2025, 5, 8, 14, 25, 30, 123), 59_877])
  assert.deepEqual(nightly.levels, { INFO: 1, WARNING: 1 })

  const table = await hub.command('jobs', '--source', 'nightly', '--utc')
  assert.match(
    table.stdout,
    /^JOB +SOURCE +RUN +STATUS .*\n4711 +nightly +1 +failed +2025-06-08 14:25:30 +1m +3 +2 +1 +0\n$/,
  )
})

test('all runs are listed page by page, and sessions, over a killed hub', async () => {
  const first = (await hub.client.sessions()).sessions[0]!
  assert.equal(first.status, 'RUNNING')
  await hub.kill()
  await hub.start()
  const { sessions } = await hub.client.sessions()
  assert.deepEqual(
    sessions.map(({ status }) => status),
    ['RUNNING', 'KILLED'],
  )
  assert.equal(sessions[1]!.id, first.id)
  const listed = await hub.command('sessions')
  assert.match(listed.stdout, /^SESSION +STATUS +STARTED +DURATION\n.*running.*\n.*killed.* -\n$/)

  const sleeper = await hub.command('runs', 'sleeper', '--json')
  const [run] = JSON.parse(sleeper.stdout) as Record<string, unknown>[]
  assert.deepEqual([run!['status'], run!['session'], run!['durationMs']], ['RUNNING', first.id, undefined])
  assert.match((await hub.command('runs', 'nobody')).stdout, /^\(no run\)\n$/)

  const names: string[] = []
  for (let past: string | undefined; ;) {
    const page = await hub.client.runs({ limit: 1, session: first.id, ...(past === undefined ? {} : { past }) })
    names.push(...page.runs.map((each) => `${each.source} ${each.run}`))
    past = page.past
    if (past === undefined) break
  }
  const whole = (await hub.client.runs({ limit: 200, session: first.id })).runs.map(
    ({ source, run: n }) => `${source} ${n}`,
  )
  assert.deepEqual(names, whole)
  assert.ok(names.includes('sleeper 1') && names.includes('nightly 1') && names.includes('clock 1'), names.join())
})

test('the lines of a job are found and followed by its id, and ids are offered', async () => {
  const { records } = await hub.client.search({ query: 'job:4711 kind:system', order: 'oldest' })
  assert.deepEqual(
    records.map(({ message }) => message),
    ['copying 3 files', 'disk is slow'],
  )
  assert.equal((await hub.client.summary({ query: '-job:4711 source:nightly' })).count, 0)
  const seen: string[] = []
  const following = hub.client.follow(
    { query: 'job:4711' },
    { records: (fresh) => void seen.push(...fresh.map(({ message }) => message)) },
  )
  await until('history', () => seen.includes('disk is slow'))
  await fetch(`${hub.url}/api/internal/jobs/4711/logs`, {
    method: 'POST',
    body: JSON.stringify({ orchestratorId: 'edge-1', logs: [{ message: 'a last word' }] }),
  })
  await until('live', () => seen.at(-1) === 'a last word')
  following.close()
  const offered = await fetch(`${hub.url}/api/v1/complete?query=job:47`)
  const { suggestions } = (await offered.json()) as { suggestions: object[] }
  assert.deepEqual(suggestions[0], { text: '4711', kind: 'value', detail: 'nightly' })
})

test('the lines of a job are found by its id when no hub runs, too', async () => {
  await hub.end('SIGTERM')
  const { stdout } = await hub.command('logs', 'job:4711', '--json')
  const messages = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { message: string }).message)
  assert.ok(messages.includes('copying 3 files') && messages.includes('job 4711 registered'), stdout)
  assert.equal((await hub.command('count', 'job:nobody')).stdout, '0\n')
})
