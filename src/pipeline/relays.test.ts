// Records of other hosts: taken in once and in order, whatever is sent again, under the names and times of this hub.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import type { RecordBatch } from '../contracts/batch.ts'
import { LogboomError } from '../contracts/errors.ts'
import type { RelayPlace, RelayRequest } from '../contracts/hosts/relay.ts'
import type { LogRecord } from '../contracts/record.ts'
import type { Store } from '../contracts/store.ts'
import { batchOf } from '../query/batch-harness.ts'
import { recordsOf } from '../query/read/records-of.ts'
import { stageChains } from '../shape/stage-chain.ts'
import { openMemoryStore } from '../stores/memory/memory-store.ts'
import { encodeBatch, type BatchHeader } from '../wire/batch-codec.ts'
import { frameBytes, frameHeaderBytes, sealFrame } from '../wire/frame.ts'
import { openPipeline } from './pipeline.ts'

const base = 1_700_000_000_000

function open(now: () => number = () => base + 1000) {
  const memory = openMemoryStore(now, 1e9)
  const runs: Record<string, number> = {}
  const disk = { isFull: false }
  const store: Store = {
    ...memory,
    lastRuns: () => runs,
    commit: (...words) =>
      disk.isFull ? Promise.reject(new LogboomError('disk-full', 'The disk is full')) : memory.commit(...words),
  }
  const pipeline = openPipeline({
    store,
    session: 'hub-session',
    openStages: stageChains([], { stages: {} }),
    publish: () => undefined,
    warn: () => undefined,
    now,
    room: () => Infinity,
  })
  async function relay(given: Partial<RelayRequest>, frames: Uint8Array<ArrayBuffer>): Promise<RelayPlace> {
    const request = { agent: 'a', host: 'web-1', through: 1, skewMs: 0, ...given }
    const answer = pipeline.relay(request, frames)
    answer.catch(() => undefined)
    await pipeline.step()
    return await answer
  }
  async function records(): Promise<LogRecord[]> {
    const found: LogRecord[] = []
    for await (const { batches } of store.search({ order: 'oldest' })) found.push(...recordsOf(batches, 'oldest'))
    return found
  }
  return { disk, pipeline, relay, records, runs }
}

type Given = Parameters<typeof batchOf>[0]
/** `first`: id of the first. */
const framesFrom = (first: number, ...records: Given[number][]): Uint8Array<ArrayBuffer> =>
  zstdCompressSync(Buffer.concat(records.map((record, i) => encodeBatch(batchOf([{ ...record, id: first + i }])))))
const framesOf = (...records: Given[number][]): Uint8Array<ArrayBuffer> => framesFrom(1, ...records)
const line = (message: string, more: Partial<Given[number]> = {}): Given[number] => ({
  source: 'api',
  run: 1,
  message,
  time: base,
  observed: base,
  ...more,
})

test('records come in once: what is sent again is passed over, what is missing before is asked for', async () => {
  const { relay, records } = open()
  await assert.rejects(relay({ after: 5, through: 6 }, framesFrom(6, line('six'))), { code: 'relay-out-of-order' })
  assert.deepEqual(await relay({ through: 2 }, framesOf(line('one'), line('two'))), { through: 2, runs: { api: 0 } })
  assert.deepEqual(await relay({ through: 2 }, framesOf(line('one'), line('two'))), { through: 2, runs: {} })
  await assert.rejects(relay({ after: 5, through: 6 }, framesOf(line('six'))), { code: 'relay-out-of-order' })
  assert.deepEqual(await relay({ after: 1, through: 3 }, framesFrom(2, line('two'), line('three'))), {
    through: 3,
    runs: {},
  })
  assert.deepEqual(
    (await records()).map(({ source, session, message }) => `${source} ${session} ${message}`),
    ['one', 'two', 'three'].map((message) => `web-1/api hub-session ${message}`),
  )
})

test('what cannot be committed is refused, and taken when it comes again', async () => {
  const { disk, relay, records } = open()
  disk.isFull = true
  await assert.rejects(relay({ through: 1 }, framesOf(line('one'))), { code: 'disk-full' })
  disk.isFull = false
  await relay({ through: 1 }, framesOf(line('one')))
  assert.equal((await records()).length, 1)
})

test('runs of an agent that is new under a name are behind those of the one before it', async () => {
  const { relay, records, runs } = open()
  await relay({ agent: 'a', through: 1 }, framesOf(line('old', { run: 3 })))
  runs['web-1/api'] = 3
  assert.deepEqual((await relay({ agent: 'b', through: 1 }, framesOf(line('new')))).runs, { api: 3 })
  await relay({ agent: 'b', after: 1, through: 2 }, framesFrom(2, line('newer', { run: 2 })))
  assert.deepEqual(
    (await records()).map(({ run, message }) => `${run} ${message}`),
    ['3 old', '4 new', '5 newer'],
  )
})

test('times of a wrong clock are set right, but not those that a line says itself', async () => {
  const { relay, records } = open()
  const dayMs = 86_400_000
  const off = { observed: base - dayMs, time: base - dayMs }
  await relay({ through: 2, skewMs: dayMs }, framesOf(line('silent', off), line('says', { ...off, time: 77 })))
  await relay(
    { after: 2, through: 3, skewMs: 2 * dayMs },
    framesFrom(3, line('future', { observed: base, time: base })),
  )
  assert.deepEqual(
    (await records()).map(({ time, observed }) => [time, observed]),
    [
      [base, base],
      [77, base],
      [base + 1000, base + 1000],
    ],
  )
})

/** A frame whose header says something else. */
function forged(batch: RecordBatch, forge: (header: BatchHeader) => void): Uint8Array {
  const payload = encodeBatch(batch).subarray(frameHeaderBytes)
  const length = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true)
  const header = JSON.parse(Buffer.from(payload.subarray(4, 4 + length)).toString()) as BatchHeader
  forge(header)
  const json = Buffer.from(JSON.stringify(header))
  const columns = (4 + length + 7) & ~7
  const frame = Buffer.alloc(frameBytes(((4 + json.length + 7) & ~7) + payload.length - columns))
  frame.writeUInt32LE(json.length, frameHeaderBytes)
  frame.set(json, frameHeaderBytes + 4)
  frame.set(payload.subarray(columns), frameHeaderBytes + ((4 + json.length + 7) & ~7))
  sealFrame(frame, frame.length - frameHeaderBytes)
  return frame
}

test('frames made to bring a hub down are refused before they take memory', async () => {
  const { relay, records } = open()
  const one = batchOf([line('one')])
  const empty = batchOf([line('')])
  const shared = batchOf(Array.from({ length: 100 }, () => line('')))
  const text = Buffer.alloc(10_000, 'x')
  const million = forged(empty, (header) => (header.count = 1_000_000))
  const hostile = {
    'more rows than memory': forged(empty, (header) => (header.count = 1 << 26)),
    'many rows in many frames': Buffer.concat(Array.from({ length: 3 }, () => million)),
    'rows that share their text': encodeBatch({ ...shared, text, end: shared.end.fill(text.length) }),
    'a time that is no date': encodeBatch(batchOf([line('one', { time: 9e15 })])),
    'a capture that is no date': encodeBatch(batchOf([line('one', { observed: -9e15 })])),
    'a process of no number': encodeBatch({ ...one, pid: 1.5 }),
    'a process that is text': forged(one, (header) => (header.pid = 'x' as unknown as number)),
    'an id that is none': encodeBatch({ ...one, id: Float64Array.of(0.5) }),
  }
  for (const [name, frames] of Object.entries(hostile))
    await assert.rejects(relay({ through: 1 }, zstdCompressSync(frames)), { code: 'relay-damaged' }, name)
  assert.equal((await records()).length, 0)
  await relay({ through: 1 }, zstdCompressSync(forged(one, () => undefined)))
  assert.equal((await records()).length, 1)
})

test('texts may lie in any order', async () => {
  const { relay, records } = open()
  const two = batchOf([line('one'), line('two')])
  await relay(
    { through: 2 },
    zstdCompressSync(encodeBatch({ ...two, start: two.start.reverse(), end: two.end.reverse() })),
  )
  assert.deepEqual(
    (await records()).map(({ message }) => message),
    ['two', 'one'],
  )
})

test('a commit takes no more than some megabytes of what is unpacked', async () => {
  const { pipeline } = open()
  const answers = [1, 2, 3].map((id) =>
    pipeline.relay(
      { agent: 'a', host: 'web-1', through: id, skewMs: 0 },
      framesFrom(id, line('x'.repeat(5 * 1024 * 1024))),
    ),
  )
  assert.equal((await pipeline.step()).more, true)
  await answers[1]
  assert.equal(pipeline.relayPlace('a').through, 2)
  await pipeline.step()
  await answers[2]
})

test('what is no whole frame of records is refused, and nothing of it is kept', async () => {
  const { relay, records } = open()
  const frame = encodeBatch(batchOf([line('one')]))
  const flipped = new Uint8Array(frame)
  flipped[frame.length - 12]! ^= 1
  const nameless = encodeBatch({ ...batchOf([line('one')]), source: '../\u0000' })
  const placeless = encodeBatch({ ...batchOf([line('one')]), severity: Uint8Array.of(99) })
  const wrong = [flipped, frame.subarray(0, 40), Buffer.from('nonsense'), nameless, placeless]
  for (const bytes of wrong)
    await assert.rejects(relay({ through: 1 }, zstdCompressSync(bytes)), { code: 'relay-damaged' })
  await assert.rejects(relay({ through: 1 }, new Uint8Array(50)), { code: 'relay-damaged' })
  assert.equal((await records()).length, 0)
})
