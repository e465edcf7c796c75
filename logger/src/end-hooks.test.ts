import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeAppFolder, until } from './app-harness.ts'

const hooks = JSON.stringify(new URL('end-hooks.ts', import.meta.url).href)
const hooked = `
import { atExit, atSignal } from ${hooks}
atExit(() => console.log('exit'))
atExit(() => { throw new Error('not in the way') })
atSignal(() => console.log('signal'))
`

test('signals end an application that does not handle them, as before', async (t) => {
  const app = makeAppFolder(t)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const running = app.start(`${hooked} setInterval(() => {}, 1000); console.log('ready')`)
    await until('the start', () => running.stdout().includes('ready'))
    running.child.kill(signal)
    assert.equal(await running.ended, signal)
    assert.equal(running.stdout(), 'ready\nsignal\n')
  }
})

test('an application that handles a signal, also once, decides what becomes of it', async (t) => {
  const app = makeAppFolder(t)
  const running = app.start(`${hooked}
    process.once('SIGTERM', () => { console.log('own'); setTimeout(() => process.exit(7), 20) })
    setInterval(() => {}, 1000)
    console.log('ready')`)
  await until('the start', () => running.stdout().includes('ready'))
  running.child.kill('SIGTERM')
  assert.equal(await running.ended, 7)
  assert.equal(running.stdout(), 'ready\nsignal\nown\nexit\n')
})

test('beside another that ends the process only where nobody else listens, as signal-exit does, the process ends', async (t) => {
  const app = makeAppFolder(t)
  const polite = `
    const listener = () => {
      if (process.listeners('SIGTERM').length > 1) return
      process.off('SIGTERM', listener)
      process.kill(process.pid, 'SIGTERM')
    }
    process.on('SIGTERM', listener)`
  for (const code of [polite + hooked, hooked + polite]) {
    const running = app.start(`${code}\nsetInterval(() => {}, 1000); console.log('ready')`)
    await until('the start', () => running.stdout().includes('ready'))
    running.child.kill('SIGTERM')
    assert.equal(await running.ended, 'SIGTERM')
    assert.match(running.stdout(), /signal/)
  }
})

test('hooks run at the end of the code, at process.exit, and after an uncaught exception; what is taken back does not', async (t) => {
  const app = makeAppFolder(t)
  assert.deepEqual(await app.run(hooked), { code: 0, stdout: 'exit\n', stderr: '' })
  assert.deepEqual(await app.run(`${hooked} process.exit(3)`), { code: 3, stdout: 'exit\n', stderr: '' })
  const crashed = await app.run(`${hooked} throw new Error('crash')`)
  assert.equal(crashed.code, 1)
  assert.equal(crashed.stdout, 'exit\n')
  assert.match(crashed.stderr, /Error: crash/)
  const undone = `import { atExit, atSignal } from ${hooks}
    atExit(() => console.log('exit'))()
    atSignal(() => {})()
    console.log(process.listenerCount('SIGTERM'))`
  assert.equal((await app.run(undone)).stdout, '0\n')
})
