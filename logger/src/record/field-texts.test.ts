import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatFields } from '../../../src/wire/text-line.ts'
import { makeAppFolder } from '../app-harness.ts'
import { fieldsOfJson } from './field-texts.ts'

test('fields read as those that a hub writes into its files', () => {
  const fields = {
    a: 1,
    b: null,
    d: '',
    e: 'x=y',
    'f g': 'h\ni',
    j: { k: [1, 'é "x"'] },
    l: 'plain',
    m: '\\',
    n: 'ü',
    o: [],
    p: true,
    q: '\u0085',
  }
  assert.equal(fieldsOfJson(`,${JSON.stringify(fields).slice(1, -1)}`).text, formatFields(fields))
})

test('objects, errors, serializers and redaction are shown as text and as JSON', async (t) => {
  const app = makeAppFolder(t)
  const code = `
    for (const format of ['text', 'json']) {
      const logger = getLogger(format, {
        logDir, format, console: false, redact: ['user.password', 'token'],
        serializers: { user: (user: { name: string; password: string }) => ({ ...user, name: user.name.toUpperCase() }) },
      })
      const error = Object.assign(new TypeError('boom'), { code: 'E_BOOM', stack: 'TypeError: boom\\n    at pay (shop.ts:1:1)' })
      logger.info({ user: { name: 'ann', password: 'x' }, token: 't', at: new Date(0), big: 10n ** 20n, fn() {}, none: undefined }, 'signed %s', 'in')
      logger.error(error)
      logger.error({ cause: error, n: NaN }, 'failed')
      const child = logger.child({ token: 'u', shop: 7 }, { level: 'debug' })
      child.debug({ shop: 8 }, 'child %d %j', 3, { a: 1 })
      child.setBindings({ more: 'yes' })
      child.info('more')
      logger.info({ msg: 'from the object', x: 1 })
      const circle: Record<string, unknown> = {}
      circle.self = circle
      logger.info({ circle }, 'round')
    }`
  const { stderr } = await app.run(code)
  assert.equal(stderr, '')
  const text = app.read('text.log').replaceAll(/^\S+ \S+ \[\d+\] /gm, '')
  assert.equal(
    text,
    String.raw`[INFO] signed in user="{\"name\":\"ANN\",\"password\":\"[Redacted]\"}" token=[Redacted] at=1970-01-01T00:00:00.000Z big=100000000000000000000
[ERROR] boom err.code=E_BOOM
TypeError: boom
    at pay (shop.ts:1:1)
[ERROR] failed cause.code=E_BOOM n=null
TypeError: boom
    at pay (shop.ts:1:1)
[DEBUG] child 3 {"a":1} token=[Redacted] shop=7 shop=8
[INFO] more token=[Redacted] shop=7 more=yes
[INFO] from the object x=1
[INFO] round circle="{\"self\":\"[Circular]\"}"
`,
  )
  const records = app
    .read('json.log')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(
    records.map(({ time, pid, ...rest }) => {
      assert.ok(Math.abs(Date.now() - Number(time)) < 60_000 && Number(pid) > 1)
      return rest
    }),
    [
      {
        level: 'INFO', logger: 'json', user: { name: 'ANN', password: '[Redacted]' }, token: '[Redacted]',
        at: '1970-01-01T00:00:00.000Z', big: 1e20, msg: 'signed in',
      },
      {
        level: 'ERROR', logger: 'json', msg: 'boom',
        err: { type: 'TypeError', message: 'boom', stack: 'TypeError: boom\n    at pay (shop.ts:1:1)', code: 'E_BOOM' },
      },
      {
        level: 'ERROR', logger: 'json', msg: 'failed', n: null,
        cause: { type: 'TypeError', message: 'boom', stack: 'TypeError: boom\n    at pay (shop.ts:1:1)', code: 'E_BOOM' },
      },
      { level: 'DEBUG', logger: 'json', token: '[Redacted]', shop: 8, msg: 'child 3 {"a":1}' },
      { level: 'INFO', logger: 'json', token: '[Redacted]', shop: 7, more: 'yes', msg: 'more' },
      { level: 'INFO', logger: 'json', x: 1, msg: 'from the object' },
      { level: 'INFO', logger: 'json', circle: { self: '[Circular]' }, msg: 'round' },
    ],
  ) // oxfmt-ignore
})
