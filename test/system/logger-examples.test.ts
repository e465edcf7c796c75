// The demonstrations of the logger, as README and guide have them: one command each.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { until } from '../hub-process.ts'

const root = path.resolve(import.meta.dirname, '../..')
const run = path.join(root, 'examples/run.ts')
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(LOGBOOM_|LOG_LEVEL|NODE_)/.test(name)),
)

test('two-processes: a host and its worker have files of their own, which are one in the order of time', (t) => {
  execFileSync(process.execPath, [path.join(root, 'scripts/ensure-logger.ts')])
  const logs = mkdtempSync(path.join(tmpdir(), 'logboom-example-'))
  t.after(() => rmSync(logs, { recursive: true, force: true }))
  const output = execFileSync(process.execPath, [run, 'two-processes'], {
    env: { ...environment, EXAMPLE_LOGS: logs },
    encoding: 'utf8',
  })
  assert.deepEqual(readdirSync(logs).toSorted(), ['host.log', 'worker.log'])
  const [shown, merged] = output.split(/^host\.log and worker\.log in .*$/m) as [string, string]
  assert.match(shown, /^\[\d\d:\d\d:\d\d\] \[\d+\] \[INFO\] worker is up$/m)
  const entry = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[\d+\] \[[A-Z]+\] /
  const times = merged.split('\n').filter((line) => entry.test(line)).map((line) => line.slice(0, 23)) // oxfmt-ignore
  assert.equal(times.length, 19)
  assert.deepEqual(times, times.toSorted())
  const written = ['host', 'worker'].flatMap((name) => readFileSync(path.join(logs, `${name}.log`), 'utf8').split('\n'))
  for (const line of written) assert.ok(merged.includes(line), line)
  assert.match(merged, /\[ERROR\] nothing left on the shelf order=4\nError: nothing left on the shelf\n {4}at /)
})

test('streaming: an application streams its own system and audit logs, in the shapes that dashboards know', async (t) => {
  execFileSync(process.execPath, [path.join(root, 'scripts/ensure-logger.ts')])
  const application = spawn(process.execPath, [run, 'streaming'], { env: { ...environment, EXAMPLE_PORT: '0', EXAMPLE_FILE: 'none' } }) // oxfmt-ignore
  t.after(() => application.kill('SIGKILL'))
  let said = ''
  application.stdout.on('data', (data: Buffer) => (said += String(data)))
  await until('the address', () => /http:\S+/.test(said))
  const url = /http:\S+/.exec(said)![0]
  assert.match(await (await fetch(url)).text(), /<h2>Audit<\/h2>/)
  const messages: { type: string; data: Record<string, unknown> }[] = []
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/monitor`)
  t.after(() => socket.terminate())
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())))
  await until('both kinds', () => new Set(messages.map(({ type }) => type)).size === 2, 20_000)
  const audit = messages.find(({ type }) => type === 'audit_log')!
  assert.deepEqual(Object.keys(audit.data).toSorted(), [
    'action',
    'level',
    'logger',
    'message',
    'metadata',
    'timestamp',
  ])
  assert.match(String(audit.data['action']), /^instance_(spawn|terminate)$/)
  const system = messages.find(({ type }) => type === 'system_log')!
  for (const key of ['timestamp', 'level', 'logger', 'message', 'module', 'function', 'line'])
    assert.ok(key in system.data, key)
  assert.match(String(system.data['timestamp']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})
