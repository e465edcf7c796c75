// `logboom run` and signals: it passes Ctrl-C and SIGTERM on to its command, waits, and exits as the command did.
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../../src/client/index.ts'
import { prepareHub, until } from '../hub-process.ts'

const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')
const waits = 'echo up; while :; do sleep 0.05; done'

/** A command, the signal that `logboom run` gets while it runs, and how `logboom run` ends. */
const cases: [what: string, script: string, signal: NodeJS.Signals, code: number][] = [
  ['the code that a handler of Ctrl-C chose', `trap 'exit 7' INT; ${waits}`, 'SIGINT', 7],
  ['the code that a handler of SIGTERM chose', `trap 'exit 7' TERM; ${waits}`, 'SIGTERM', 7],
  ['success that a handler chose', `trap 'exit 0' INT; ${waits}`, 'SIGINT', 0],
  ['Ctrl-C without a handler', waits, 'SIGINT', 130],
  ['SIGTERM without a handler', waits, 'SIGTERM', 143],
  ['what runs in the background of a shell ignores Ctrl-C', 'sleep 1000 & echo up; wait', 'SIGINT', 130],
  ['a hang-up stops it as a stop does', `trap '' HUP; trap 'exit 9' TERM; ${waits}`, 'SIGHUP', 9],
  ['another signal than the one that came', `trap 'trap - QUIT; kill -QUIT $$' INT; ${waits}`, 'SIGINT', 131],
]

const hub = prepareHub({})
test.after(() => hub.close())

function begin(name: string, script: string, ...options: string[]): { child: ChildProcess; text: () => string } {
  const words = ['run', '--port', '0', '--state', name, ...options, '--', 'sh', '-c', script]
  const child = spawn(process.execPath, [bin, ...words], {
    cwd: hub.directory,
    env: { ...process.env, HUB_PROCESS_PLACE: hub.directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (data) => (text += data))
  return { child, text: () => text }
}

for (const [index, [what, script, signal, code]] of cases.entries()) {
  test(`run ends as its command: ${what}`, async () => {
    const { child, text } = begin(`case-${index}`, script)
    const exited = once(child, 'exit')
    await until('the command runs', () => /^up$/m.test(text()))
    child.kill(signal)
    assert.deepEqual(await exited, [code, null], text())
    assert.doesNotMatch(text(), /killing/i)
  })
}

test('run ends as by the signal where no command ran that could have ended', async () => {
  const { child, text } = begin('between', 'echo up; exit 5', '--restart', 'always')
  const exited = once(child, 'exit')
  const url = await until('the hub serves', () => /dashboard at (\S+)/.exec(text())?.[1])
  await until('it waits to start again', async () => {
    const [source] = await connect(url).sources()
    return (source?.restartAt ?? 0) > Date.now() + 1000
  })
  child.kill('SIGINT')
  assert.deepEqual(await exited, [130, null], text())
})

test('a command that is deaf is killed by the second Ctrl-C, and run says so', async () => {
  const { child, text } = begin('deaf', `trap '' INT TERM; ${waits}`)
  const exited = once(child, 'exit')
  await until('the command runs', () => /^up$/m.test(text()))
  child.kill('SIGINT')
  await until('it is asked', () => text().includes('Ctrl-C again to kill'))
  // Presses that come together count as one.
  while (!text().includes('Killing')) {
    child.kill('SIGINT')
    await sleep(400)
  }
  assert.deepEqual(await exited, [137, null], text())
})
