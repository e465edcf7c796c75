import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeAppFolder } from '../app-harness.ts'

/** Lines without time and process. */
const plain = (text: string): string => text.replaceAll(/^\S+ \S+ \[\d+\] /gm, '')

test('nothing that goes wrong in a log call reaches the application; it is told once and counted', async (t) => {
  const app = makeAppFolder(t)
  const { code, stdout, stderr } = await app.run(`
    const logger = getLogger('host', { logDir, console: false, serializers: { bad() { throw new Error('serializer') } } })
    const evil = new Proxy({}, { get() { throw new Error('proxy') } })
    logger.info({ get x() { throw new Error('getter') } }, 'one')
    logger.info({ bad: 1 }, 'two')
    logger.info({ x: { toJSON() { throw new Error('toJSON') } } }, 'three')
    logger.info(evil)
    logger.info('%s %d %o', evil, Symbol('s'), evil)
    logger.info(undefined as unknown as string)
    logger.info(null, 'four')
    ;(logger.info as (...values: unknown[]) => void)()
    logger.info(7)
    logger.info('%s and 100%', 'five', 'more')
    logger.info([1, 2], 'six')
    logger.info(new Map([[1, 2]]), 'seven')
    const { lines, errors } = logger.metrics()
    console.log(lines, errors)`)
  assert.equal(code, 0)
  assert.match(
    stderr,
    /^logboom-logger: A record of host could not be logged whole \(getter\); the application goes on\n$/,
  )
  const text = plain(app.read('host.log'))
  assert.match(
    text,
    /^\[INFO\] one x="\[cannot be shown: Error: getter\]"\n\[INFO\] two bad="\[cannot be shown: Error: serializer\]"\n\[INFO\] three x="\[cannot be shown: Error: toJSON\]"\n/,
  )
  assert.match(
    text,
    /\[INFO\] four\n\[INFO\] \n\[INFO\] 7\n\[INFO\] five and 100%\n\[INFO\] six 0=1 1=2\n\[INFO\] seven\n$/,
  )
  const [lines, errors] = stdout.split(' ').map(Number)
  assert.equal(text.split('\n').length - 1, lines)
  assert.ok(errors! >= 3)
})

test('an error with what JSON has no word for keeps its stack and all that can be shown', async (t) => {
  const app = makeAppFolder(t)
  const { stderr } = await app.run(`
    const logger = getLogger('host', { logDir, console: false })
    const error = Object.assign(new Error('no answer'), { code: 'ECONNRESET', big: 1n })
    error.request = { error }
    logger.error(error, 'request failed')`)
  assert.equal(stderr, '')
  assert.match(app.read('host.log'), /\[ERROR\] request failed .*err\.code=ECONNRESET[^]*\nError: no answer\n {4}at /)
})

test('metrics count lines, bytes, errors and levels of a logger with its children', async (t) => {
  const app = makeAppFolder(t)
  const { stdout } = await app.run(`
    const logger = getLogger('host', { logDir, console: false, level: 'debug' })
    logger.debug('é'); logger.getChild('db').warn('b'); logger.child({ a: 1 }).fatal('c'); logger.trace('not counted')
    getLogger('other', { logDir, console: false }).info('elsewhere')
    console.log(JSON.stringify(logger.metrics()))`)
  assert.deepEqual(JSON.parse(stdout), {
    lines: 3,
    bytes: Buffer.byteLength(app.read('host.log')),
    errors: 0,
    levels: { TRACE: 0, DEBUG: 1, INFO: 0, WARNING: 1, ERROR: 0, CRITICAL: 1 },
  })
})

test('fields of withContext follow asynchronous calls, nested ones add to them, and redaction holds', async (t) => {
  const app = makeAppFolder(t)
  await app.run(`
    import { setTimeout as sleep } from 'node:timers/promises'
    const logger = getLogger('host', { logDir, console: false, redact: ['token'] })
    const handle = (id: string, ms: number) => withContext({ request_id: id, token: 'x' }, async () => {
      logger.info('began')
      await sleep(ms)
      withContext({ step: 2 }, () => logger.child({ shop: 7 }).info({ a: 1 }, 'ended'))
    })
    await Promise.all([handle('r-1', 20), handle('r-2', 5)])
    logger.info('outside')`)
  assert.equal(
    plain(app.read('host.log')),
    [
      '[INFO] began request_id=r-1 token=[Redacted]',
      '[INFO] began request_id=r-2 token=[Redacted]',
      '[INFO] ended request_id=r-2 token=[Redacted] step=2 shop=7 a=1',
      '[INFO] ended request_id=r-1 token=[Redacted] step=2 shop=7 a=1',
      '[INFO] outside',
      '',
    ].join('\n'),
  )
})

test("ids of OpenTelemetry's active span stand in records, without a dependency on its API", async (t) => {
  const app = makeAppFolder(t)
  await app.run(`
    const spans = [
      { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' },
      { traceId: '0'.repeat(32), spanId: '0'.repeat(16) },
    ]
    let active: object | undefined
    const key = Symbol.for('OpenTelemetry Context Key SPAN')
    const context = { active: () => ({ getValue: (asked: symbol) => asked === key && active ? { spanContext: () => active } : undefined }) }
    Object.assign(globalThis, { [Symbol.for('opentelemetry.js.api.1')]: { context } })
    for (const format of ['text', 'json'] as const) {
      const logger = getLogger(format, { logDir, console: false, format })
      for (active of [...spans, undefined]) logger.info({ a: 1 }, 'hello')
    }`)
  assert.equal(
    plain(app.read('text.log')),
    '[INFO] hello a=1 trace_id=0af7651916cd43dd8448eb211c80319c span_id=b7ad6b7169203331\n[INFO] hello a=1\n[INFO] hello a=1\n',
  )
  const [first, second] = app.read('json.log').split('\n')
  const { trace_id: trace, span_id: span } = JSON.parse(first!) as Record<string, unknown>
  assert.deepEqual([trace, span], ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'])
  assert.equal(Object.hasOwn(JSON.parse(second!) as object, 'trace_id'), false)
})

test('module, function and line of the call stand in records when asked for', async (t) => {
  const app = makeAppFolder(t)
  await app.run(`
    const logger = getLogger('host', { logDir, console: false, format: 'json', callsite: true })
    class Shop { pay() { logger.child({ a: 1 }).info('paid') } }
    new Shop().pay()
    auditLog(logger, 'audited')`)
  const sites = app
    .read('host.log')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .map(({ module, function: name, line }) => [module, name, line])
  assert.deepEqual(sites, [
    ['app-1', 'pay', 4],
    ['app-1', '', 6],
  ])
})

test('audit records have their action and metadata whatever the logger is called', async (t) => {
  const app = makeAppFolder(t)
  const { stderr } = await app.run(`
    const logger = getLogger('host', { logDir })
    auditLog(logger, 'Spawned 100%s of %d', { action: 'instance_spawn', metadata: { instance_id: 'i-1' } })
    auditLog(logger, 'plain')
    auditLog(logger, 'loud', { level: 'error' })
    auditLog(logger, 'below the level', { level: 'debug' })
    auditLog(logger, 'no such level', { level: 'loud' as 'info' })`)
  assert.match(stderr, /^logboom-logger: auditLog: there is no level "loud"; the record is logged as INFO\. .*\n$/)
  assert.equal(
    plain(app.read('host.log')),
    String.raw`[INFO] Spawned 100%s of %d action=instance_spawn metadata="{\"instance_id\":\"i-1\"}"
[INFO] plain
[ERROR] loud
[INFO] no such level
`,
  )
})
