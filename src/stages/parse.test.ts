// What the parse stage makes of lines as programs print them, and that nothing can make it throw.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { recordAt } from '../contracts/batch.ts'
import { batchOf, storedBatch } from '../query/batch-harness.ts'
import { formatJson } from '../json/format-json.ts'
import type { LogRecord } from '../contracts/record.ts'
import { stageTypes } from './index.ts'
import { parse } from './parse.ts'

const observed = new Date(2025, 9, 19, 5, 55, 48, 100).getTime()

/** Lines through all stages, then through bytes, as the store gets them. */
function through(...lines: (string | Partial<LogRecord>)[]): LogRecord[] {
  let batch = batchOf(
    lines.map((line) => ({
      severity: 0,
      time: observed,
      observed,
      ...(typeof line === 'string' ? { message: line } : line),
    })),
  )
  for (const type of stageTypes) batch = type.open(type.options(z).parse({})).apply(batch)
  const stored = storedBatch(batch)
  return lines.map((_, index) => recordAt(stored, index))
}

/** Only what is asked about. */
function check(line: string | Partial<LogRecord>, expected: Partial<LogRecord>): void {
  const [record] = through(line)
  const actual = Object.fromEntries(Object.keys(expected).map((key) => [key, record![key as keyof LogRecord]]))
  assert.deepEqual(actual, expected)
}

const local = (...parts: [number, number, number, number, number, number, number]) => {
  const [year, month, day, hour, minute, second, ms] = parts
  return new Date(year, month - 1, day, hour, minute, second, ms).getTime()
}

test('pino', () => {
  check('{"level":50,"time":1760853347606,"pid":7,"hostname":"h","name":"orders","user":{"id":42},"msg":"no stock"}', {
    severity: 17,
    time: 1760853347606,
    logger: 'orders',
    message: 'no stock',
    fields: { pid: 7, hostname: 'h', user: { id: 42 } },
  })
  const severities = [10, 20, 30, 35, 40, 50, 60].map((level) => through(`{"level":${level},"msg":"x"}`)[0]!.severity)
  assert.deepEqual(severities, [1, 5, 9, 9, 13, 17, 21])
})

test('bunyan', () => {
  check('{"name":"app","hostname":"h","pid":7,"level":40,"msg":"slow","time":"2025-10-19T05:55:47.606Z","v":0}', {
    severity: 13,
    logger: 'app',
    time: Date.UTC(2025, 9, 19, 5, 55, 47, 606),
    message: 'slow',
    fields: { hostname: 'h', pid: 7, v: 0 },
  })
})

test('winston, also with colours in the level', () => {
  check('{"level":"warn","message":"slow","timestamp":"2025-10-19T05:55:47.606+02:00","service":"x"}', {
    severity: 13,
    message: 'slow',
    time: Date.UTC(2025, 9, 19, 3, 55, 47, 606),
    fields: { service: 'x' },
  })
  check('{"level":"\\u001b[31merror\\u001b[39m","message":"bad"}', { severity: 17, message: 'bad' })
})

test('other JSON with customary keys', () => {
  check('{"severity":"ERROR","message":"bad","@timestamp":"2025-10-19T05:55:47Z"}', { severity: 17, message: 'bad' })
  check('{"level":"info","ts":1760853347.606,"logger":"zap.core","msg":"hi"}', {
    time: 1760853347606,
    logger: 'zap.core',
  })
  check('{"event":"hi","level":"debug","timestamp":"2025-10-19 05:55:47"}', {
    message: 'hi',
    severity: 5,
    time: local(2025, 10, 19, 5, 55, 47, 0),
  })
  check('{"severity":18,"msg":"otel"}', { severity: 18 })
  check('{"msg":"x","trace_id":"0AF7651916CD43DD8448EB211C80319C","span_id":"b7ad6b7169203331"}', {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    fields: undefined,
  })
  check('{"msg":"x","trace_id":"none","time":"soon","level":"odd"}', {
    fields: { trace_id: 'none', time: 'soon', level: 'odd' },
    time: observed,
    severity: 9,
  })
  check('{"msg":"x","logger":"a","name":"Ada"}', { logger: 'a', fields: { name: 'Ada' } })
  check('{"name":"Ada","msg":"x","logger":"a"}', { logger: 'a', fields: { name: 'Ada' } })
})

test('JSON without a message keeps its text and gets its fields', () => {
  const line = '{"level":30,"time":1760853347606,"orders":3}'
  check(line, { message: line, severity: 9, time: 1760853347606, fields: { orders: 3 } })
})

test('a time in JSON that no program can mean is a field', () => {
  for (const time of [4_102_444_800_000, '1970-01-02T00:00:00Z']) {
    check(JSON.stringify({ level: 30, time, msg: 'x' }), {
      message: 'x',
      severity: 9,
      time: observed,
      fields: { time },
    })
  }
})

test('JSON that is no log entry stays text', () => {
  for (const line of ['{"a":1}', '{"event":"click"}', '{}', '{"msg":1}', '{broken}', '{"msg":"x"} tail', '[1,2]']) {
    check(line, { message: line, fields: undefined, severity: 9 })
  }
})

test('JSON messages keep every character, in the order of their lines', () => {
  const messages = ['ünï', 'a\nb', '🎉', '', 'x'.repeat(5000), '\u0000', '"quoted"']
  const mixed = messages.flatMap((msg, i) => [JSON.stringify({ level: 30, msg }), `plain ${i} ä`])
  const expected = messages.flatMap((msg, i) => [msg, `plain ${i} ä`])
  assert.deepEqual(
    through(...mixed).map((record) => record.message),
    expected,
  )
})

test('JSON with a hostile key changes no prototype', () => {
  const [record] = through('{"msg":"x","__proto__":{"polluted":true},"constructor":1}')
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
  assert.deepEqual(Object.keys(record!.fields!), ['__proto__', 'constructor'])
})

test('too deep or too long JSON stays text', () => {
  const deep = `{"msg":"x","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
  const long = `{"msg":"${'x'.repeat(300_000)}"}`
  for (const line of [deep, long]) check(line, { message: line, fields: undefined })
})

test('the Logboom format, in files and on the console', () => {
  check('2025-10-19 05:55:47.606 [4157] [WARNING] disk is filling', {
    time: local(2025, 10, 19, 5, 55, 47, 606),
    severity: 13,
    message: 'disk is filling',
    fields: { 'process.pid': 4157 },
  })
  check('2025-10-19 05:55:47.606 [1234] [CRITICAL] own process', { severity: 21, fields: undefined })
  check('[05:55:47] [1234] [DEBUG] round trip', {
    time: local(2025, 10, 19, 5, 55, 47, 0),
    severity: 5,
    message: 'round trip',
  })
  check('[05:55:48] [1234] [INFO] within the second of capture', { time: observed })
  check('[23:59:59] [1234] [INFO] yesterday', { time: local(2025, 10, 18, 23, 59, 59, 0) })
  check('2025-10-19 05:55:47.606 [1234] [INFO] ', { message: '' })
})

test('Python logging', () => {
  check('INFO:root:hello', { severity: 9, logger: 'root', message: 'hello' })
  check('WARNING:a.b-c:hello: there', { severity: 13, logger: 'a.b-c', message: 'hello: there' })
  const time = local(2025, 10, 19, 5, 55, 47, 606)
  check('2025-10-19 05:55:47,606 - worker.jobs - ERROR - no stock', {
    time,
    severity: 17,
    logger: 'worker.jobs',
    message: 'no stock',
  })
  check('2025-10-19 05:55:47,606 ERROR worker.jobs: no stock', {
    time,
    severity: 17,
    logger: 'worker.jobs',
    message: 'no stock',
  })
  check('[2025-10-19 05:55:47,606] ERROR in app: no stock', { time, severity: 17, logger: 'app', message: 'no stock' })
})

test('a time in front is the time, a level behind it the severity; what is no time of its own stays text', () => {
  const cases: [line: string, message: string, time: number, severity: number][] = [
    ['2025-10-19 05:55:47,606 ERROR no stock', 'no stock', local(2025, 10, 19, 5, 55, 47, 606), 17],
    ['[2025-10-19 05:55:47] WARN no stock', 'no stock', local(2025, 10, 19, 5, 55, 47, 0), 13],
    ['2011-01-01 05:55:47 started long ago', 'started long ago', local(2011, 1, 1, 5, 55, 47, 0), 9],
    ['2025-10-20 05:55:47 starts tomorrow', 'starts tomorrow', local(2025, 10, 20, 5, 55, 47, 0), 9],
    ['INFO:     Uvicorn running', 'Uvicorn running', observed, 9],
    ['[error] no stock', 'no stock', observed, 17],
  ]
  for (const [line, message, time, severity] of cases) check(line, { message, time, severity })
  const texts: [string, number][] = [
    ['2025-10-20 05:55:49 is too far ahead', 9],
    ['1989-12-31 05:55:47 is before the logs of any program', 9],
    ['2025-13-19 05:55:47 ERROR there is no such month', 17],
    ['2025-10-19 is a day', 9],
    ['05:55:47 may be any number', 9],
    ['error: is a sentence', 17],
    ['ERROR: 0', 9],
  ]
  for (const [message, severity] of texts) check(message, { message, severity, time: observed, fields: undefined })
})

test('times without zone are of the zone that the options name', () => {
  const at = (timezone: string) => {
    const batch = batchOf([{ message: '2025-10-19 05:55:47 x', severity: 0, observed }])
    return parse.open(parse.options(z).parse({ timezone })).apply(batch).time[0]
  }
  assert.equal(at('UTC'), Date.UTC(2025, 9, 19, 5, 55, 47))
  assert.equal(at('America/New_York'), Date.UTC(2025, 9, 19, 9, 55, 47))
  assert.equal(at('+05:30'), Date.UTC(2025, 9, 19, 0, 25, 47))
  assert.match(parse.options(z).safeParse({ timezone: 'Mars' }).error!.message, /no time zone/)
})

test('timestamps: zones and fractions', () => {
  const base = Date.UTC(2025, 9, 19, 5, 55, 47)
  const cases: [string, number][] = [
    ['2025-10-19T05:55:47Z', base],
    ['2025-10-19T05:55:47.5Z', base + 500],
    ['2025-10-19T05:55:47.606123Z', base + 606.123],
    ['2025-10-19T05:55:47+00:00', base],
    ['2025-10-19T05:55:47-0130', base + 90 * 60_000],
    ['2025-10-19 05:55:47 +0530', base - 330 * 60_000],
  ]
  for (const [text, time] of cases) check(`{"msg":"x","time":"${text}"}`, { time })
})

test('audit records', () => {
  const cases = [
    '{"msg":"x","is_audit":true}',
    '{"msg":"x","isAudit":true}',
    '{"msg":"x","logger":"audit.orders"}',
    '{"msg":"[AUDIT] x"}',
    '[AUDIT] x',
    'INFO:audit.orders:x',
    '2025-10-19 05:55:47.606 [1] [INFO] [AUDIT] x',
  ]
  for (const line of cases) assert.equal(through(line)[0]!.kind, 'audit', line)
  for (const line of ['{"msg":"x","is_audit":false}', 'INFO:auditor:x', 'an [AUDIT]']) {
    assert.equal(through(line)[0]!.kind, 'system', line)
  }
})

test('lines marked with the camera are always visible', () => {
  check('📸 TIMELINE T+0.3s: ready', { severity: 9, message: '📸 TIMELINE T+0.3s: ready' })
  check('{"level":20,"msg":"📸 TIMELINE T+0.3s: ready"}', { severity: 9 })
  check('2025-10-19 05:55:47.606 [1] [DEBUG] 📸 TIMELINE', { severity: 9 })
  check('{"level":50,"msg":"📸 TIMELINE failed"}', { severity: 17 })
})

test('what was structured at its origin is left alone, and other extras stay', () => {
  check({ message: '{"level":50,"msg":"x"}', severity: 5 }, { message: '{"level":50,"msg":"x"}', severity: 5 })
  check({ message: 'ERROR: gone', kind: 'gap', severity: 13 }, { severity: 13, kind: 'gap' })
  check(
    { message: '{"msg":"x","a":1}', fields: { 'logboom.bytes': 'AA==' } },
    { fields: { 'logboom.bytes': 'AA==', a: 1 } },
  )
})

test('stderr alone is no error', () => {
  check({ message: 'downloading 40%', stream: 'stderr' }, { severity: 9 })
})

test('parsing can be switched off; the level is still found', () => {
  const line = '{"level":"error","msg":"x"}'
  const batch = batchOf([{ message: line, severity: 0 }])
  const same = parse.open(parse.options(z).parse({ enabled: false })).apply(batch)
  assert.equal(recordAt(same, 0).message, line)
})

test('no bytes make it throw, lose a record or leave one without a level', () => {
  let seed = 20251019
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return (seed >>> 8) % below
  }
  const pieces = [
    '{', '}', '"', ':', ',', '[', ']', 'level', 'msg', 'time', '\\', '\\u', '\0', '\x1b[', '\x1b[31m', ' ', '\t', '\r',
    '2025-10-19', '05:55:47', ' - ', 'ERROR', 'error', '=', '0', '1e999', '📸', '[AUDIT]', 'é', '\ud800', 'INFO:root:', '-', 'null',
  ] // oxfmt-ignore
  for (let round = 0; round < 300; round++) {
    const lines = Array.from({ length: 20 }, () =>
      Array.from({ length: random(14) }, () => pieces[random(pieces.length)]).join(''),
    )
    const records = through(...lines)
    assert.equal(records.length, lines.length)
    for (const { severity, time } of records) {
      assert.ok(severity >= 1 && severity <= 24)
      assert.ok(Number.isFinite(time))
    }
  }
})

test('what JSON says is kept as it is written: digits, and every value of a key', () => {
  const fieldsOf = (line: string): string => formatJson(through(line)[0]!.fields)
  assert.equal(
    fieldsOf('{"msg":"m","id": 9007199254740993, "p":12.50,"p":-0}'),
    '{"id":9007199254740993,"p":12.50,"p":-0}',
  )
  assert.equal(fieldsOf('{"msg":"m","msg":"n","time":4e12,"time":4.0e12}'), '{"msg":"m","time":4e12,"time":4.0e12}')
  check('{"msg":"a","level":30.0,"time":1760853347606.00}', { severity: 9, time: 1760853347606, fields: undefined! })
  check('{"severity":"INFO","message":"m","severity":"ERROR"}', { severity: 17, fields: { severity: 'INFO' } })
})

test('numbers and keys that repeat are no level of nesting', () => {
  for (const value of ['1.0', '1.0,"k":2'])
    for (const [depth, isKept] of [
      [48, true],
      [49, false],
    ] as const)
      // oxfmt-ignore
      check(`{"msg":"m","v":${'['.repeat(depth)}{"k":${value}}${']'.repeat(depth)}}`, isKept ? { message: 'm' } : { fields: undefined! })
})
