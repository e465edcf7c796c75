import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countRecords, formatChunk, type Chunk } from './chunk.ts'
import { openChunkQueue, type ChunkQueue, type ChunkQueueOptions } from './chunk-queue.ts'

function open(options: Partial<ChunkQueueOptions> = {}): { queue: ChunkQueue; posted: Chunk[]; take(): void } {
  const posted: Chunk[] = []
  let done = 0
  const queue = openChunkQueue({
    done: () => done,
    post: (chunk) => posted.push(chunk),
    positionOf: () => undefined,
    ...options,
  })
  return {
    queue,
    posted,
    /** The worker has all that it was posted. */
    take() {
      done = posted.at(-1)?.number ?? 0
      queue.pump()
    },
  }
}

const add = (queue: ChunkQueue, count: number, message = 'm'): void => {
  for (let i = 0; i < count; i++) queue.add(5, 'INFO', 'host', message, '', undefined)
}

test('records are posted in chunks of 500, and what is gathered when it is cut', () => {
  const { queue, posted } = open()
  add(queue, 1200)
  assert.deepEqual(posted.map(countRecords), [500, 500])
  queue.cut()
  assert.deepEqual(posted.map(countRecords), [500, 500, 200])
})

test('a worker that does not keep up gets no more; what waits is bounded, and its oldest are counted in the next chunk', () => {
  const { queue, posted, take } = open({ maxRecords: 15_000 })
  const logged = 100_000
  add(queue, logged)
  assert.equal(posted.length, 20)
  while (queue.notDone().length > 0) take()
  const arrived = posted.reduce((sum, chunk) => sum + countRecords(chunk), 0)
  const dropped = posted.reduce((sum, chunk) => sum + chunk.dropped, 0)
  assert.equal(arrived + dropped, logged)
  assert.ok(arrived <= 15_500, `${arrived} were held`)
  assert.equal(posted.filter((chunk) => chunk.dropped > 0).length, 1)
})

test('the bound holds for texts, too', () => {
  const { queue } = open({ maxCharacters: 20_000_000 })
  add(queue, 300, 'x'.repeat(200_000))
  const held = queue.notDone().reduce((sum, { text }) => sum + text.length, 0)
  assert.ok(held < 21_000_000, `${held} characters are held`)
})

test('a new worker is posted all that the last one had not put into the spool', () => {
  const { queue, posted, take } = open()
  add(queue, 500)
  take()
  add(queue, 1000)
  queue.postAgain()
  assert.deepEqual(
    posted.map(({ number }) => number),
    [1, 2, 3, 2, 3],
  )
})

test('a chunk becomes a line for each record, with a gap before them where some were dropped', () => {
  const { queue, posted } = open()
  queue.add(5, 'INFO', 'host', 'say "hi"\n', '', undefined)
  queue.add(6, 'ERROR', 'host.db', '\ud800', '"a":1,"b":[2]', undefined)
  queue.add(7, 'ERROR', 'host.db', '', '', undefined)
  queue.add(8, 'INFO', 'host', 'said', '"level":42,"msg":"forged","time":0', undefined)
  queue.cut()
  const lines = formatChunk({ ...posted[0]!, dropped: 17 }, 4157).split('\n')
  assert.deepEqual(
    lines.slice(0, -1).map((line) => JSON.parse(line) as unknown),
    [
      {
        time: 5,
        level: 'WARNING',
        logger: 'logboom',
        msg: '[gap] 17 records missing: more was logged than could be kept in memory',
        missing: 17,
      },
      { time: 5, level: 'INFO', logger: 'host', pid: 4157, msg: 'say "hi"\n' },
      { time: 6, level: 'ERROR', logger: 'host.db', pid: 4157, msg: '\ud800', a: 1, b: [2] },
      { time: 7, level: 'ERROR', logger: 'host.db', pid: 4157, msg: '' },
      { time: 8, level: 'INFO', logger: 'host', pid: 4157, msg: 'said' },
    ],
  )
})
