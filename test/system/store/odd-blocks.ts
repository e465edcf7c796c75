// Blocks of all mixes (records with a logger, fields, or none; empty messages; one record alone), and blocks that are rubbish behind
// right checksums, which may cost records but never an answer.
import { replaceFile } from '../../../src/system/new-file.ts'
import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import type { Disk } from '../../../src/system/disk.ts'
import type { SearchRequest, Summary, SummaryRequest } from '../../../src/contracts/request.ts'
import type { RecordBatch } from '../../../src/contracts/batch.ts'
import type { LogRecord } from '../../../src/contracts/record.ts'
import { shapeEntries } from '../../../src/shape/shape-entries.ts'
import type { Store, StoreReader } from '../../../src/contracts/store.ts'
import { blockHeaderBytes, decodeBlockHeader, encodeBlockHeader } from '../../../src/stores/local/block/block-header.ts'
import { compress, decompress } from '../../../src/stores/local/block/sections.ts'
import { runHouseTask } from '../../../src/stores/local/keep/house-task.ts'
import { openLocalReader } from '../../../src/stores/local/read/local-reader.ts'
import { openLocalStore } from '../../../src/stores/local/open-local-store.ts'
import { frameBytes, frameHeaderBytes, framePayload, sealFrame } from '../../../src/wire/frame.ts'
import { seededRandom, type Random } from './seeded-random.ts'
import { openSimulatedDisk } from './simulated-disk.ts'

const directory = '/store'
const now = Date.parse('2026-11-22T12:00:00Z')

export const diskInMemory = (): Disk => {
  const disk = openSimulatedDisk(seededRandom(0)).boot(() => undefined)
  disk.mkdir(directory, { mode: 0o700 })
  return disk
}

const options = (disk: Disk) => ({ directory, now: () => now, warn: () => undefined, disk })

export const openOn = (disk: Disk): Promise<Store> =>
  openLocalStore(options(disk), {
    run: async (task) => runHouseTask(disk, task),
    close: () => Promise.resolve(),
  })

/** Records of one source, some with and some without each of what a record may have. */
export function mixOf(random: Random): LogRecord[] {
  const count = random.pick([1, 2, 3, 5, 8, 40])
  const share = (): number => random.pick([0, 0.1, 0.5, 0.9, 1])
  const [loggers, fields, traces, empty] = [share(), share(), random.pick([0, 0, 0.5]), random.pick([0, 0, 0.3, 1])]
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    time: now - random.between(0, 5_000_000),
    observed: now,
    source: 'web',
    run: 1,
    seq: index + 1,
    stream: random.pick(['stdout', 'stderr'] as const),
    kind: 'system' as const,
    severity: random.pick([5, 9, 9, 9, 17]),
    session: 'session-1',
    message: random.chance(empty) ? '' : `${random.pick(['took', 'GET', 'größe'])} ${random.between(0, 999)} ms`,
    ...(random.chance(loggers) ? { logger: random.pick(['http', 'say "x"', 'db']) } : {}),
    ...(random.chance(traces) ? { traceId: '0af7651916cd43dd8448eb211c80319c' } : {}),
    ...(random.chance(fields)
      ? { fields: { port: random.between(1, 3), user: random.pick(['ada', 'C:\\x', true, null, 4.5]), list: [1] } }
      : {}),
  }))
}

export function batchOf(records: readonly LogRecord[]): RecordBatch {
  const entries = records.map(({ message, time, stream, severity, logger, fields, traceId }) => {
    const extras = {
      ...(logger === undefined ? {} : { logger }),
      ...(fields ? { fields } : {}),
      ...(traceId === undefined ? {} : { traceId }),
    }
    return { message, time, stream, severity, ...(Object.keys(extras).length > 0 ? { extras } : {}) }
  })
  return shapeEntries(entries, { source: 'web', run: 1, session: 'session-1', pid: 1 }, now, 1)
}

export const questions: SummaryRequest[] = [
  { facets: ['logger', 'port', 'user', 'list', 'missing', 'level'], facetLimit: 5 },
  { histogram: { from: now - 6_000_000, to: now, bucketMs: 60_000 }, templates: 5 },
  { fields: true },
]
export const queries: readonly string[] = [
  '',
  'logger:http',
  'port:2',
  'took',
  'level:error',
  'user:ada OR größe',
  '-took',
  '/ms$/',
  'has:port',
]

export async function summaryOf(reader: StoreReader, request: SummaryRequest): Promise<Partial<Summary>> {
  let last: Partial<Summary> = {}
  for await (const summary of reader.summarize(request)) last = summary
  const { done: _done, through: _through, ...rest } = last
  return rest
}

/** Throws where a block that says something else behind right checksums keeps an answer from being given. */
export async function askForged(seed: number): Promise<void> {
  const random = seededRandom(seed, 1)
  const disk = diskInMemory()
  const store = await openOn(disk)
  for (const records of [mixOf(random), mixOf(random)]) await store.commit([batchOf(records)], new Map())
  await store.seal({ all: true })
  await store.close()
  const path = `${directory}/${disk.readdir(directory).find((name) => name.startsWith('day-'))}`
  const forged = forge(readAll(disk, path), random)
  replaceFile(path, forged, { disk })
  try {
    const again = await openOn(disk)
    for (const order of ['oldest', 'newest', 'latest', 'earliest'] as const)
      for (const query of queries) await ask(again, { order, query, limit: 10 })
    for (const question of questions) for (const query of queries) await summaryOf(again, { ...question, query })
    await again.close()
    await openLocalReader(options(disk)).info()
  } catch (cause) {
    throw new Error(`seed ${seed}: ${String(cause)}`, { cause })
  }
}

/** As records, which takes all that is in a batch. */
async function ask(store: Store, request: SearchRequest): Promise<void> {
  for await (const page of store.search(request)) assert.ok(page.batches.length >= 0)
}

function readAll(disk: Disk, path: string): Uint8Array {
  const bytes = new Uint8Array(disk.stat(path).size)
  const file = disk.open(path, 'r')
  disk.read(file, bytes, 0, bytes.length, 0)
  disk.close(file)
  return bytes
}

/** Changes one block's frame and makes its checksums right again. */
function forge(frame: Uint8Array, random: Random): Uint8Array {
  const payload = framePayload(frame)
  const header = decodeBlockHeader(payload)!
  const body = Uint8Array.from(payload.subarray(blockHeaderBytes(payload)))
  const how = random.pick(['header', 'directory', 'directory', 'directory', 'byte'])
  if (how === 'byte') {
    body[random.between(0, body.length - 1)]! ^= 1 << random.between(0, 7)
    return framed(encodeBlockHeader(header), body)
  }
  if (how === 'header') {
    const bytes = encodeBlockHeader(header)
    const json = changed(Buffer.from(bytes.subarray(8)).toString('utf8'), random)
    bytes.set(json, 8)
    new DataView(bytes.buffer).setUint32(4, crc32(json), true)
    return framed(bytes, body)
  }
  const at = header.gramsBytes + header.wordsBytes + header.countsBytes
  const directoryEnd = at + header.directoryBytes
  const text = Buffer.from(decompress(body.subarray(at, directoryEnd), header.directoryRawBytes)).toString('utf8')
  const json = changed(text, random)
  const packed = compress(json, 3)
  const changedHeader = { ...header, directoryBytes: packed.length, directoryRawBytes: json.length }
  return framed(
    encodeBlockHeader(changedHeader),
    Buffer.concat([body.subarray(0, at), packed, body.subarray(directoryEnd)]),
  )
}

/** Another digit, word or sign somewhere; mostly JSON still, and of the same length. */
function changed(json: string, random: Random): Uint8Array {
  const bytes = Buffer.from(json)
  for (let times = random.between(1, 3); times > 0; times--) {
    const digits = [...bytes.keys()].filter((at) => bytes[at]! >= 48 && bytes[at]! <= 57)
    if (random.chance(0.8) && digits.length > 0) bytes[random.pick(digits)] = 48 + random.between(0, 9)
    else bytes[random.between(0, bytes.length - 1)]! ^= 1 << random.between(0, 4)
  }
  return bytes
}

function framed(header: Uint8Array, body: Uint8Array): Uint8Array {
  const bytes = header.length + body.length
  const frame = new Uint8Array(frameBytes(bytes))
  frame.set(header, frameHeaderBytes)
  frame.set(body, frameHeaderBytes + header.length)
  sealFrame(frame, bytes)
  return frame
}
