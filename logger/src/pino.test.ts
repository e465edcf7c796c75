import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { makeAppFolder } from './app-harness.ts'

const target = JSON.stringify(fileURLToPath(import.meta.resolve('./pino.ts')))

test('pino’s transport writes all that was logged before the process ends, with pino’s times', async (t) => {
  const app = makeAppFolder(t)
  const { stderr } = await app.run(`
    import { pino } from ${JSON.stringify(import.meta.resolve('pino'))}
    const options = { name: 'shop', logDir, console: false, format: 'json', messageKey: 'text' }
    const transport = pino.transport({ target: ${target}, options })
    const log = pino({ name: 'orders', level: 'trace', messageKey: 'text', timestamp: () => ',"time":1760853347606' }, transport)
    log.info({ user: 'ann' }, 'signed in')
    log.child({ part: 'db' }).trace('select')
    log.fatal(new Error('broken'))
    for (let i = 0; i < 5000; i++) log.debug('n=' + i)`)
  assert.equal(stderr, '')
  const records = app
    .read('shop.log')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.equal(records.length, 5003)
  const { pid: _pid, ...first } = records[0]!
  assert.deepEqual(first, { level: 'INFO', time: 1760853347606, logger: 'orders', user: 'ann', msg: 'signed in' })
  assert.deepEqual([records[1]!['level'], records[1]!['part']], ['TRACE', 'db'])
  assert.deepEqual([records[2]!['level'], records[2]!['msg']], ['CRITICAL', 'broken'])
  assert.equal(records.at(-1)!['msg'], 'n=4999')
})
