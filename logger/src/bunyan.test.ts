import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeAppFolder } from './app-harness.ts'

test('bunyan’s records arrive with its levels, names, fields and times', async (t) => {
  const app = makeAppFolder(t)
  const { stderr } = await app.run(`
    import bunyan from ${JSON.stringify(import.meta.resolve('bunyan'))}
    import { bunyanStream } from ${JSON.stringify(import.meta.resolve('./bunyan.ts'))}
    const stream = bunyanStream({ name: 'shop', logDir, console: false, format: 'json' })
    const log = bunyan.createLogger({ name: 'orders', streams: [{ type: 'raw', level: 'trace', stream }] })
    log.error({ order: 7, time: new Date(1760853347606) }, 'no %s', 'stock')
    log.child({ part: 'db' }).trace('select')
    log.fatal(new Error('broken'))`)
  assert.equal(stderr, '')
  const [first, second, third] = app
    .read('shop.log')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const { pid, ...rest } = first!
  assert.equal(typeof pid, 'number')
  assert.deepEqual(rest, { level: 'ERROR', time: 1760853347606, logger: 'orders', order: 7, msg: 'no stock' })
  assert.deepEqual([second!['level'], second!['part'], second!['msg']], ['TRACE', 'db', 'select'])
  assert.deepEqual([third!['level'], third!['msg']], ['CRITICAL', 'broken'])
  assert.match((third!['err'] as { stack: string }).stack, /^Error: broken\n/)
})
