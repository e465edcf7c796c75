// Whatever is passed to a call: nothing throws, and each record is one line of JSON, and one entry of D2.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { auditLog } from '../audit-log.ts'
import { bunyanStream } from '../bunyan.ts'
import { formatChunk } from '../delivery/chunk.ts'
import { openChunkBuilder } from '../delivery/chunk-builder.ts'
import { closeLoggers, getLogger } from '../get-logger.ts'
import type { Logger, LogFunction } from '../logger.ts'
import { getLogStream, setupLogStreaming } from '../streaming/log-stream.ts'
import { LogboomTransport } from '../winston.ts'
import { withContext } from './context.ts'
import { createConsoleLine, createFileLine, createJsonLine, type Entry } from './line-texts.ts'
import { openPino } from './open-pino.ts'

const fail = (): never => {
  throw new TypeError('no')
}
const revoke = (target: object): object => {
  const { proxy, revoke: end } = Proxy.revocable(target, {})
  end()
  return proxy
}
const circle: Record<string, unknown> = {}
circle['self'] = circle

/** Functions, as values are made anew for each call. */
const odd: Make[] = [
  () => Symbol('s'),
  () => Symbol.iterator,
  () => 10n ** 30n,
  () => pay,
  () => class {},
  () => revoke({}),
  () => revoke([]),
  () => Object.create(revoke({})) as unknown,
  () => revoke(pay),
  () => new Proxy({ a: 1 }, { get: fail }),
  () => new Proxy({ a: 1 }, { ownKeys: fail }),
  () => new Proxy({ a: 1 }, { getPrototypeOf: fail }),
  () => new Proxy({ a: 1 }, { getOwnPropertyDescriptor: fail, has: fail }),
  () => Object.defineProperty({ a: 1, b: 2n }, 'bad', { enumerable: true, get: fail }),
  () => ({ toJSON: fail, toString: fail, [Symbol.toPrimitive]: fail }),
  () => ({ toJSON: () => undefined }),
  () => ({ toJSON: () => Symbol('json') }),
  () => circle,
  () => new Date(Number.NaN),
  () => new Map([[1, Symbol('m')]]),
  () => Object.freeze(new RangeError('frozen')),
  () => new AggregateError([new Error('a'), 7n, revoke({})], 'all', { cause: circle }),
  () => Object.defineProperties(new Error('x'), { message: { get: fail }, stack: { get: fail }, cause: { get: fail } }),
  () => Object.assign(new Error('x'), { stack: Symbol('stack'), name: 3, code: 1n }),
  () => ({ msg: Symbol('msg'), err: revoke({}), level: 1n, time: 'x', pid: {}, logger: 'mine' }),
  () => ({ message: 'taken apart', stack: 's', name: {}, aggregateErrors: [1] }),
  () => ({ method: 'GET', headers: {}, get socket() { return fail() } }),
  () => ({ setHeader: pay, getHeaders: fail }),
  () => ({ is_audit: true, isAudit: circle, action: 5n, metadata: revoke({}) }),
  () => JSON.parse('{"__proto__":{"x":1},"constructor":2,"hasOwnProperty":3,"toString":4}') as unknown,
  () => '%s %d %i %f %j %o %O %% %',
  () => '\ud800 \u2028 \0 \u001b[31m \n',
] // oxfmt-ignore
function pay(): void {}

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
})
/** fast-check looks at what it makes, which some of these values do not bear: it gets functions that make them. */
type Make = () => unknown
const one: fc.Arbitrary<Make> = fc.oneof(
  anything.map((made) => () => made),
  fc.constantFrom(...odd),
)
const value: fc.Arbitrary<Make> = fc.oneof(
  one,
  fc.dictionary(fc.string(), one).map((makes) => () => {
    const object: Record<string, unknown> = {}
    for (const [key, make] of Object.entries(makes))
      Object.defineProperty(object, key, { value: make(), enumerable: true })
    return object
  }),
)
const values = fc.array(value, { maxLength: 4 })
const methods = ['trace', 'debug', 'info', 'warn', 'warning', 'error', 'critical', 'fatal'] as const
const method = fc.constantFrom(...methods)
const call = (logger: Logger, name: (typeof methods)[number], given: unknown[]): unknown =>
  (logger[name] as (...all: unknown[]) => void)(...given)

const entryHead = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[\d+\] \[(TRACE|DEBUG|INFO|WARNING|ERROR|CRITICAL)\] /
const consoleHead = /^\[\d\d:\d\d:\d\d\] \[\d+\] \[(TRACE|DEBUG|INFO|WARNING|ERROR|CRITICAL)\] /

test('whatever a call is given makes one record, valid in all forms', () => {
  const entries: Entry[] = []
  const failures: unknown[] = []
  const redact = ['secret', 'deep.secret', '*.password']
  const [plain, redacting] = [undefined, redact].map((paths) =>
    openPino({
      name: 'host',
      level: 'trace',
      redact: paths,
      serializers: { bad: fail, odd: () => Symbol('odd') },
      callsite: false,
      wanted: () => ({ json: true, text: true }),
      write: (entry) => void entries.push(entry),
      failed: (error) => void failures.push(error),
    }),
  )
  const [json, jsonWithPid] = [createJsonLine(), createJsonLine(7)]
  const [file, terminal] = [createFileLine(true, 7), createConsoleLine(true, 7, false)]
  const check = (): void => {
    const [entry, ...more] = entries.splice(0)
    assert.ok(entry && more.length === 0, `${more.length + (entry ? 1 : 0)} records`)
    for (const line of [json(entry), jsonWithPid(entry)]) {
      const { msg } = JSON.parse(line) as { msg: unknown }
      assert.ok(typeof msg === 'string' && line.indexOf('\n') === line.length - 1)
    }
    assert.match(file(entry), entryHead)
    const [first, ...rest] = terminal(entry).slice(0, -1).split('\n')
    assert.match(first!, consoleHead)
    for (const line of rest) assert.ok(line === '' || line.startsWith('  '), line)
    const chunk = openChunkBuilder()
    chunk.add(entry.time, 'INFO', entry.logger, entry.message, entry.fields.json.slice(1))
    JSON.parse(formatChunk({ ...chunk.take()!, number: 1, dropped: 0 }, 7))
  }
  const property = fc.property(
    method,
    values,
    value,
    value,
    fc.boolean(),
    (name, makes, bound, within, isRedacting) => {
      const logger = isRedacting ? redacting! : plain!
      const [given, bindings, context] = [makes.map((make) => make()), bound(), within()]
      call(logger, name, given)
      check()
      const child = logger.child((bindings || {}) as object, { msgPrefix: '> ' })
      child.setBindings(context as object)
      withContext(context as Record<string, unknown>, () => call(child, name, given))
      check()
      auditLog(child, given[0] as string, {
        action: given[1] as string,
        metadata: bindings as Record<string, unknown>,
        level: given[2] as 'info',
      })
      check()
    },
  )
  fc.assert(property, { numRuns: 400 })
})

test('whatever loggers, adapters and streams are given: files hold whole lines, clients get messages', async (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-any-values-'))
  t.after(closeLoggers)
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const options = { logDir: directory, console: false, level: 'trace' } as const
  const [text, json] = [getLogger('text', options), getLogger('json', { ...options, format: 'json' })]
  const bunyan = bunyanStream({ name: 'json' })
  const winston = new LogboomTransport({ name: 'json' })
  const sent: string[] = []
  setupLogStreaming()
  getLogStream().addClient({ readyState: 1, bufferedAmount: 0, send: (message) => void sent.push(message), on() {} })
  const read = (name: string): string => {
    const file = path.join(directory, name)
    const content = readFileSync(file, 'utf8')
    truncateSync(file)
    return content
  }
  const property = fc.asyncProperty(method, values, value, async (name, makes, make) => {
    const [given, record] = [makes.map((each) => each()), make()]
    for (const logger of [text, json.getChild('db')]) call(logger, name, given)
    bunyan.write(record as Record<string, unknown>)
    winston.log({ level: 'info', message: given[0], given: record }, () => {})
    if (typeof record === 'object' && record !== null) winston.log(record as Record<string, unknown>, () => {})
    ;(json.info as LogFunction)(record)
    assert.match(read('text.log'), entryHead)
    const lines = read('json.log').split('\n')
    assert.ok(lines.length >= 4 && lines.pop() === '')
    for (const line of lines) assert.equal(typeof (JSON.parse(line) as { msg: unknown }).msg, 'string')
    await new Promise((resolve) => setImmediate(resolve))
    for (const message of sent.splice(0))
      assert.equal(typeof (JSON.parse(message) as { data: { message: unknown } }).data.message, 'string')
  })
  await fc.assert(property, { numRuns: 400 })
})
