import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeAppFolder } from '../app-harness.ts'

const recording = `
import { useDelivery } from ${JSON.stringify(new URL('way-to-hub.ts', import.meta.url).href)}
useDelivery((options) => {
  console.log(JSON.stringify(options))
  return {
    send: (...record) => console.log(JSON.stringify(record)),
    flush: async () => console.log('flush'),
    flushSync: () => console.log('flushSync'),
    close: async () => console.log('close'),
  }
})
Date.now = () => 5
`

test('with a hub each record goes to the delivery, once, with where the file ended; at exit it is flushed', async (t) => {
  const app = makeAppFolder(t)
  const { stdout, stderr } = await app.run(
    `${recording}
    const logger = getLogger('host', { logDir, console: false, level: 'debug' })
    logger.info('hello')
    logger.getChild('db').child({ a: 1 }).error({ b: [2] }, 'failed')
    await logger.flush()`,
    { LOGBOOM_URL: 'http://127.0.0.1:9', LOGBOOM_TOKEN: 'secret' },
  )
  assert.equal(stderr, '')
  const [options, first, second, ...rest] = stdout.trimEnd().split('\n')
  assert.deepEqual(JSON.parse(options!), {
    url: 'http://127.0.0.1:9',
    token: 'secret',
    source: 'host',
    spoolDirectory: `${app.logs}/.host.spool`,
    utc: false,
    logFile: `${app.logs}/host.log`,
  })
  const text = app.read('host.log')
  assert.deepEqual(JSON.parse(first!), [5, 'INFO', 'host', 'hello', '', text.indexOf('\n') + 1])
  assert.deepEqual(JSON.parse(second!), [5, 'ERROR', 'host.db', 'failed', '"a":1,"b":[2]', text.length])
  assert.deepEqual(rest, ['flush', 'flushSync'])
})

test('closeLoggers closes the way, and no hub is asked for with hub: false or without an address', async (t) => {
  const app = makeAppFolder(t)
  const { stdout } = await app.run(`${recording}
    getLogger('a', { logDir, console: false, file: false, hub: { url: 'http://127.0.0.1:9' } }).info('x')
    await closeLoggers()
    getLogger('b', { logDir, console: false, hub: false }).info('x')
    getLogger('c', { logDir, console: false }).info('x')`)
  const [options, record, ...rest] = stdout.trimEnd().split('\n')
  assert.equal(Object.hasOwn(JSON.parse(options!) as object, 'logFile'), false)
  assert.deepEqual(JSON.parse(record!), [5, 'INFO', 'a', 'x', '', null])
  assert.deepEqual(rest, ['close'])
})
