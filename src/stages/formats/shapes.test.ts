// What follows a time, where formats come close to each other: which one it is, and what is none.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordAt } from '../../contracts/batch.ts'
import { captured, recordOf, stagesOf, throughStages } from './stages-harness.ts'

function check(line: string, expected: Partial<ReturnType<typeof recordOf>>): void {
  const record = recordOf(line)
  const actual = Object.fromEntries(Object.keys(expected).map((key) => [key, record[key as keyof typeof record]]))
  assert.deepEqual(actual, expected, line)
}

test('a word and a colon are a logger only where the format says so', () => {
  check('2025-10-19 05:55:47 ERROR worker: x', { logger: undefined, message: 'worker: x' })
  check('2025-10-19 05:55:47,606 ERROR worker: x', { logger: 'worker', message: 'x' })
  check('2025-10-19 05:55:47 ERROR a.b.Worker: x', { logger: 'a.b.Worker', message: 'x' })
  check('2025-10-19T05:55:47Z ERROR worker: x', { logger: undefined, message: 'worker: x' })
  check('2025-10-19T05:55:47.606123Z ERROR worker: x', { logger: 'worker', message: 'x' })
  check('2025-10-19T05:55:47.606123Z ERROR a{x="y: z"}:b{n=1}: shop::orders: x', {
    logger: 'shop::orders',
    message: 'x',
    fields: { spans: 'a{x="y: z"}:b{n=1}:' },
  })
})

test('levels: all spellings, and words that are levels only in brackets or never', () => {
  const severityOf = (rest: string) => recordOf(`2025-10-19 05:55:47 ${rest}`).severity
  for (const word of ['TRACE', '[trace]', 'trace:', '[T]']) assert.equal(severityOf(`${word} x`), 1, word)
  for (const word of ['DEBUG', '[dbg]', 'debug:', '(DEBUG)', '| DEBUG |'])
    assert.equal(severityOf(`${word} x`), 5, word)
  for (const word of ['WARN', 'WARNING:', '[ warn ]', '- WARN -', '[WRN]:'])
    assert.equal(severityOf(`${word} x`), 13, word)
  for (const word of ['FATAL', 'CRIT', '[emerg]', 'PANIC:', 'ALERT']) assert.equal(severityOf(`${word} x`), 21, word)
  for (const text of ['LOG rotated', 'HTTP server', 'CONFIG read', 'http: listening', 'ERRORS: 0', 'errors 0'])
    check(`2025-10-19 05:55:47 ${text}`, { message: text, severity: 9, fields: undefined })
  check('2025-10-19 05:55:47 NOTICE x', { severity: 9, message: 'x', fields: { 'log.level': 'NOTICE' } })
  check('2025-10-19 05:55:47 ERROR', { severity: 17, message: '' })
})

test('a clock, or a date in digits, counts only with a level behind it', () => {
  check('05:55:47 WARN x', { message: 'x', severity: 13, time: Date.UTC(2025, 9, 19, 5, 55, 47) })
  check('23:59:59.5 WARN x', { time: Date.UTC(2025, 9, 18, 23, 59, 59, 500) })
  for (const line of ['05:55:47 x', '25/10/19 05:55:47 x', '251019 055547 x', '[05:55:47] x'])
    check(line, { message: line, time: captured })
})

test('times that no program can mean leave the line as it is', () => {
  for (const line of [
    '2125-10-19 05:55:47 ERROR x',
    '1970-01-01 00:00:00 ERROR x',
    '2025-02-30 05:55:47 ERROR x',
    '[Sun Feb 30 04:47:44 2005] [error] x',
    '- 99999999 2005.06.03 R02 2005-06-03-15.42.50.675872 R02 RAS KERNEL ERROR x',
    'For Dec 10 06:55:46 ERROR x',
    'E1319 05:55:47.606123 4157 take.go:12] x',
    '4157:M 19 Oct 2125 05:55:47.606 # ERROR x',
  ])
    check(line, { message: line, time: captured, severity: 17 })
})

test('an old log keeps its times, and years are completed', () => {
  check('2009-01-03 18:15:05 x', { time: Date.UTC(2009, 0, 3, 18, 15, 5) })
  check('Oct 20 05:00:00 host app: x', { time: Date.UTC(2025, 9, 20, 5) })
  check('Oct 20 07:00:00 host app: x', { time: Date.UTC(2024, 9, 20, 7) })
  check('E1020 07:00:00.000000 4157 take.go:12] x', { time: Date.UTC(2024, 9, 20, 7) })
})

test('the process of the run is no field', () => {
  check('2025-10-19 05:55:47.606 [1234] [INFO] x', { fields: undefined })
  check('Oct 19 05:55:47 host app[1234]: x', { fields: { 'host.name': 'host' } })
  check('1234:M 19 Oct 2025 05:55:47.606 # x', { fields: { 'redis.role': 'master' } })
})

test('what a line was before decides nothing about the next one', () => {
  const lines = [
    '2025-10-19 05:55:47,606 ERROR x',
    '2025-10-19 05:55:47,606 ERROR worker: x',
    '2025-10-19 05:55:47,606 ERROR [main] a.b.Worker: x',
    '[Sun Dec 04 04:47:44 2005] [error] x',
    '2025-10-19 05:55:47,606 - worker - ERROR - x',
    '2025-10-19 05:55:47.606 UTC [4157] ERROR:  x',
    '2025/10/19 05:55:47 [error] 12#7: x',
    '2025-10-19 05:55:47.606 [4157] [ERROR] x',
    '2025-10-19T05:55:47.606Z\tERROR\tx',
  ]
  const alone = lines.map((line) => ({ ...recordOf(line), id: 0, seq: 0 }))
  const stages = stagesOf({ timezone: 'UTC' })
  for (let first = 0; first < lines.length; first++) {
    for (let second = 0; second < lines.length; second++) {
      const batch = throughStages(stages, [lines[first]!, lines[second]!])
      assert.deepEqual({ ...recordAt(batch, 1), id: 0, seq: 0 }, alone[second], `${lines[first]} then ${lines[second]}`)
    }
  }
  for (const { severity, message } of alone) assert.deepEqual([severity, message], [17, 'x'])
})

test('colours end with what they coloured', () => {
  check('\x1b[90m2025-10-19 05:55:47\x1b[0m \x1b[31mERROR\x1b[0m \x1b[1mx\x1b[0m', {
    message: '\x1b[1mx\x1b[0m',
    severity: 17,
  })
  check('\x1b[32minfo\x1b[39m: x', { severity: 9 })
  check('\x1b[31m[ERROR]\x1b[0m x', { message: 'x', severity: 17 })
  check('\x1b[2m', { message: '\x1b[2m' })
})

test('texts beyond ASCII are themselves wherever they go', () => {
  check('2025-10-19 05:55:47,606 [Fäden-1] ERROR c.e.Örders - nö', { message: '[Fäden-1] ERROR c.e.Örders - nö' })
  check('2025-10-19 05:55:47,606 [Fäden-1] ERROR c.e.Orders - nö', {
    message: 'nö',
    fields: { 'thread.name': 'Fäden-1' },
  })
  check('2025-10-19T05:55:47Z\tERROR\tnö\t{"é":"ü \\u00e9"}', { message: 'nö', fields: { é: 'ü é' } })
  check('<11>1 2025-10-19T05:55:47Z höst app - - [o é="1" a="ü"] nö', { message: '[o é="1" a="ü"] nö' })
  check('Oct 19 05:55:47 höst äpp[7]: nö', {
    logger: 'äpp',
    message: 'nö',
    fields: { 'host.name': 'höst', 'process.pid': 7 },
  })
})
