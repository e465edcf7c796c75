// Lines inside lines: how deep, and which of two times, levels and fields counts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordOf } from './stages-harness.ts'

const wrap = (log: string, more: object = {}) =>
  JSON.stringify({ log: `${log}\n`, stream: 'stderr', time: '2025-10-19T05:55:47.606123456Z', ...more })

test('the inner line says what it knows, the outer one the rest', () => {
  const { message, time, severity, logger, stream, fields } = recordOf(
    wrap('2025-10-19 05:55:40,000 - worker - ERROR - nö stock', { attrs: { app: 'shop' } }),
  )
  assert.deepEqual(
    [message, time, severity, logger, stream, fields],
    ['nö stock', Date.UTC(2025, 9, 19, 5, 55, 40), 17, 'worker', 'stderr', { attrs: { app: 'shop' } }],
  )
})

test('inner access lines end where they end', () => {
  const access = '10.0.0.1 - - [19/Oct/2025:05:55:47 +0000] "GET / HTTP/1.1" 200 5 "-" "curl"'
  for (const line of [wrap(access), `2025-10-19T05:55:47.606Z stdout F ${access}`]) {
    const { message, fields } = recordOf(line)
    assert.equal(message, '"GET / HTTP/1.1" 200 5')
    assert.equal(fields!['user_agent.original'], 'curl')
  }
})

test('JSON in the lines of Kubernetes, and parts of lines', () => {
  const json = recordOf('2025-10-19T05:55:47.606Z stdout F {"level":50,"msg":"no stock","a":1}')
  assert.deepEqual([json.message, json.severity, json.fields], ['no stock', 17, { a: 1 }])
  const part = recordOf('2025-10-19T05:55:47.606Z stderr P no st')
  assert.deepEqual([part.message, part.stream, part.fields], ['no st', 'stderr', { 'log.partial': true }])
})

test('wrappings end somewhere; a message that is empty is one', () => {
  let line = 'no stock'
  for (let depth = 0; depth < 10; depth++) line = wrap(line)
  assert.match(recordOf(line).message, /^\{"log":/)
  assert.equal(recordOf(wrap('')).message, '')
})

test('what only looks so is an entry or a text of its own', () => {
  assert.equal(recordOf('{"log":"x","stream":"stdin","time":"2025-10-19T05:55:47Z"}').message[0], '{')
  assert.equal(recordOf('{"log":7,"msg":"x"}').message, 'x')
  assert.equal(recordOf('2025-10-19T05:55:47Z stdout X x').message, 'stdout X x')
})
