import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import type { Sink } from '../contracts/sink.ts'
import { logFile } from './log-file.ts'
import { batchOf, linesOf, numbered, scratch, sinkContext, type TestContextOfSink } from './sink-test-batch.ts'

interface Opened {
  sink: Sink
  logs: string
  context: TestContextOfSink
}

function openSink(t: TestContext, state: string, options: object = {}, saved?: unknown): Opened {
  const context = sinkContext(state, saved)
  const sink = logFile.open(logFile.options(z).parse(options), context)
  t.after(() => sink.close())
  return { sink, context, logs: path.join(state, 'logs') }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'it took too long')
    await delay(5)
  }
}

const messages = (lines: string[]): string[] => lines.map((line) => line.slice(line.indexOf('line ')))
const named = (from: number, to: number): string[] => numbered(from, to).map(({ message }) => message as string)

test('ANSI codes and fields can be had as one likes', (t) => {
  const { sink, logs } = openSink(t, scratch(t), { ansi: 'keep', fields: false })
  sink.write([batchOf({}, [{ id: 1, message: '\u001b[31mred', extras: { fields: { a: 1 } } }])])
  assert.match(linesOf(logs, 'api.log')[0]!, /\[INFO\] \u001b\[31mred$/)
})

test('each source has its own file, whatever its name', (t) => {
  const { sink, logs } = openSink(t, scratch(t))
  sink.write(
    ['../evil', 'a/b', '.hidden', 'api.previous', 'api.7', 'Größe'].map((source, i) =>
      batchOf({ source }, numbered(i, i)),
    ),
  )
  assert.deepEqual(readdirSync(logs).sort(), [
    '%2E.%2Fevil.log',
    '%2Ehidden.log',
    'Gr%C3%B6%C3%9Fe.log',
    'a%2Fb.log',
    'api%2E7.log',
    'api%2Eprevious.log',
  ])
})

test('a new run begins a new file and keeps the one before; the same run goes on', (t) => {
  const state = scratch(t)
  const first = openSink(t, state)
  first.sink.write([batchOf({ run: 1 }, numbered(1, 3))])
  const saved = first.sink.save()
  first.sink.close()
  const { sink, logs } = openSink(t, state, {}, saved)
  sink.write([batchOf({ run: 1 }, numbered(4, 5))])
  assert.deepEqual(messages(linesOf(logs, 'api.log')), named(1, 5))
  sink.write([batchOf({ run: 2 }, numbered(6, 7)), batchOf({ run: 3 }, numbered(8, 9))])
  // A grandchild of an earlier run may still have something to say.
  sink.write([batchOf({ run: 2 }, numbered(10, 10))])
  assert.deepEqual(messages(linesOf(logs, 'api.previous.log')), named(6, 7))
  assert.deepEqual(messages(linesOf(logs, 'api.log')), named(8, 10))
  assert.deepEqual(readdirSync(logs).sort(), ['api.log', 'api.previous.log'])
})

test('with append a new run goes on in the same file', (t) => {
  const { sink, logs } = openSink(t, scratch(t), { append: true })
  sink.write([batchOf({ run: 1 }, numbered(1, 2)), batchOf({ run: 2 }, numbered(3, 4))])
  assert.deepEqual(messages(linesOf(logs, 'api.log')), named(1, 4))
  assert.deepEqual(readdirSync(logs), ['api.log'])
})

test('without a memory of its own a sink takes what is there for the run before', (t) => {
  const state = scratch(t)
  mkdirSync(path.join(state, 'logs'))
  writeFileSync(path.join(state, 'logs', 'api.log'), 'what was there\n')
  const { sink, logs } = openSink(t, state)
  sink.write([batchOf({ run: 4 }, numbered(1, 1))])
  assert.deepEqual(linesOf(logs, 'api.previous.log'), ['what was there'])
  assert.deepEqual(messages(linesOf(logs, 'api.log')), named(1, 1))
})

test('files rotate between entries, and the oldest go', async (t) => {
  const { sink, logs } = openSink(t, scratch(t), { rotateBytes: 1024, keep: 3 })
  for (let id = 1; id <= 200; id += 7) {
    sink.write([batchOf({}, numbered(id, Math.min(id + 6, 200)))])
    sink.save()
  }
  sink.save()
  await until(() => readdirSync(logs).length === 4)
  const files = readdirSync(logs).filter((file) => file !== 'api.log')
  files.sort((a, b) => Number(a.split('.')[1]) - Number(b.split('.')[1]))
  const kept = [...files, 'api.log'].flatMap((file) => {
    assert.ok(readFileSync(path.join(logs, file)).length <= 1024)
    return messages(linesOf(logs, file))
  })
  assert.deepEqual(kept, named(201 - kept.length, 200))
  assert.ok(kept.length > 60)
})

test('an entry larger than a file may be has a file to itself', (t) => {
  const { sink, logs } = openSink(t, scratch(t), { rotateBytes: 1024 })
  sink.write([
    batchOf({}, [
      { id: 1, message: 'small' },
      { id: 2, message: 'x'.repeat(3_000_000) },
      { id: 3, message: 'end' },
    ]),
  ])
  assert.deepEqual(readdirSync(logs).sort(), ['api.1.log', 'api.2.log', 'api.log'])
  assert.equal(linesOf(logs, 'api.2.log')[0]!.length, 3_000_000 + '2025-10-19 05:55:47.606 [4157] [INFO] '.length)
})

for (const compress of [false, 'gzip'] as const) {
  test(`rotated files go to the archive, compress: ${compress}`, async (t) => {
    const state = scratch(t)
    const { sink, logs, context } = openSink(t, state, {
      rotateBytes: 1024,
      keep: 100,
      compress,
      archiveDirectory: 'old',
    })
    sink.write([batchOf({}, numbered(1, 100))])
    sink.save()
    assert.equal(existsSync(path.join(logs, 'old')), false, 'what the last save may still need must stay')
    sink.save()
    const old = path.join(logs, 'old')
    await until(() => readdirSync(logs).length === 2 && !readdirSync(old).some((file) => file.endsWith('.tmp')))
    const archived = readdirSync(old).sort((a, b) => Number(a.split('.')[1]) - Number(b.split('.')[1]))
    assert.ok(archived.length > 3)
    const text = archived.map((file) => {
      assert.equal(file.endsWith('.gz'), compress === 'gzip')
      const bytes = readFileSync(path.join(old, file))
      return (compress ? gunzipSync(bytes) : bytes).toString()
    })
    text.push(readFileSync(path.join(logs, 'api.log'), 'utf8'))
    assert.deepEqual(messages(text.join('').split('\n').slice(0, -1)), named(1, 100))
    assert.deepEqual(context.warnings, [])
  })
}

test('files of runs before the previous one go', async (t) => {
  const { sink, logs } = openSink(t, scratch(t), { rotateBytes: 1024, keep: 100 })
  for (let run = 1; run <= 3; run++) sink.write([batchOf({ run }, numbered(run * 100, run * 100 + 60))])
  sink.save()
  sink.save()
  const all = (): string[] => readdirSync(logs).flatMap((file) => messages(linesOf(logs, file)))
  await until(() => all().length === 122)
  assert.deepEqual(all().sort(), [...named(200, 260), ...named(300, 360)])
})

test('a file that somebody removes or empties is gone on with', (t) => {
  const { sink, logs } = openSink(t, scratch(t))
  sink.write([batchOf({}, numbered(1, 2))])
  writeFileSync(path.join(logs, 'api.log'), '')
  sink.write([batchOf({}, numbered(3, 4))])
  sink.save()
  assert.deepEqual(messages(linesOf(logs, 'api.log')), named(3, 4))
  rmSync(logs, { recursive: true })
  sink.save()
  sink.write([batchOf({}, numbered(5, 6))])
  assert.deepEqual(messages(linesOf(logs, 'api.log')), named(5, 6))
})

test('a file shorter than remembered is gone on with, and it is said', (t) => {
  const state = scratch(t)
  const first = openSink(t, state)
  first.sink.write([batchOf({}, numbered(1, 3))])
  const saved = first.sink.save()
  writeFileSync(path.join(first.logs, 'api.log'), 'line 0\n')
  const { sink, logs, context } = openSink(t, state, {}, saved)
  sink.write([batchOf({}, numbered(4, 4))])
  assert.deepEqual(messages(linesOf(logs, 'api.log')), named(0, 0).concat(named(4, 4)))
  assert.match(context.warnings.join(), /api\.log is shorter than it was \(7 of \d+ bytes\)/)
})
