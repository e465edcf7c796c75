// Pages cut out of a sealed group: small, in order, complete, whatever the sources' blocks look like.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { RecordBatch } from '../../../contracts/batch.ts'
import { recordsOf } from '../../../query/read/records-of.ts'
import type { SearchRequest } from '../../../contracts/request.ts'
import type { Store } from '../../../contracts/store.ts'
import { nodeDisk } from '../../../system/disk.ts'
import { frameHeaderBytes } from '../../../wire/frame.ts'
import { readDay } from '../day/day-file.ts'
import { localStore } from '../local-store.ts'

const rounds = 400
const perRound = 300

function batch(source: string, firstSeq: number, count: number): RecordBatch {
  const texts = Array.from({ length: count }, (_, i) => `${source} line ${firstSeq + i} of many`)
  const ends = new Uint32Array(count)
  texts.reduce((at, text, i) => (ends[i] = at + text.length), 0)
  return {
    source,
    run: 1,
    session: 's',
    pid: 1,
    count,
    text: Buffer.from(texts.join('')),
    start: Uint32Array.from(ends, (end, i) => end - texts[i]!.length),
    end: ends,
    id: new Float64Array(count),
    seq: Float64Array.from(texts, (_, i) => firstSeq + i),
    time: new Float64Array(count).fill(1_700_000_000_000),
    observed: new Float64Array(count).fill(1_700_000_000_000),
    stream: new Uint8Array(count),
    kind: new Uint8Array(count),
    severity: new Uint8Array(count).fill(9),
    extras: (i) => (i % 100 === 0 ? { fields: { seq: firstSeq + i } } : undefined),
  }
}

/** A store with one sealed group: a busy source of several blocks, one that speaks now and then, and one that spoke once. */
async function sealed(
  t: TestContext,
  warn: (message: string) => void = (message) => assert.fail(message),
): Promise<{ store: Store; total: number; directory: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-group-'))
  const store = await localStore.open({
    directory,
    now: () => 1_700_000_000_000,
    warn,
  })
  t.after(async () => {
    await store.close()
    rmSync(directory, { recursive: true })
  })
  for (let round = 0; round < rounds; round++) {
    const batches = [batch('busy', 1 + round * perRound, perRound)]
    if (round % 10 === 0) batches.push(batch('calm', 1 + round / 10, 1))
    if (round === 123) batches.push(batch('once', 1, 1))
    await store.commit(batches, new Map())
  }
  const total = store.head()
  await store.seal({ all: true })
  return { store, total, directory }
}

async function pagesOf(store: Store, request: SearchRequest) {
  const pages: { count: number; cursor: number }[] = []
  const ids: number[] = []
  for await (const { batches, cursor } of store.search(request)) {
    const records = recordsOf(batches, request.order ?? 'newest')
    for (const { id, seq, message, source, fields } of records) {
      assert.equal(message, `${source} line ${seq} of many`)
      if (fields) assert.deepEqual(fields, { seq })
      ids.push(id)
    }
    pages.push({ count: records.length, cursor })
  }
  return { pages, ids }
}

test('everything, both ways, in pages of bounded size', async (t) => {
  const { store, total } = await sealed(t)
  const all = Array.from({ length: total }, (_, i) => i + 1)
  for (const order of ['oldest', 'newest'] as const) {
    const { pages, ids } = await pagesOf(store, { order })
    assert.deepEqual(ids, order === 'oldest' ? all : all.toReversed())
    assert.ok(pages.length > 5 && pages.every(({ count }) => count <= 30_000), JSON.stringify(pages))
    const cursors = pages.map(({ cursor }) => cursor)
    assert.deepEqual(
      cursors,
      cursors.toSorted((a, b) => (order === 'oldest' ? a - b : b - a)),
    )
    assert.equal(cursors.at(-1), order === 'oldest' ? total : 1)
  }
})

test('bounds within blocks, limits, and few matches in few pages', async (t) => {
  const { store, total } = await sealed(t)
  for (const [after, before] of [
    [0, 2],
    [70_000, 70_005],
    [65_000, 90_000],
    [total - 1, total + 1],
  ] as const)
    for (const order of ['oldest', 'newest'] as const) {
      const expected = Array.from({ length: Math.min(before, total + 1) - after - 1 }, (_, i) => after + 1 + i)
      const { ids } = await pagesOf(store, { after, before, order })
      assert.deepEqual(ids, order === 'oldest' ? expected : expected.toReversed())
    }
  assert.equal((await pagesOf(store, { limit: 777 })).ids.length, 777)
  const once = await pagesOf(store, { query: 'source:once' })
  assert.deepEqual([once.ids.length, once.pages.length], [1, 1])
  const calm = await pagesOf(store, { query: 'source:calm' })
  assert.deepEqual([calm.ids.length, calm.pages.length], [rounds / 10, 1])
  const words = await pagesOf(store, { query: '"line 12345 of"', order: 'oldest' })
  assert.deepEqual([words.ids.length, words.pages.length], [1, 1])
  assert.deepEqual((await pagesOf(store, { query: 'nowhere' })).ids, [])
})

test('of a damaged block there is one gap within the bounds, wherever these lie', async (t) => {
  const { store, directory } = await sealed(t, () => undefined)
  const path = join(
    directory,
    readdirSync(directory).find((name) => name.endsWith('.blocks'))!,
  )
  const [block] = readDay(nodeDisk, path).groups[0]!.blocks
  const { gramsBytes, wordsBytes, countsBytes, firstId, lastId } = block!.header
  const bytes = readFileSync(path)
  // Its directory, without which nothing of it can be read.
  bytes[block!.offset + frameHeaderBytes + block!.headerBytes + gramsBytes + wordsBytes + countsBytes + 6]! ^= 1
  writeFileSync(path, bytes)
  for (const order of ['oldest', 'newest'] as const)
    for (const [after, before] of [
      [0, Infinity],
      [firstId + 1000, firstId + 2000],
      [firstId + 1000, Infinity],
      [0, lastId - 1000],
    ] as const) {
      const gaps: number[] = []
      for await (const { batches } of store.search({ query: 'source:busy', order, after, before }))
        for (const { kind, id } of recordsOf(batches, order)) if (kind === 'gap') gaps.push(id)
      assert.equal(gaps.length, 1, `${order} ${after} ${before}: ${gaps.join()}`)
      assert.ok(gaps[0]! > after && gaps[0]! < before)
    }
})
