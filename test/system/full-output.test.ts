// Standard output that takes nothing, because its disk is full: a command says so and fails, what runs goes on.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { prepareHub, until } from '../hub-process.ts'

const intoFull = ['sh', '-c', 'exec "$@" >/dev/full', 'sh']
const intoHead = ['bash', '-c', 'set -o pipefail; "$@" | head -1', 'sh']
const lines = 'for i in $(seq 20000); do echo "2025-10-19 05:55:47 INFO line $i"; done; sleep 1000'

test('every command that prints says that nothing more can be written, and ends with an error', async (t) => {
  let under: string[] | undefined
  const hub = prepareHub({ processes: { api: { command: ['bash', '-c', lines] } } }, () => (under ? { under } : {}))
  t.after(() => hub.close())
  await hub.start()
  await until(
    'all lines',
    async () => (await hub.client.search({ query: '"line 20000"' })).records.length === 1,
    20_000,
  )
  writeFileSync(path.join(hub.directory, 'a.log'), '2025-10-19 05:55:47 INFO one\n'.repeat(50_000))
  const commands = [
    'merge a.log',
    'merge a.log --raw',
    'merge a.log --json',
    'logs',
    'logs --json',
    'export',
    'export --format csv',
    'count',
    'count --by level',
    'ps',
    'ps --json',
    'level',
    'service',
    'check',
    'doctor',
    'jobs',
    'runs',
    'store info',
    'user list',
    'token list',
    'init --print',
    'logs --help',
    '--version',
  ]
  for (const command of commands) {
    under = intoFull
    const { code, stderr } = await hub.command(...command.split(' '))
    assert.equal(stderr, 'logboom: The output cannot be written: no space left on device\n  Free some space where it goes, or send it elsewhere.\n', command) // oxfmt-ignore
    assert.equal(code, 1, command)
  }
  for (const command of commands.slice(0, 6)) {
    under = intoHead
    const { stderr } = await hub.command(...command.split(' '))
    assert.equal(stderr, '', command)
  }
})

test('a command that is run goes on when its output takes nothing, and so does what is piped', async (t) => {
  let under: string[] | undefined
  const hub = prepareHub({ processes: {} }, () => (under ? { under } : {}))
  t.after(() => hub.close())
  under = intoFull
  const { code, stderr } = await hub.command(
    'run',
    '--',
    'sh',
    '-c',
    'seq 1000; sleep 0.5; seq 1000; touch done; exit 3',
  )
  assert.equal(code, 3, stderr)
  assert.equal(stderr.match(/cannot be written/g)?.length, 1, stderr)
  readFileSync(path.join(hub.directory, 'done'))
  under = undefined
  const piped = ['-c', `(seq 1000; sleep 0.5; seq 1001 2000) | "$@" pipe --name tee --tee | head -1`, 'sh', process.execPath, path.resolve(import.meta.dirname, '../../bin/logboom.js')] // oxfmt-ignore
  const head = await new Promise((resolve) =>
    execFile('bash', piped, { cwd: hub.directory }, (_, stdout) => resolve(stdout)),
  )
  assert.equal(head, '1\n')
  await hub.start()
  await until(
    'all lines',
    async () => (await hub.client.search({ query: 'source:tee 2000' })).records.length === 1,
    20_000,
  )
})
