// The commands of docs/streams.md, run as they stand there against a hub.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { startHub, until } from '../hub-process.ts'

const doc = readFileSync(path.join(import.meta.dirname, '../../docs/streams.md'), 'utf8')

test('each command prints what a stream gave', async (t) => {
  const hub = await startHub({ processes: { web: { command: ['sh', '-c', 'echo ready; exec sleep 600'] } } })
  t.after(() => hub.close())
  await until('the line', async () => (await hub.client.search({ query: 'ready' })).records.length > 0)
  const commands = [...doc.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, command]) => command!)
  assert.ok(commands.length > 4)
  const address = new URL(hub.url).host
  for (const command of commands) {
    const { stdout } = await promisify(execFile)('sh', ['-c', command.replaceAll('127.0.0.1:7420', address)], {
      timeout: 60_000,
    })
    assert.match(stdout, /^(\{"(type|event)":.*\}|\d+)\n/, command)
  }
})
