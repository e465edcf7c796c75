// One suite for every store: what DESIGN calls a store must hold for all of them alike.
import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import type { RecordBatch, RecordExtras } from '../../src/contracts/batch.ts'
import { recordsOf } from '../../src/query/read/records-of.ts'
import type { SearchRequest } from '../../src/contracts/request.ts'
import type { LogRecord } from '../../src/contracts/record.ts'
import type { CursorValue, Store, StoreOptions } from '../../src/contracts/store.ts'
import { storeTypes } from '../../src/stores/index.ts'
import { openScratchStore, scratchOptions } from './scratch-store.ts'

const noCursors = new Map<string, CursorValue | null>()

interface Line {
  message: string
  severity?: number
  extras?: RecordExtras
  time?: number
}

function batchOf(source: string, run: number, firstSeq: number, lines: (Line | string)[]): RecordBatch {
  const entries = lines.map((line) => (typeof line === 'string' ? { message: line } : line))
  const messages = entries.map(({ message }) => Buffer.from(message))
  const count = entries.length
  let at = 0
  return {
    source,
    run,
    session: 'session-1',
    pid: 7,
    count,
    text: Buffer.concat(messages),
    start: Uint32Array.from(messages, (message) => (at += message.length) - message.length),
    end: Uint32Array.from(((at = 0), messages), (message) => (at += message.length)),
    id: new Float64Array(count),
    seq: Float64Array.from(entries, (_, i) => firstSeq + i),
    time: Float64Array.from(entries, (entry, i) => entry.time ?? 1_700_000_000_000.5 + i),
    observed: new Float64Array(count).fill(1_700_000_000_000),
    stream: new Uint8Array(count),
    kind: new Uint8Array(count),
    severity: Uint8Array.from(entries, (entry) => entry.severity ?? 9),
    extras: (index) => entries[index]!.extras,
  }
}

async function find(store: Store, request: SearchRequest): Promise<LogRecord[]> {
  const found: LogRecord[] = []
  for await (const page of store.search(request)) found.push(...recordsOf(page.batches, request.order ?? 'newest'))
  return found
}

const messages = async (store: Store, request: SearchRequest): Promise<string[]> =>
  (await find(store, request)).map(({ message }) => message)

const now = 1_700_000_000_000

for (const type of storeTypes) {
  describe(`store ${type.name}`, () => {
    const scratch = (t: TestContext): StoreOptions => scratchOptions(t, now)
    const opened = (t: TestContext): Promise<{ store: Store; options: StoreOptions }> => openScratchStore(t, type, now)

    test('is empty at first', async (t) => {
      const { store } = await opened(t)
      assert.equal(store.head(), 0)
      assert.equal(store.sequence('api', 1), 0)
      assert.deepEqual(await find(store, {}), [])
    })

    test('gives back every part of a record', async (t) => {
      const { store } = await opened(t)
      const extras = {
        logger: 'app.db',
        fields: { user: { id: 42 }, text: 'größe\n' },
        traceId: 'a'.repeat(32),
        spanId: 'b'.repeat(16),
      }
      await store.commit(
        [batchOf('api', 3, 10, [{ message: 'größer \u0000 als\nzwei', severity: 17, extras, time: 1234.25 }])],
        noCursors,
      )
      assert.deepEqual(await find(store, {}), [
        {
          id: 1,
          time: 1234.25,
          observed: 1_700_000_000_000,
          source: 'api',
          run: 3,
          seq: 10,
          stream: 'stdout',
          kind: 'system',
          severity: 17,
          message: 'größer \u0000 als\nzwei',
          ...extras,
          session: 'session-1',
        },
      ])
    })

    test('numbers records over all batches, and orders by that number both ways', async (t) => {
      const { store } = await opened(t)
      await store.commit([batchOf('a', 1, 1, ['1', '2']), batchOf('b', 1, 1, ['3'])], noCursors)
      await store.commit([batchOf('a', 1, 3, ['4'])], noCursors)
      assert.equal(store.head(), 4)
      assert.deepEqual(await messages(store, {}), ['4', '3', '2', '1'])
      assert.deepEqual(await messages(store, { order: 'oldest' }), ['1', '2', '3', '4'])
    })

    test('limits, bounds and queries, before and after sealing', async (t) => {
      const { store } = await opened(t)
      for (let i = 0; i < 50; i++) {
        const lines = Array.from({ length: 20 }, (_, n) => ({
          message: `line ${i * 20 + n}`,
          severity: n === 7 ? 17 : 9,
        }))
        await store.commit(
          [batchOf('even', 1, i * 10 + 1, lines.slice(0, 10)), batchOf('odd', 1, i * 10 + 1, lines.slice(10))],
          noCursors,
        )
        if (i === 20) await store.seal({ all: true })
        if (i === 35) await store.seal({ all: true })
      }
      assert.deepEqual(await messages(store, { limit: 3 }), ['line 999', 'line 998', 'line 997'])
      assert.deepEqual(await messages(store, { limit: 3, order: 'oldest' }), ['line 0', 'line 1', 'line 2'])
      assert.deepEqual(await messages(store, { after: 498, before: 502 }), ['line 500', 'line 499', 'line 498'])
      assert.deepEqual(await messages(store, { after: 498, before: 502, order: 'oldest' }), [
        'line 498',
        'line 499',
        'line 500',
      ])
      assert.equal((await find(store, { query: 'level:error' })).length, 50)
      assert.equal((await find(store, { query: 'source:odd' })).length, 500)
      assert.deepEqual(await messages(store, { query: '"line 77"', limit: 2 }), ['line 779', 'line 778'])
      const all = await messages(store, { order: 'oldest' })
      assert.deepEqual(
        all,
        Array.from({ length: 1000 }, (_, n) => `line ${n}`),
      )
      assert.deepEqual(
        (await find(store, { limit: 1000 })).map(({ id }) => id),
        Array.from({ length: 1000 }, (_, n) => 1000 - n),
      )
    })

    test('pages follow one another without overlap, and can be left', async (t) => {
      const { store } = await opened(t)
      for (let i = 0; i < 200; i++)
        await store.commit(
          [
            batchOf(
              'a',
              1,
              i * 50 + 1,
              Array.from({ length: 50 }, (_, n) => `${i * 50 + n} ${'x'.repeat(40)}`),
            ),
          ],
          noCursors,
        )
      let seen = Infinity
      let pages = 0
      for await (const page of store.search({})) {
        const ids = page.batches.flatMap(({ id }) => [...id])
        assert.ok(Math.max(...ids) < seen)
        assert.ok(page.cursor <= Math.min(...ids))
        seen = page.cursor
        if (++pages === 2) break
      }
      assert.equal(pages, 2)
    })

    test('a search that is aborted stops', async (t) => {
      const { store } = await opened(t)
      await store.commit([batchOf('a', 1, 1, ['x'])], noCursors)
      const abort = new AbortController()
      abort.abort()
      await assert.rejects(
        async () => {
          for await (const page of store.search({}, abort.signal)) assert.ok(page)
        },
        { name: 'AbortError' },
      )
    })

    test('commits may go on during a search', async (t) => {
      const { store } = await opened(t)
      for (let i = 0; i < 100; i++)
        await store.commit([batchOf('a', 1, i + 1, [`${i} ${'y'.repeat(5000)}`])], noCursors)
      const seen: number[] = []
      for await (const page of store.search({ order: 'oldest', before: 101 })) {
        seen.push(...page.batches.flatMap(({ id }) => [...id]))
        await store.commit([batchOf('b', 1, seen.length, ['more'])], noCursors)
      }
      assert.deepEqual(
        seen,
        Array.from({ length: 100 }, (_, n) => n + 1),
      )
    })

    test('a wrong query is refused with its place', async (t) => {
      const { store } = await opened(t)
      await assert.rejects(() => find(store, { query: 'level:nonsense' }), { code: 'query-invalid' })
    })

    test('remembers sequences and cursors, and forgets a cursor on demand', async (t) => {
      const { store } = await opened(t)
      await store.commit(
        [batchOf('a', 2, 5, ['x', 'y'])],
        new Map([
          ['a/2/stdout', { offset: 9 }],
          ['b', { offset: 1 }],
        ]),
      )
      await store.commit([], new Map([['b', null]]))
      assert.equal(store.sequence('a', 2), 6)
      assert.deepEqual([...store.cursors()], [['a/2/stdout', { offset: 9 }]])
    })

    if (type.name === 'memory') return

    test('all of it is there after it was opened again, and numbers go on', async (t) => {
      const options = scratch(t)
      for (let round = 0; round < 6; round++) {
        const store = await type.open(options)
        assert.equal(store.head(), round * 2)
        assert.equal(store.sequence('a', 1), round * 2)
        assert.equal(store.cursors().get('a')?.offset, round || undefined)
        await store.commit(
          [batchOf('a', 1, round * 2 + 1, [`${round} one`, `${round} two`])],
          new Map([['a', { offset: round + 1 }]]),
        )
        if (round % 2) await store.seal({ all: true })
        await store.close()
      }
      const store = await type.open(options)
      t.after(() => store.close())
      assert.equal((await find(store, {})).length, 12)
      assert.deepEqual(
        (await find(store, { order: 'oldest' })).map(({ id }) => id),
        Array.from({ length: 12 }, (_, n) => n + 1),
      )
    })

    test('a reader beside the writer sees what is committed', async (t) => {
      const { store, options } = await opened(t)
      const reader = await type.openReader!(options)
      t.after(() => reader.close())
      for (let i = 0; i < 5; i++) {
        await store.commit([batchOf('a', 1, i + 1, [`line ${i}`])], noCursors)
        if (i === 2) await store.seal({ all: true })
        const found: string[] = []
        for await (const page of reader.search({}))
          found.push(...recordsOf(page.batches, 'newest').map(({ message }) => message))
        assert.deepEqual(
          found,
          Array.from({ length: i + 1 }, (_, n) => `line ${i - n}`),
        )
      }
    })
  })
}
