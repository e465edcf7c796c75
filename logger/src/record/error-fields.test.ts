import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import vm from 'node:vm'
import { makeAppFolder } from '../app-harness.ts'
import { isError, serializeError, stackText } from './error-fields.ts'

/** Lines without time, process and places in the code. */
const plain = (text: string): string[] =>
  text
    .replaceAll(/^\S+ \S+ \[\d+\] /gm, '')
    .split('\n')
    .filter((line) => line !== '' && !/^ {4}at /.test(line))

test('inner errors and causes, also of each other, stand in the text with their stacks', async (t) => {
  const app = makeAppFolder(t)
  const code = (format: string): string => `
    const logger = getLogger('${format}', { logDir, console: false, format: '${format}' })
    const refused = Object.assign(new Error('connect ECONNREFUSED ::1:80'), { code: 'ECONNREFUSED' })
    const all = new AggregateError([refused, new Error('timeout', { cause: new RangeError('slow') }), 'no error'], 'all failed')
    logger.error(all, 'first')
    logger.error(new TypeError('fetch failed', { cause: all }))
    logger.error({ other: new Error('outer', { cause: { code: 7 } }) }, 'third')`
  const { stderr } = await app.run(`{${code('text')}}\n{${code('json')}}`)
  assert.equal(stderr, '')
  const inner = [
    'inner error 1 of 3: Error: connect ECONNREFUSED ::1:80',
    'inner error 2 of 3: Error: timeout',
    'caused by: RangeError: slow',
    'inner error 3 of 3: no error',
  ]
  assert.deepEqual(plain(app.read('text.log')), [
    '[ERROR] first',
    'AggregateError: all failed',
    ...inner,
    '[ERROR] fetch failed',
    'TypeError: fetch failed',
    'caused by: AggregateError: all failed',
    ...inner,
    String.raw`[ERROR] third other.cause="{\"code\":7}"`,
    'Error: outer',
  ])
  assert.match(app.read('text.log'), /inner error 1 of 3: .*\n {4}at /)
  const [first, second, third] = app
    .read('json.log')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { err: Record<string, unknown>; other: Record<string, unknown> })
  assert.deepEqual(plain(String(first!.err['stack'])), ['AggregateError: all failed', ...inner])
  assert.deepEqual(plain(String(second!.err['stack'])).slice(1, 3), ['caused by: AggregateError: all failed', inner[0]])
  assert.deepEqual(third!.other['cause'], { code: 7 })
})

test('errors of bunyan and of pino in its own thread keep their type and have their stack beneath', async (t) => {
  const app = makeAppFolder(t)
  const target = JSON.stringify(fileURLToPath(import.meta.resolve('../pino.ts')))
  const { stderr } = await app.run(`
    import bunyan from ${JSON.stringify(import.meta.resolve('bunyan'))}
    import { pino } from ${JSON.stringify(import.meta.resolve('pino'))}
    import { bunyanStream } from ${JSON.stringify(import.meta.resolve('../bunyan.ts'))}
    const error = (): Error => Object.assign(new RangeError('broken'), { code: 'E_BROKEN' })
    const stream = bunyanStream({ name: 'bunyan', logDir, console: false })
    bunyan.createLogger({ name: 'orders', streams: [{ type: 'raw', stream }] }).error(error(), 'failed')
    const json = bunyanStream({ name: 'json', logDir, console: false, format: 'json' })
    bunyan.createLogger({ name: 'orders', streams: [{ type: 'raw', stream: json }] }).error({ err: error() }, 'failed')
    pino(pino.transport({ target: ${target}, options: { name: 'pino', logDir, console: false } })).error(error(), 'failed')`)
  assert.equal(stderr, '')
  for (const name of ['bunyan', 'pino']) {
    assert.deepEqual(plain(app.read(`${name}.log`)), ['[ERROR] failed err.code=E_BROKEN', 'RangeError: broken'])
    assert.match(app.read(`${name}.log`), /\nRangeError: broken\n {4}at /)
  }
  const { type, message, name } = (JSON.parse(app.read('json.log')) as { err: Record<string, unknown> }).err
  assert.deepEqual([type, message, name], ['RangeError', 'broken', undefined])
})

test('errors that name each other end, and thousands of them are counted', () => {
  const one = new Error('one')
  const two = new Error('two', { cause: one })
  one.cause = two
  assert.match(stackText(one), /^Error: one\n[^]*\ncaused by: Error: two\n[^]*\ncaused by: \[Circular\]$/)
  const many = new AggregateError(Array.from({ length: 5000 }, (_, n) => new Error(`n${n}`)))
  const text = stackText(many)
  assert.match(text, /inner error 99 of 5000: Error: n98/)
  assert.match(text, /\nand 4901 more inner errors$/)
})

test('errors of other realms are errors', () => {
  const foreign: unknown = vm.runInNewContext(`Object.assign(new RangeError('far'), { code: 1 })`)
  assert.equal(foreign instanceof Error, false)
  assert.ok(isError(foreign))
  const { type, message, code } = serializeError(foreign) as Record<string, unknown>
  assert.deepEqual([type, message, code], ['RangeError', 'far', 1])
})
