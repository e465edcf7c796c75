import assert from 'node:assert/strict'
import { appendFileSync, existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { RecordBatch } from '../contracts/batch.ts'
import { LogboomError } from '../contracts/errors.ts'
import { recordsOf } from '../query/read/records-of.ts'
import type { LogRecord } from '../contracts/record.ts'
import type { Store } from '../contracts/store.ts'
import { localStore } from '../stores/local/local-store.ts'
import { openMemoryStore } from '../stores/memory/memory-store.ts'
import { openPipeline, type Pipeline, type PipelineOptions } from './pipeline.ts'
import { stageChains } from '../shape/stage-chain.ts'

function scratch(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-pipeline-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return directory
}

function pipelineOn(store: Store, options: Partial<PipelineOptions> = {}) {
  const published: RecordBatch[] = []
  const pipeline = openPipeline({
    store,
    session: 's',
    openStages: stageChains([], { stages: {} }),
    publish: (batches) => published.push(...batches),
    warn: (message) => assert.fail(message),
    now: Date.now,
    room: () => Infinity,
    ...options,
  })
  return { pipeline, published }
}

async function stored(store: Store): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  for await (const page of store.search({ order: 'oldest' })) records.push(...recordsOf(page.batches, 'oldest'))
  return records
}

/** Steps until `promise` is settled. */
async function settle(pipeline: Pipeline, promise: Promise<unknown>): Promise<void> {
  let settled = false
  void promise.finally(() => (settled = true)).catch(() => undefined)
  while (!settled) {
    await pipeline.step()
    await new Promise(setImmediate)
  }
  await promise
}

/** What a process wrote into its capture file, read to its end, as records. */
async function recordsFrom(t: TestContext, bytes: Uint8Array | string): Promise<LogRecord[]> {
  const path = join(scratch(t), 'out')
  writeFileSync(path, bytes)
  const store = openMemoryStore(Date.now, 1e9)
  const { pipeline } = pipelineOn(store)
  const tail = pipeline.tail('job', { run: 1, pid: 5, stream: 'stdout', path, capture: true })
  await settle(pipeline, pipeline.finish(tail))
  assert.equal(existsSync(path), false)
  return stored(store)
}

const messagesOf = (records: LogRecord[]): string[] => records.map(({ message }) => message)

test('the last line is kept without its newline, an empty line is a line', async (t) => {
  const records = await recordsFrom(t, 'one\n\nlast words')
  assert.deepEqual(messagesOf(records), ['one', '', 'last words'])
  assert.deepEqual(
    records.map(({ seq }) => seq),
    [1, 2, 3],
  )
})

test('CRLF ends a line, a lone CR does not, and ANSI and NUL are kept', async (t) => {
  const records = await recordsFrom(t, 'dos\r\nhalf\rway\n\u001b[31mred\u001b[0m\nnul\u0000nul\n')
  assert.deepEqual(messagesOf(records), ['dos', 'half\rway', '\u001b[31mred\u001b[0m', 'nul\u0000nul'])
})

test('invalid UTF-8 can be had back byte by byte', async (t) => {
  const bad = Buffer.from([0x61, 0xff, 0xfe, 0x62])
  const records = await recordsFrom(t, Buffer.concat([Buffer.from('good é\n'), bad, Buffer.from('\ngood again\n')]))
  assert.deepEqual(messagesOf(records), ['good é', 'a\ufffd\ufffdb', 'good again'])
  assert.deepEqual(
    records.map(({ fields }) => fields),
    [undefined, { 'logboom.bytes': bad.toString('base64') }, undefined],
  )
})

test('UTF-8 written in pieces is never seen in halves', async (t) => {
  const path = join(scratch(t), 'out')
  writeFileSync(path, '')
  const store = openMemoryStore(Date.now)
  const { pipeline } = pipelineOn(store)
  const tail = pipeline.tail('job', { run: 1, pid: 5, stream: 'stdout', path, capture: true })
  for (const byte of Buffer.from('😀 é\n'.repeat(20))) {
    appendFileSync(path, Uint8Array.of(byte))
    await pipeline.step()
  }
  await settle(pipeline, pipeline.finish(tail))
  assert.deepEqual(
    messagesOf(await stored(store)),
    Array.from({ length: 20 }, () => '😀 é'),
  )
})

test('a line of 100 MB comes in marked parts of at most 1 MiB, and all of it', async (t) => {
  const length = 100_000_000
  const line = Buffer.alloc(length, 'abcdefghij')
  const records = await recordsFrom(t, Buffer.concat([Buffer.from('before\n'), line, Buffer.from('\nafter\n')]))
  assert.equal(records[0]!.message, 'before')
  assert.equal(records.at(-1)!.message, 'after')
  const parts = records.slice(1, -1)
  assert.equal(
    parts.reduce((sum, { message }) => sum + message.length, 0),
    length,
  )
  parts.forEach(({ message, fields }, i) => {
    assert.ok(message.length <= 1024 * 1024)
    assert.equal(fields?.['logboom.fragment'], i + 1)
    assert.equal(fields?.['logboom.lastFragment'], i === parts.length - 1 ? true : undefined)
  })
})

test('a process that truncates its own standard error costs a gap record, and what follows is there', async (t) => {
  const path = join(scratch(t), 'err')
  writeFileSync(path, 'first\nsecond\n')
  const store = openMemoryStore(Date.now)
  const { pipeline } = pipelineOn(store)
  const tail = pipeline.tail('job', { run: 1, pid: 5, stream: 'stderr', path, capture: true })
  await settle(pipeline, pipeline.drain(tail))
  truncateSync(path)
  appendFileSync(path, 'after\n')
  await settle(pipeline, pipeline.finish(tail))
  const records = await stored(store)
  assert.deepEqual(
    records.map(({ kind }) => kind),
    ['system', 'system', 'gap', 'system'],
  )
  assert.deepEqual(
    messagesOf(records).filter((_, i) => i !== 2),
    ['first', 'second', 'after'],
  )
  assert.equal(records[2]!.fields?.bytes, 'unknown')
})

test('a pipeline that dies anywhere is followed by one that goes on, each line once and in order', async (t) => {
  const directory = scratch(t)
  const path = join(directory, 'out')
  writeFileSync(path, '')
  const options = {
    directory: join(directory, 'store'),
    now: Date.now,
    warn: (message: string) => assert.fail(message),
  }
  let written = 0
  for (let life = 0; life < 15; life++) {
    const store = await localStore.open(options)
    const { pipeline } = pipelineOn(store)
    pipeline.tail('job', { run: 1, pid: 5, stream: 'stdout', path, capture: true })
    for (let steps = 0; steps < (life * 7) % 5; steps++) {
      const lines = Array.from({ length: 100 }, () => `line ${written++}\n`).join('')
      // Half a line lies there when the pipeline looks.
      appendFileSync(path, lines.slice(0, -5))
      await pipeline.step()
      appendFileSync(path, lines.slice(-5))
    }
    // No close: the store is left as a crash leaves it. Sealing must not run into the next life, so it is waited for.
    if (life % 4 === 3) await store.seal({ all: true })
  }
  const store = await localStore.open(options)
  const { pipeline } = pipelineOn(store)
  await settle(
    pipeline,
    pipeline.finish(pipeline.tail('job', { run: 1, pid: 5, stream: 'stdout', path, capture: true })),
  )
  const records = await stored(store)
  assert.ok(written > 1000)
  assert.deepEqual(
    messagesOf(records),
    Array.from({ length: written }, (_, n) => `line ${n}`),
  )
  assert.deepEqual(
    records.map(({ seq }) => seq),
    Array.from({ length: written }, (_, n) => n + 1),
  )
  await store.close()
})

test('while the disk is full reading goes on; what memory cannot hold is dropped and counted exactly', async (t) => {
  const path = join(scratch(t), 'out')
  writeFileSync(path, '')
  const memory = openMemoryStore(Date.now, 1e9)
  let full = false
  const store: Store = {
    ...memory,
    commit: (batches, cursors) =>
      full ? Promise.reject(new LogboomError('disk-full', 'The disk is full')) : memory.commit(batches, cursors),
  }
  let time = 0
  const told: string[] = []
  const { pipeline } = pipelineOn(store, { elapsed: () => time, warn: (message) => told.push(message) })
  const tail = pipeline.tail('job', { run: 1, pid: 5, stream: 'stdout', path, capture: true })
  let written = 0
  const write = (lines: number): void =>
    appendFileSync(path, Array.from({ length: lines }, () => `${String(written++).padStart(99, '0')}\n`).join(''))
  write(1000)
  await pipeline.step()
  full = true
  for (let i = 0; i < 300; i++) {
    write(1000)
    time += 100
    await pipeline.step()
  }
  assert.equal(pipeline.trouble().length, 1)
  const { offset, size } = pipeline.look(tail)
  assert.equal(size - offset, 0)
  full = false
  time += 1000
  await settle(pipeline, pipeline.finish(tail))
  const records = await stored(store)
  assert.deepEqual(
    records.map(({ seq }) => seq),
    records.map(({ seq }) => seq).toSorted((a, b) => a - b),
  )
  const gaps = records.filter(({ kind }) => kind === 'gap')
  assert.deepEqual(
    gaps.map(({ fields }) => [fields!.fromSeq, fields!.toSeq]),
    [[1001, 1000 + missing(gaps)]],
  )
  const lines = records.filter(({ kind }) => kind === 'system').map(({ message }) => Number(message))
  assert.ok(missing(gaps) > 0)
  assert.equal(lines.length + missing(gaps), written)
  assert.deepEqual(
    lines,
    lines.toSorted((a, b) => a - b),
  )
  assert.equal(new Set(lines).size, lines.length)
  assert.equal(pipeline.trouble().length, 1, 'over before it has stayed away')
  time += 10_000
  await pipeline.step()
  assert.equal(pipeline.trouble().length, 0)
  assert.equal(told.length, 3, told.join('\n'))
  assert.match(told[2]!, /is written again after 31s; \d+ lines were lost/)
})

const missing = (gaps: LogRecord[]): number => gaps.reduce((sum, { fields }) => sum + (fields!.lines as number), 0)

test('a full disk is not tried while there is hardly any room, which belongs to the processes', async () => {
  const memory = openMemoryStore(Date.now)
  let tries = 0
  let room = 0
  const store: Store = {
    ...memory,
    commit(batches, cursors) {
      tries++
      return room === 0 ? Promise.reject(new LogboomError('disk-full', 'Full')) : memory.commit(batches, cursors)
    },
  }
  let time = 0
  const { pipeline } = pipelineOn(store, { elapsed: () => time, warn: () => undefined, room: () => room })
  const pushed = pipeline.push({ source: 'a', run: 1, session: 's', pid: 0 }, [{ message: 'held', severity: 9 }])
  for (; time < 5000; time += 100) await pipeline.step()
  assert.equal(tries, 1)
  room = 4 * 1024 * 1024
  await settle(pipeline, pushed)
  assert.deepEqual(messagesOf(await stored(store)), ['held'])
})

test('what waited is told as waiting no more before it is published', async () => {
  const memory = openMemoryStore(Date.now)
  let isFull = true
  const store: Store = {
    ...memory,
    commit: (...words) => (isFull ? Promise.reject(new LogboomError('disk-full', 'Full')) : memory.commit(...words)),
  }
  const news: string[] = []
  let time = 0
  const { pipeline } = pipelineOn(store, {
    elapsed: () => time,
    warn: () => undefined,
    publish: (batches) => news.push(`published ${batches.reduce((sum, { count }) => sum + count, 0)}`),
    unkept: ({ first, added }) => news.push(`from ${first} on, ${added.length} more`),
  })
  const origin = { source: 'a', run: 1, session: 's', pid: 0 }
  const pushes = [pipeline.push(origin, [{ message: 'one', severity: 9 }])]
  await pipeline.step()
  isFull = false
  time = 1000
  pushes.push(pipeline.push(origin, [{ message: 'two', severity: 9 }]))
  await settle(pipeline, Promise.all(pushes))
  assert.deepEqual(news, ['from 1 on, 1 more', 'from 1 on, 1 more', 'from 3 on, 0 more', 'published 2'])
})

test('what is pushed once is committed once, also by the next hub', async (t) => {
  const directory = scratch(t)
  const open = (): Promise<Store> =>
    localStore.open({ directory, now: Date.now, warn: (message) => assert.fail(message) })
  const origin = { source: 'job', run: 1, session: 's', pid: 5 }
  const push = async (store: Store, message: string, once?: string): Promise<void> => {
    const { pipeline } = pipelineOn(store)
    await settle(pipeline, pipeline.push(origin, [{ message, severity: 9 }], once))
  }
  const first = await open()
  await push(first, 'exit of 1', 'exit/1')
  await push(first, 'exit of 1', 'exit/1')
  await push(first, 'more')
  await first.close()
  const second = await open()
  t.after(() => second.close())
  await push(second, 'exit of 1', 'exit/1')
  await push(second, 'exit of 2', 'exit/2')
  assert.deepEqual(messagesOf(await stored(second)), ['exit of 1', 'more', 'exit of 2'])
})

test('a step in which nothing comes writes nothing', async (t) => {
  const path = join(scratch(t), 'out')
  writeFileSync(path, 'one\n')
  const store = openMemoryStore(Date.now, 1e9)
  let commits = 0
  const counting: Store = {
    ...store,
    commit(...what) {
      commits++
      return store.commit(...what)
    },
  }
  const { pipeline } = pipelineOn(counting)
  pipeline.tail('job', { run: 1, pid: 5, stream: 'stdout', path, capture: true })
  for (let step = 0; step < 10; step++) await pipeline.step()
  assert.equal(commits, 1)
})
