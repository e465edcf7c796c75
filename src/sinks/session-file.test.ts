import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Sink } from '../contracts/sink.ts'
import { batchOf, linesOf, numbered, scratch, sinkContext } from './sink-test-batch.ts'
import { sessionFile } from './session-file.ts'

function openSession(state: string, options: object = {}, saved?: unknown): Sink {
  const context = { ...sinkContext(state, saved), serviceNames: { gpt_service: 'AI Assistant' } }
  return sessionFile.open(sessionFile.options(z).parse({ utc: true, ...options }), context)
}

const file = (state: string, session = 'logboom-session-1'): string => path.join(state, 'sessions', `${session}.log`)
const messages = (lines: string[]): string[] => lines.map((line) => line.slice(line.indexOf('line ')))
const named = (from: number, to: number): string[] => numbered(from, to).map(({ message }) => message as string)

test('lines of all sources read as C5 says', (t) => {
  const state = scratch(t)
  const sink = openSession(state)
  const time = Date.UTC(2025, 5, 8, 14, 25, 30, 7)
  sink.write([
    batchOf({ source: 'voice_loop' }, [{ id: 1, message: 'hello', time }]),
    batchOf({ source: 'hub' }, [
      { id: 2, message: 'thinking', time, severity: 14, extras: { logger: 'gpt_service.openai', fields: { ms: 5 } } },
      { id: 3, message: '3 lines missing', time, severity: 21, kind: 'gap' },
    ]),
  ])
  sink.close()
  assert.deepEqual(linesOf(file(state)), [
    '[2025-06-08T14:25:30.007+00:00] INFO     Voice Loop           hello',
    '[2025-06-08T14:25:30.007+00:00] WARNING  AI Assistant         thinking ms=5',
    '[2025-06-08T14:25:30.007+00:00] CRITICAL Hub                  [gap] 3 lines missing',
  ])
})

test('lines wait for the interval, and no longer', async (t) => {
  const state = scratch(t)
  const sink = openSession(state, { flushIntervalMs: 100 })
  t.after(() => sink.close())
  sink.write([batchOf({}, numbered(1, 3))])
  assert.equal(existsSync(file(state)), false)
  sink.save()
  assert.equal(sink.position(), 0)
  const deadline = Date.now() + 10_000
  while (!existsSync(file(state)) && Date.now() < deadline) await delay(5)
  assert.deepEqual(messages(linesOf(file(state))), named(1, 3))
  sink.save()
  assert.equal(sink.position(), 3)
})

test('a burst larger than the queue is written whole, in time', (t) => {
  const state = scratch(t)
  const sink = openSession(state, { queueBytes: 10_000 })
  sink.write([batchOf({}, numbered(1, 5000))])
  const waiting = 5000 - linesOf(file(state)).length
  assert.ok(waiting > 0 && waiting < 10_000 / 60, `${waiting} are waiting`)
  // What is half in the file and half in the queue has no position, so that a save writes the rest.
  sink.save()
  assert.equal(sink.position(), 5000)
  assert.deepEqual(messages(linesOf(file(state))), named(1, 5000))
  sink.close()
})

test('each record is in the file of the session that captured it', (t) => {
  const state = scratch(t)
  const sink = openSession(state)
  sink.write([
    batchOf({ session: 'one' }, numbered(1, 3)),
    batchOf({ session: 'two' }, numbered(4, 6)),
    batchOf({ session: 'one' }, numbered(7, 8)),
  ])
  sink.close()
  assert.deepEqual(messages(linesOf(file(state, 'one'))), [...named(1, 3), ...named(7, 8)])
  assert.deepEqual(messages(linesOf(file(state, 'two'))), named(4, 6))
})

test('what is read back from the store by source is in order all the same', (t) => {
  const state = scratch(t)
  const sink = openSession(state)
  const every = (step: number, first: number): { id: number; message: string }[] =>
    Array.from({ length: 50 }, (_, i) => ({ id: first + i * step, message: `line ${first + i * step}` }))
  sink.write([
    batchOf({ source: 'a' }, every(3, 1)),
    batchOf({ source: 'b' }, every(3, 2)),
    batchOf({ source: 'c' }, every(3, 3)),
  ])
  sink.close()
  assert.deepEqual(messages(linesOf(file(state))), named(1, 150))
})

test('what a stopping hub wrote after its last save is there once after the next start', (t) => {
  const state = scratch(t)
  const first = openSession(state)
  first.write([batchOf({}, numbered(1, 3))])
  const saved = first.save()
  first.write([batchOf({}, numbered(4, 5))])
  first.close()
  assert.deepEqual(messages(linesOf(file(state))), named(1, 5))
  const next = openSession(state, {}, saved)
  next.write([batchOf({}, numbered(next.position() + 1, 5)), batchOf({ session: 'next' }, numbered(6, 7))])
  next.close()
  assert.deepEqual(messages(linesOf(file(state))), named(1, 5))
  assert.deepEqual(messages(linesOf(file(state, 'next'))), named(6, 7))
  assert.deepEqual(readdirSync(path.join(state, 'sessions')).sort(), ['logboom-session-1.log', 'next.log'])
})

test('session files rotate by size', (t) => {
  const state = scratch(t)
  const sink = openSession(state, { rotateBytes: 4096 })
  sink.write([batchOf({}, numbered(1, 200))])
  sink.close()
  const files = readdirSync(path.join(state, 'sessions')).sort()
  assert.ok(files.length > 2 && files.at(-1) === 'logboom-session-1.log')
  assert.deepEqual(messages(files.flatMap((name) => linesOf(state, 'sessions', name))), named(1, 200))
})
