import assert from 'node:assert/strict'
import { test } from 'node:test'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { carefulJson, cannotBeShown, messageText } from './cannot-be-shown.ts'
import { makeAppFolder } from '../app-harness.ts'

/** Values that throw when they are read. */
const hostile = `
const throwing = (text: string) => (): never => { throw new TypeError(text) }
const noText = { toString: throwing('no text') }
const noPrimitive = { [Symbol.toPrimitive]: throwing('no primitive') }
const revoked = (() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()
const noGet = new Proxy({ a: 1 }, { get: throwing('no get') })
const noKeys = new Proxy({ a: 1 }, { ownKeys: throwing('no keys') })
const half = { before: 1, get bad() { return throwing('no getter')() }, after: { deep: 2, get bad() { return throwing('too deep')() } } }
const frozen = Object.freeze(Object.assign(new RangeError('frozen'), { code: 'E_COLD' }))
const noMessage = Object.defineProperty(new Error('x'), 'message', { get: throwing('no message') })
const noFields = Object.assign(new Error('half'), { get bad() { return 1 } })
Object.defineProperty(noFields, 'bad', { enumerable: true, get: throwing('no property') })
function pay() {}
`

/** All that a logger is given; `logger` is any of its forms. */
const calls = `
logger.info(10n)
logger.info(Symbol('m'))
logger.info(pay)
logger.info(NaN)
logger.info('%s paid %d of %s%%', noText, noPrimitive, 'all')
logger.info('%d %j %o', Symbol('n'), { big: 1n }, { get x() { return throwing('inside')() }, y: 1 })
logger.info(half, 'half')
logger.info({ ...{ one: 1 }, circle: (() => { const o: any = { big: 1n, get bad() { return throwing('b')() } }; o.self = o; return o })() }, 'circle')
logger.info(revoked, 'revoked')
logger.info(revoked)
logger.info(noGet, 'no get')
logger.info(noKeys, 'no keys')
logger.info({ msg: revoked, a: 1 })
logger.info({ msg: 5n })
logger.error(frozen)
logger.error(noMessage)
logger.error(noFields, 'fields')
logger.error({ err: revoked, other: frozen }, 'errors')
`
const lines = [
  '[INFO] 10',
  '[INFO] Symbol(m)',
  '[INFO] [Function: pay]',
  '[INFO] NaN',
  '[INFO] [cannot be shown: TypeError: no text] paid [cannot be shown: TypeError: no primitive] of all%',
  '[INFO] [cannot be shown: TypeError: Cannot convert a Symbol value to a number] {"big":1} {"x":"[cannot be shown: TypeError: inside]","y":1}',
  String.raw`[INFO] half before=1 bad="[cannot be shown: TypeError: no getter]" after="{\"deep\":2,\"bad\":\"[cannot be shown: TypeError: too deep]\"}"`,
  String.raw`[INFO] circle one=1 circle="{\"big\":1,\"bad\":\"[cannot be shown: TypeError: b]\",\"self\":\"[Circular]\"}"`,
  `[INFO] revoked fields="[cannot be shown: TypeError: Cannot perform 'ownKeys' on a proxy that has been revoked]"`,
  /^\[INFO\] {2}fields="\[cannot be shown: TypeError: .*revoked\]"$/,
  '[INFO] no get a="[cannot be shown: TypeError: no get]"',
  '[INFO] no keys fields="[cannot be shown: TypeError: no keys]"',
  /^\[INFO\] \[cannot be shown: TypeError: .*revoked\] a=1$/,
  '[INFO] 5',
  '[ERROR] frozen err.code=E_COLD',
  'RangeError: frozen',
  '[ERROR] [cannot be shown: TypeError: no message]',
  // Node asks for the message when it makes the stack.
  '[cannot be shown: TypeError: no message]',
  '[ERROR] fields err.bad="[cannot be shown: TypeError: no property]"',
  'Error: half',
  /^\[ERROR\] errors err="\[cannot be shown: TypeError: .*revoked\]" other.code=E_COLD$/,
  'RangeError: frozen',
]

const withoutPlaces = (text: string): string[] =>
  text
    .replaceAll(/^\S+ \S+ \[\d+\] /gm, '')
    .split('\n')
    .filter((line) => line !== '' && !/^ {4}at /.test(line))

function assertLines(found: readonly string[], wanted: readonly (string | RegExp)[]): void {
  assert.equal(found.length, wanted.length, found.join('\n'))
  for (const [at, line] of found.entries()) {
    const expected = wanted[at]!
    if (typeof expected === 'string') assert.equal(line, expected)
    else assert.match(line, expected)
  }
}

const messages = calls.match(/^logger\./gm)!.length

test('each call writes its record, with placeholders for what cannot be shown: as text', async (t) => {
  const app = makeAppFolder(t)
  const { code, stdout, stderr } = await app.run(`${hostile}
    const logger = getLogger('host', { logDir, console: false })
    ${calls}
    console.log('goes on', logger.metrics().lines)`)
  assert.equal(code, 0, stderr)
  assert.equal(stdout, `goes on ${messages}\n`)
  assertLines(withoutPlaces(app.read('host.log')), lines)
  assert.equal(stderr.split('\n').length, 2, stderr)
})

/** What is left of a record when time and process are taken away. */
function records(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

function assertShown(found: readonly Record<string, unknown>[]): void {
  assert.equal(found.length, messages)
  const [big, symbol, , nan, text, , half] = found
  assert.deepEqual([big!['msg'], symbol!['msg'], nan!['msg']], ['10', 'Symbol(m)', 'NaN'])
  assert.match(String(text!['msg']), /^\[cannot be shown: TypeError: no text\] paid /)
  const { before, bad, after } = half!
  assert.deepEqual(
    [before, bad, after],
    [1, '[cannot be shown: TypeError: no getter]', { deep: 2, bad: '[cannot be shown: TypeError: too deep]' }],
  )
  const err = found.at(-4)!['err'] as Record<string, unknown>
  assert.deepEqual([err['type'], err['message'], err['code']], ['RangeError', 'frozen', 'E_COLD'])
}

test('the same as JSON, and supervised on standard output', async (t) => {
  const app = makeAppFolder(t)
  const code = `${hostile}
    const logger = getLogger('host', { logDir, console: false, format: 'json' })
    ${calls}`
  await app.run(code)
  assertShown(records(app.read('host.log')))
  const supervised = makeAppFolder(t)
  await supervised.run(`import { openSync } from 'node:fs'
    import { spawnSync } from 'node:child_process'
    if (process.argv[2] !== 'inner') {
      const file = openSync(${JSON.stringify(supervised.directory)} + '/1.stdout', 'a')
      spawnSync(process.execPath, [process.argv[1], 'inner'], { stdio: ['ignore', file, 'inherit'], env: { ...process.env, LOGBOOM_RUN: '1' } })
    } else {
      ${code}
    }`)
  assertShown(records(supervised.read('../1.stdout')))
})

test('the same on its way to a hub', async (t) => {
  const received: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      received.push(body)
      response.setHeader('content-type', 'application/json')
      response.end('{"accepted":1}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  const app = makeAppFolder(t)
  await app.run(
    `${hostile}
    const logger = getLogger('host', { logDir, console: false })
    ${calls}
    await closeLoggers()`,
    { LOGBOOM_URL: `http://127.0.0.1:${port}` },
  )
  assertShown(records(received.join('')))
})

test('the same for clients of a stream', async (t) => {
  const app = makeAppFolder(t)
  const { stdout } = await app.run(`${hostile}
    setupLogStreaming()
    const sent: string[] = []
    getLogStream().addClient({ readyState: 1, bufferedAmount: 0, send: (text: string) => void sent.push(text), on() {} })
    const logger = getLogger('host', { file: false, console: false })
    ${calls}
    setTimeout(() => console.log(sent.join('\\n')), 50)`)
  const found = records(stdout).map(({ data }) => {
    const { message, ...rest } = data as Record<string, unknown>
    return { msg: message, ...rest }
  })
  assertShown(found)
})

test('children, contexts, audit records and bindings have placeholders, too, and nothing throws', async (t) => {
  const app = makeAppFolder(t)
  const { code, stdout, stderr } = await app.run(`${hostile}
    const logger = getLogger('host', { logDir, console: false, serializers: { user: throwing('no user') } })
    logger.child(half).info('getter')
    logger.child({ user: 'ann', a: 1 }).info('serializer')
    logger.child(revoked).info('revoked')
    logger.child(Object.assign(Object.create(null), { a: 1 }), { msgPrefix: '> ' }).info(Symbol('s'))
    const child = logger.child({ a: 1 })
    child.setBindings({ b: 2, get bad() { return throwing('no binding')() } })
    child.info('bindings')
    console.log(JSON.stringify(child.bindings()))
    withContext(half, () => withContext({ c: 1, user: 'bob' }, () => logger.info('context')))
    auditLog(logger, 'audited', { action: 'error', metadata: half })
    auditLog(logger, 10n as unknown as string, { get metadata() { return throwing('no metadata')() } })
    console.log(logger.isLevelEnabled('loud' as 'info'))
    for (const wrong of [() => logger.child(undefined as unknown as object), () => logger.child({}, { level: 'loud' as 'info' }), () => { logger.level = 'loud' as 'info' }])
      try { wrong(); console.log('accepted') } catch (error) { console.log(String(error).split('. ')[0]) }`)
  assert.equal(code, 0, stderr)
  const bad = 'bad="[cannot be shown: TypeError: no getter]"'
  const after = String.raw`after="{\"deep\":2,\"bad\":\"[cannot be shown: TypeError: too deep]\"}"`
  assertLines(withoutPlaces(app.read('host.log')), [
    `[INFO] getter before=1 ${bad} ${after}`,
    '[INFO] serializer user="[cannot be shown: TypeError: no user]" a=1',
    /^\[INFO\] revoked fields="\[cannot be shown: TypeError: .*revoked\]"$/,
    '[INFO] > Symbol(s) a=1',
    '[INFO] bindings a=1 b=2 bad="[cannot be shown: TypeError: no binding]"',
    `[INFO] context before=1 ${bad} ${after} c=1 user="[cannot be shown: TypeError: no user]"`,
    String.raw`[INFO] audited action=error metadata="{\"before\":1,\"bad\":\"[cannot be shown: TypeError: no getter]\",\"after\":{\"deep\":2,\"bad\":\"[cannot be shown: TypeError: too deep]\"}}"`,
    '[INFO] 10 metadata="[cannot be shown: TypeError: no metadata]"',
  ])
  assert.deepEqual(stdout.trimEnd().split('\n'), [
    '{"a":1,"b":2,"bad":"[cannot be shown: TypeError: no binding]"}',
    'false',
    'Error: missing bindings for child Pino',
    'TypeError: There is no level "loud"',
    'TypeError: There is no level "loud"',
  ])
})

test('what is redacted stays hidden where redaction itself cannot be done', async (t) => {
  const app = makeAppFolder(t)
  await app.run(`${hostile}
    const logger = getLogger('host', { logDir, console: false, redact: ['user.password', 'token', 'req.headers'] })
    logger.info({ user: { password: 'secret', get bad() { return throwing('no getter')() } }, token: 'secret', a: 1 }, 'one')
    logger.info('%j', { token: 'secret', get bad() { return throwing('no getter')() } })
    logger.info({ token: 'secret', get bad() { return throwing('no getter')() } }, 'two %s', noText)
    logger.info({ method: 'GET', headers: { authorization: 'secret' }, get socket() { return throwing('no socket')() } }, 'three')`)
  const text = app.read('host.log')
  assert.doesNotMatch(text, /secret/)
  assertLines(withoutPlaces(text).slice(0, 3), [
    '[INFO] one user="[cannot be shown: TypeError: no getter]" token=[Redacted] a=1',
    '[INFO] [cannot be shown: TypeError: no getter]',
    '[INFO] two [cannot be shown: TypeError: no text] token=[Redacted] bad="[cannot be shown: TypeError: no getter]"',
  ])
})

test('adapters take what cannot be read, with placeholders', async (t) => {
  const app = makeAppFolder(t)
  const { code, stderr } = await app.run(`${hostile}
    import { bunyanStream } from ${JSON.stringify(import.meta.resolve('../bunyan.ts'))}
    import { LogboomTransport } from ${JSON.stringify(import.meta.resolve('../winston.ts'))}
    const stream = bunyanStream({ name: 'host', logDir, console: false })
    stream.write({ level: 30, msg: 10n, time: Symbol('t') as never, ...Object.assign({}, { a: 1 }) })
    stream.write(half)
    stream.write({ level: 30, time: NaN, msg: Symbol('m') })
    stream.write({ level: NaN, msg: revoked })
    const winston = new LogboomTransport({ name: 'host' })
    winston.log({ level: 'info', message: 10n, a: noText }, () => {})
    winston.log(Object.defineProperty({ level: 'warn', message: 'getter' }, 'bad', { enumerable: true, get: throwing('no getter') }), () => {})
    winston.log(revoked, () => {})`)
  assert.equal(code, 0, stderr)
  const bad = 'bad="[cannot be shown: TypeError: no getter]"'
  assertLines(withoutPlaces(app.read('host.log')), [
    '[INFO] 10 a=1',
    String.raw`[INFO] ${''} before=1 ${bad} after="{\"deep\":2,\"bad\":\"[cannot be shown: TypeError: too deep]\"}"`,
    '[INFO] Symbol(m)',
    /^\[INFO\] \[cannot be shown: TypeError: .*revoked\]$/,
    '[INFO] 10 a={}',
    `[WARNING] getter ${bad}`,
    /^\[INFO\] {2}fields="\[cannot be shown: TypeError: .*revoked\]"$/,
  ])
})

test('a time that is none does not break a record', async (t) => {
  const app = makeAppFolder(t)
  const { stderr } = await app.run(`
    const real = Date.now
    for (const format of ['text', 'json'] as const) {
      const logger = getLogger(format, { logDir, console: false, format })
      for (const now of [() => NaN, () => Infinity, () => 1e300, () => 'noon', () => 5n, () => { throw new Error('no clock') }]) {
        Date.now = now as () => number
        logger.info('tick')
      }
      Date.now = real
    }`)
  assert.doesNotMatch(stderr, /throw/)
  const year = new Date().getFullYear()
  const text = app.read('text.log').trimEnd().split('\n')
  assert.equal(text.length, 6)
  for (const line of text) assert.match(line, new RegExp(`^${year}-\\d\\d-\\d\\d .* \\[INFO\\] tick$`))
  const json = records(app.read('json.log'))
  assert.equal(json.length, 6)
  for (const { time } of json) assert.ok(Math.abs(Number(time) - Date.now()) < 600_000, String(time))
})

test('a placeholder is one short line whatever was thrown', () => {
  assert.equal(cannotBeShown(new TypeError('a\n  b')), '[cannot be shown: TypeError: a b]')
  assert.equal(cannotBeShown(undefined), '[cannot be shown: undefined]')
  const evil = { get message() { throw new Error('x') } } // oxfmt-ignore
  assert.equal(cannotBeShown(evil), '[cannot be shown: an error that cannot be shown either]')
  assert.equal(cannotBeShown(new Error('x'.repeat(1000))).length, 200 + '[cannot be shown: …]'.length)
})

test('JSON of what resists: boxes, holes, depth and breadth are bounded', () => {
  const deep: Record<string, unknown> = { n: 1n }
  let inner = deep
  for (let n = 0; n < 50; n++) inner = inner['in'] = {}
  assert.equal((carefulJson(deep)!.match(/in/g) ?? []).length, 10)
  assert.equal(carefulJson([1, , new String('a'), 2n, () => 1, Symbol('s')]), '[1,null,"a",2,null,null]') // oxlint-disable-line no-sparse-arrays
  assert.ok(carefulJson(Array.from({ length: 1e6 }, () => 1n))!.length < 100_000)
  assert.equal(carefulJson(new Date(0)), '"1970-01-01T00:00:00.000Z"')
  assert.equal(carefulJson({ toJSON: () => undefined }), undefined)
  assert.equal(messageText({ toJSON: () => undefined }), '')
})
