import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeAppFolder, until } from './app-harness.ts'
import { isSupervised, wantsColor } from './standard-output.ts'

/** 2 MB, far more than a pipe holds; the console of Node has made standard output one that does not wait. */
const talkative = `
console.log('began')
const logger = getLogger('host', { logDir })
for (let n = 0; n < 2000; n++) logger.info('%d %s', n, 'x'.repeat(1000))
`

const countLines = (text: string): number => text.match(/^.*\d+ x{1000}$/gm)?.length ?? 0

test('a reader that comes back in time gets every line', async (t) => {
  const app = makeAppFolder(t)
  const running = app.start(talkative)
  running.child.stdout!.pause()
  await until('the first lines', () => {
    try {
      return countLines(app.read('host.log')) > 50
    } catch {
      return false
    }
  })
  running.child.stdout!.resume()
  assert.equal(await running.ended, 0)
  assert.equal(countLines(running.stdout()), 2000)
  assert.equal(countLines(app.read('host.log')), 2000)
})

test('a reader that stays away holds up the application once; the file has every line', async (t) => {
  const app = makeAppFolder(t)
  const running = app.start(`${talkative} process.exit(0)`)
  running.child.stdout!.pause()
  await until('the last line', () => {
    try {
      return countLines(app.read('host.log')) === 2000
    } catch {
      return false
    }
  })
  running.child.stdout!.resume()
  assert.equal(await running.ended, 0)
  assert.ok(countLines(running.stdout()) < 2000)
})

test('a reader that has gone is no trouble for the application', async (t) => {
  const app = makeAppFolder(t)
  const running = app.start(`
    const logger = getLogger('host', { logDir })
    process.stdin.on('end', () => {
      for (let n = 0; n < 100; n++) logger.info('number %d', n)
    }).resume()`)
  running.child.stdout!.destroy()
  running.child.stdin!.end()
  assert.equal(await running.ended, 0)
  assert.equal(running.stderr(), '')
  assert.equal(app.read('host.log').split('\n').length - 1, 100)
})

test('colours are for terminals that want them', () => {
  assert.equal(wantsColor({ FORCE_COLOR: '1' }), true)
  assert.equal(wantsColor({ FORCE_COLOR: '0' }), false)
  assert.equal(wantsColor({ FORCE_COLOR: '1', NO_COLOR: '1' }), false)
  assert.equal(wantsColor({ TERM: 'dumb' }), false)
})

test('without LOGBOOM_RUN nothing is supervised', () => {
  assert.equal(isSupervised({}), false)
})
