// Bodies of records in the pipeline: what is answered is committed, what is refused is not, and nothing comes twice.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { RecordBatch } from '../contracts/batch.ts'
import { LogboomError } from '../contracts/errors.ts'
import { recordsOf } from '../query/read/records-of.ts'
import type { LogRecord } from '../contracts/record.ts'
import { guessLevel } from '../stages/guess-level.ts'
import type { Store } from '../contracts/store.ts'
import { localStore } from '../stores/local/local-store.ts'
import { openPipeline, type Pipeline } from './pipeline.ts'
import type { IngestAnswer, IngestRequest } from '../contracts/storage.ts'
import { stageChains } from '../shape/stage-chain.ts'

const request: IngestRequest = { form: 'ndjson', source: 'shop', named: false, taken: [] }

interface Place {
  store: Store
  pipeline: Pipeline
  published: RecordBatch[]
  /** How often something was committed. */
  commits(): number
  /** Adds a body; resolves with the answer. */
  ingest(body: string, more?: Partial<IngestRequest>): Promise<IngestAnswer>
  stored(): Promise<LogRecord[]>
}

async function place(t: TestContext, directory = scratch(t), broken: { error?: Error } = {}): Promise<Place> {
  const opened = await localStore.open({ directory, now: Date.now, warn: (message) => assert.fail(message) })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= opened.close())
  t.after(close)
  let commits = 0
  const store: Store = {
    ...opened,
    close,
    async commit(batches, cursors) {
      if (broken.error) throw broken.error
      await opened.commit(batches, cursors)
      commits++
    },
  }
  const published: RecordBatch[] = []
  const pipeline = openPipeline({
    store,
    session: 's',
    openStages: stageChains([guessLevel], { stages: { guessLevel: {} } }),
    publish: (batches) => published.push(...batches),
    warn: () => undefined,
    now: Date.now,
    room: () => Infinity,
  })
  return {
    store,
    pipeline,
    published,
    commits: () => commits,
    ingest: (body, more) => pipeline.ingest({ ...request, ...more }, new Uint8Array(Buffer.from(body))),
    async stored() {
      const records: LogRecord[] = []
      for await (const page of store.search({ order: 'oldest' })) records.push(...recordsOf(page.batches, 'oldest'))
      return records
    },
  }
}

function scratch(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-ingest-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return directory
}

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `{"level":"info","msg":"n=${from + i}","n":${from + i}}\n`).join('')

test('several bodies are one commit, numbered in their order, and what has no level gets one', async (t) => {
  const { ingest, pipeline, stored, store, commits } = await place(t)
  const answers = [ingest(lines(0, 3)), ingest('{"msg":"ERROR: no level"}\nbad line'), ingest(lines(3, 5))]
  await pipeline.step()
  assert.deepEqual(await Promise.all(answers), [
    { accepted: 3, malformed: 0, head: 7 },
    { accepted: 2, malformed: 1, head: 7 },
    { accepted: 2, malformed: 0, head: 7 },
  ])
  assert.equal(commits(), 1)
  const records = await stored()
  assert.deepEqual(
    records.map(({ id, seq, message, severity, source, run, stream }) =>
      [id, seq, message, severity, source, run, stream].join(' '),
    ),
    ['n=0 9', 'n=1 9', 'n=2 9', 'ERROR: no level 17', 'bad line 9', 'n=3 9', 'n=4 9'].map(
      (text, i) => `${i + 1} ${i + 1} ${text} shop 1 log`,
    ),
  )
  assert.deepEqual(records[6]!.fields, { n: 4 })
  assert.equal(store.sequence('shop', 1), 7)
})

test('a source goes on with its sequence in the next life of the hub', async (t) => {
  const directory = scratch(t)
  const first = await place(t, directory)
  const answer = first.ingest(lines(0, 2))
  await first.pipeline.step()
  await answer
  await first.store.close()
  const { ingest, pipeline, stored } = await place(t, directory)
  void ingest(lines(2, 4))
  await pipeline.step()
  assert.deepEqual(
    (await stored()).map(({ seq, message }) => [seq, message]),
    [0, 1, 2, 3].map((n) => [n + 1, `n=${n}`]),
  )
})

test('a body that is not JSON is refused alone', async (t) => {
  const { ingest, pipeline, stored } = await place(t)
  const [good, wrong] = [
    ingest('[{"msg":"a"},{"msg":"b"}]', { form: 'json' }),
    ingest('[{"msg":"c"}', { form: 'json' }),
  ]
  void pipeline.step()
  await assert.rejects(wrong, { code: 'request-invalid' })
  assert.equal((await good).accepted, 2)
  assert.equal((await stored()).length, 2)
})

test('records of several sources are batches of their own, each with its sequence', async (t) => {
  const { ingest, pipeline, stored } = await place(t)
  const body = [
    '{"source":"a","msg":"1"}',
    '{"source":"web","msg":"2"}',
    '{"service":"a","msg":"3"}',
    '{"source":"logboom","msg":"4"}',
  ]
  void ingest(body.join('\n'), { named: true, taken: ['web'] })
  await pipeline.step()
  const found = (await stored()).map(({ source, seq, message, fields }) => [source, seq, message, fields?.['source']])
  assert.deepEqual(
    found.toSorted((a, b) => String(a[2]).localeCompare(String(b[2]))),
    [
      ['a', 1, '1', undefined],
      ['shop', 1, '2', 'web'],
      ['a', 2, '3', undefined],
      ['shop', 2, '4', 'logboom'],
    ],
  )
})

test('what the store refuses is told, leaves no hole in the sequence, and may come again', async (t) => {
  const broken: { error?: Error } = { error: new LogboomError('disk-full', 'The disk is full') }
  const { ingest, pipeline, stored } = await place(t, undefined, broken)
  const refused = ingest(lines(0, 2), { batch: 'one' })
  void pipeline.step()
  await assert.rejects(refused, { code: 'disk-full' })
  // Something that waits in memory goes first.
  const pushed = pipeline.push({ source: 'shop', run: 1, session: 's', pid: 0 }, [{ message: 'pushed', severity: 9 }])
  await pipeline.step()
  assert.ok(pipeline.waiting())
  const behind = ingest(lines(0, 2))
  void pipeline.step()
  await assert.rejects(behind, { code: 'disk-full' })
  delete broken.error
  while (pipeline.waiting()) await pipeline.step()
  await pushed
  const again = ingest(lines(0, 2), { batch: 'one' })
  await pipeline.step()
  assert.equal((await again).repeated, undefined)
  assert.deepEqual(
    (await stored()).map(({ seq, message }) => [seq, message]),
    [
      [1, 'pushed'],
      [2, 'n=0'],
      [3, 'n=1'],
    ],
  )
})

test('a body that comes again under its name is committed once, also at once and after a restart', async (t) => {
  const directory = scratch(t)
  const first = await place(t, directory)
  const twice = [first.ingest(lines(0, 2), { batch: 'b-1' }), first.ingest(lines(0, 2), { batch: 'b-1' })]
  await first.pipeline.step()
  assert.deepEqual(await Promise.all(twice), [
    { accepted: 2, malformed: 0, head: 2 },
    { accepted: 2, malformed: 0, head: 2, repeated: true },
  ])
  await first.store.close()
  const { ingest, pipeline, stored } = await place(t, directory)
  const again = ingest(lines(0, 2), { batch: 'b-1' })
  const other = ingest(lines(2, 3), { batch: 'b-2' })
  await pipeline.step()
  assert.deepEqual([(await again).repeated, (await other).repeated], [true, undefined])
  assert.deepEqual(
    (await stored()).map(({ message }) => message),
    ['n=0', 'n=1', 'n=2'],
  )
})

test('names of bodies are forgotten after a thousand', async (t) => {
  const { ingest, pipeline, store } = await place(t)
  const answers = Array.from({ length: 1001 }, (_, i) => ingest(`{"msg":"${i}"}`, { batch: `b-${i}` }))
  await pipeline.step()
  await Promise.all(answers)
  assert.equal([...store.cursors().keys()].filter((key) => key.startsWith('ingest/')).length, 1000)
  const [oldest, newest] = [ingest('{"msg":"0"}', { batch: 'b-0' }), ingest('{"msg":"1000"}', { batch: 'b-1000' })]
  await pipeline.step()
  assert.deepEqual([(await oldest).repeated, (await newest).repeated], [undefined, true])
})

test('bodies of any size pass, more of them in several commits', async (t) => {
  const { ingest, pipeline, stored } = await place(t)
  const text = (n: number): string => `{"msg":"${n}","text":"${'x'.repeat(900)}"}\n`.repeat(1500)
  const answers = [1, 2, 3].map((n) => ingest(text(n)))
  const small = ingest('{"a":1}\n'.repeat(20_000))
  let steps = 0
  while ((await pipeline.step()).more) steps++
  assert.ok(steps >= 2)
  assert.deepEqual(
    (await Promise.all([...answers, small])).map(({ accepted }) => accepted),
    [1500, 1500, 1500, 20_000],
  )
  const records = await stored()
  assert.equal(records.length, 24_500)
  assert.deepEqual(records.at(-1)!.fields, { a: 1 })
  assert.deepEqual(records[3000]!.fields, { text: 'x'.repeat(900) })
})
