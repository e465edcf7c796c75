import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { identify, lifeOf, signalGroup, signalProcess, startTimeFromPs } from './identity.ts'
import { readExit } from './living-process.ts'
import { hasProc, parseStat, readStat } from './proc-table.ts'
import { eventually } from '../test-context.ts'

function sleeper(): ChildProcess {
  return spawn('sleep', ['60'], { stdio: 'ignore', detached: true })
}

test('a number that was given out again is somebody else, and gets no signal', async () => {
  const child = sleeper()
  const identity = identify(child.pid!)!
  const namesakes = [
    { ...identity, startTime: identity.startTime - 1 },
    { ...identity, bootId: 'another boot' },
    { ...identity, pidNamespace: 'pid:[1]' },
  ]
  for (const namesake of namesakes) {
    assert.equal(lifeOf(namesake), 'gone')
    assert.equal(signalProcess(namesake, 'SIGKILL'), false)
    assert.equal(signalGroup(namesake, 'SIGKILL'), false)
  }
  assert.equal(lifeOf(identity), 'alive')
  assert.equal(signalProcess(identity, 'SIGKILL'), true)
  assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL'])
  assert.equal(lifeOf(identity), 'gone')
})

test('ps tells when a process started, for machines without /proc', async () => {
  const child = sleeper()
  const started = startTimeFromPs(child.pid!)!
  assert.ok(Math.abs(started - Date.now()) < 60_000)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(startTimeFromPs(child.pid!), undefined)
})

// Without /proc a dead child cannot be told from a living one; then there is no promise to test.
const testWithProc = (name: string, work: () => void | Promise<void>): void => {
  if (hasProc) void test(name, work)
}

testWithProc('a zombie is dead and tells how it ended', async () => {
  const script = `import os, time
for code in (7, None):
    pid = os.fork()
    if pid == 0:
        os._exit(7) if code else os.kill(os.getpid(), 9)
    print(pid, flush=True)
time.sleep(60)`
  const parent = spawn('python3', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  parent.stdout.on('data', (part) => (text += part))
  await eventually('two children', () => text.split('\n').length === 3)
  const [first, second] = text.split('\n').map(Number)
  const identities = [identify(first!)!, identify(second!)!]
  await eventually('both dead', () => identities.every((identity) => lifeOf(identity) === 'zombie'))
  const exits = identities.map((identity) => readExit(identity))
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  assert.deepEqual(
    exits.map(({ code, signal, known }) => ({ code, signal, known })),
    [
      { code: 7, signal: null, known: true },
      { code: null, signal: 'SIGKILL', known: true },
    ],
  )
})

test('a name full of brackets and spaces does not confuse', () => {
  const numbers = Array.from({ length: 49 }, (_, index) => index + 4)
  const stat = parseStat(5, `5 (a) R 1 (b c) S ${numbers.join(' ')}\n`)
  assert.equal(stat?.state, 'S')
  assert.deepEqual([stat.parent, stat.group, stat.session, stat.startTicks, stat.waitStatus], [4, 5, 6, 22, 52])
  assert.equal(stat.ticks, 14 + 15 + 16 + 17)
})

testWithProc('memory is in bytes', () => {
  const told = readStat(process.pid)!.memoryBytes
  assert.ok(told > process.memoryUsage.rss() * 0.7 && told < process.memoryUsage.rss() * 1.5)
})
