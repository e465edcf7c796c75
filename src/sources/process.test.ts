import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { sourceTypes } from './index.ts'
import { processSource } from './process.ts'

test('a command is enough, and the defaults are the documented ones', () => {
  assert.deepEqual(processSource.options(z).parse({ command: 'npm start' }), {
    command: 'npm start',
    env: {},
    envFile: [],
    restart: 'on-failure',
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
    autostart: true,
    backoff: { initialMs: 500, maxMs: 30_000 },
    crashLoop: { exits: 5, withinMs: 60_000 },
    unbuffered: true,
    dependsOn: [],
    overlap: 'skip',
    catchUp: false,
  })
})

test('parts of back-off and crash loop can be set alone, and the environment takes numbers', () => {
  const options = { command: ['node', 'x y'], backoff: { maxMs: 1000 }, crashLoop: { exits: 2 }, env: { PORT: 8080 } }
  const parsed = processSource.options(z).parse(options)
  assert.deepEqual(parsed.backoff, { initialMs: 500, maxMs: 1000 })
  assert.deepEqual(parsed.crashLoop, { exits: 2, withinMs: 60_000 })
  assert.deepEqual(parsed.env, { PORT: '8080' })
})

test('what cannot be meant is refused', () => {
  const wrong = [{}, { command: ' ' }, { command: [] }, { command: [''] }, { command: 'x', stopSignal: 'TERM' }]
  const more = [
    { command: 'x', restart: 'yes' },
    { command: 'x', stopTimeoutMs: -1 },
    { command: 'x', comand: 'y' },
    { command: 'x', envFile: [''] },
    { command: 'x', ready: {} },
    { command: 'x', ready: { log: '(', port: 1 } },
    { command: 'x', ready: { log: '(' } },
    { command: 'x', dependsOn: { y: 'alive' } },
  ]
  for (const options of [...wrong, ...more]) assert.equal(processSource.options(z).safeParse(options).success, false)
})

test('a period is written as durations are everywhere', () => {
  const everyOf = (every: string): unknown => processSource.options(z).safeParse({ command: 'x', every }).data?.every
  const periods: [string, number | undefined][] = [
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    ['0.5s', undefined],
    ['1h30', undefined],
  ]
  for (const [text, everyMs] of periods) assert.equal(everyOf(text), everyMs, text)
})

test('every source has a type and a section of its own', () => {
  assert.equal(new Set(sourceTypes.map((source) => source.type)).size, sourceTypes.length)
  assert.equal(new Set(sourceTypes.map((source) => source.section)).size, sourceTypes.length)
})
