// The hub as process 1, as in a container: orphans are collected, signals arrive, exit codes come out.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const bin = resolve(import.meta.dirname, '../../bin/logboom.js')
const mayUnshare = process.platform === 'linux' && process.getuid?.() === 0
const skip = mayUnshare ? false : 'SKIPPED: needs root, for a PID namespace of its own'

// Orphans that end at once; then it waits until none of them is a zombie.
const orphans = `for i in 1 2 3 4 5; do (sleep 0.2 &); done; sleep 0.5
until [ "$(cat /proc/[0-9]*/stat 2>/dev/null | grep -c ') Z ')" = 0 ]; do sleep 0.1; done
echo "none left of $(cat /proc/1/comm)"; exec sleep 1000`

test('standard input reaches a command that is the first process', { skip, timeout: 90_000 }, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-first-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const words = [
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
    process.execPath,
    bin,
    'pipe',
    '--name',
    'in',
    '--tee',
  ]
  const outer = spawn('unshare', words, { cwd: directory, stdio: ['pipe', 'pipe', 'pipe'] })
  t.after(() => outer.kill('SIGKILL'))
  let text = ''
  outer.stdout.on('data', (data) => (text += data))
  outer.stdin.end('piped in\n')
  await once(outer, 'close')
  assert.match(text, /^piped in$/m)
})

test(
  'orphans are collected, and a signal to the first process ends the hub in order',
  { skip, timeout: 90_000 },
  async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'logboom-first-'))
    t.after(() => rmSync(directory, { recursive: true, force: true }))
    writeFileSync(
      join(directory, 'logboom.config.json'),
      JSON.stringify({ processes: { parent: { command: orphans } } }),
    )
    const words = [
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      process.execPath,
      bin,
      'up',
      '--follow',
      '--port',
      '0',
    ]
    const outer = spawn('unshare', words, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] })
    t.after(() => outer.kill('SIGKILL'))
    const exited = once(outer, 'exit')
    let text = ''
    outer.stderr.on('data', (data) => (text += data))
    const collected = new Promise<void>((done) => {
      outer.stdout.on('data', (data) => {
        text += data
        if (text.includes('none left of sh')) done()
      })
    })
    await Promise.race([collected, exited.then(() => assert.fail(text))])
    const first = Number(readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8'))
    process.kill(first, 'SIGTERM')
    const [code] = (await exited) as [number | null]
    // As a hub exits anywhere else.
    assert.equal(code, 143, text)
    assert.match(text, /parent .*killed by SIGTERM/)
  },
)
