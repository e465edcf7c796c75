import assert from 'node:assert/strict'
import { test } from 'node:test'
import type Transport from 'winston-transport'
import { makeAppFolder } from './app-harness.ts'
import type { LogboomTransport } from './winston.ts'

/** Compiles: winston's own types take it for a transport. */
export const asTransport = (transport: LogboomTransport): Transport => transport

const here = JSON.stringify(import.meta.resolve('./winston.ts'))
const library = JSON.stringify(import.meta.resolve('winston'))
const head = `
import winston from ${library}
import { LogboomTransport } from ${here}
`

/** Lines without their times and process. */
const plain = (text: string): string => text.replaceAll(/^\S+ \S+ \[\d+\] /gm, '')

test('winston’s records arrive with level, label, fields and splat, below winston’s own level none', async (t) => {
  const app = makeAppFolder(t)
  const { stderr } = await app.run(`${head}
    const { combine, label, splat, errors, colorize } = winston.format
    const log = winston.createLogger({
      level: 'verbose',
      format: combine(errors({ stack: true }), splat(), colorize()),
      defaultMeta: { app: 'shop' },
      transports: [new LogboomTransport({ name: 'shop', logDir, console: false })],
    })
    log.error('no stock', { order: 7 })
    log.warn('%d ms', 1200)
    log.http('GET')
    log.verbose('more')
    log.silly('not this')
    log.child({ request: 'r-1' }).info('done')`)
  assert.equal(stderr, '')
  assert.equal(
    plain(app.read('shop.log')),
    [
      '[ERROR] no stock app=shop order=7',
      '[WARNING] 1200 ms app=shop',
      '[INFO] GET app=shop',
      '[TRACE] more app=shop',
      '[INFO] done request=r-1 app=shop',
      '',
    ].join('\n'),
  )
})

test('an error keeps its stack, and what cannot be shown does not end the application', async (t) => {
  const app = makeAppFolder(t)
  const { stdout } = await app.run(`${head}
    const log = winston.createLogger({
      format: winston.format.errors({ stack: true }),
      transports: [new LogboomTransport({ name: 'shop', logDir, console: false, format: 'json' })],
    })
    log.error(new Error('broken'))
    log.info('round', { bad: { toJSON() { throw new Error('no JSON') } } })
    console.log('goes on')`)
  const [first] = app.read('shop.log').split('\n')
  const { msg, stack, logger, level } = JSON.parse(first!) as Record<string, string>
  assert.deepEqual([msg, logger, level], ['broken', 'shop', 'ERROR'])
  assert.match(stack!, /^Error: broken\n {4}at /)
  assert.match(stdout, /goes on/)
})
