// A spool: what is read is what was committed, what is released goes, and what does not fit is counted to the line.
import assert from 'node:assert/strict'
import { globSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { SpoolOptions } from '../../contracts/hosts/spool.ts'
import type { Store } from '../../contracts/store.ts'
import { batchOf } from '../../query/batch-harness.ts'
import { decodeRelayed } from '../../wire/relayed-frames.ts'
import { recordAt } from '../../contracts/batch.ts'
import type { LogRecord } from '../../contracts/record.ts'
import { spoolStore } from './spool-store.ts'

const kilobyte = 1024
const partBytes = 32 * kilobyte

async function spoolIn(t: TestContext, spool: SpoolOptions) {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-spool-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const open = (): Promise<Store> =>
    spoolStore.open({ directory, now: Date.now, warn: (message) => assert.fail(message), spool })
  let store = await open()
  let seq = 0
  return {
    store: () => store,
    bytes: () => globSync(join(directory, 'tail-*')).reduce((sum, path) => sum + statSync(path).size, 0),
    async add(count: number): Promise<void> {
      const lines = Array.from({ length: count }, () => ({
        source: 'a',
        run: 1,
        seq: ++seq,
        message: `n${seq}`.padEnd(1000),
      }))
      await store.commit([batchOf(lines)], new Map([['a', { seq }]]))
    },
    async again(): Promise<void> {
      await store.close()
      store = await open()
    },
    /** Everything behind `after`, as a hub gets it. */
    sent(after = 0): LogRecord[] {
      const found: LogRecord[] = []
      for (let part = store.spool!.read(after, partBytes); part; part = store.spool!.read(after, partBytes)) {
        after = part.last
        for (const batch of decodeRelayed(part.frames))
          for (let row = 0; row < batch.count; row++) found.push(recordAt(batch, row))
      }
      return found
    },
  }
}

const numbers = (records: readonly LogRecord[]): number[] => records.map(({ seq }) => seq)
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test('records that take no bytes are read some thousands at once', async (t) => {
  const spool = await spoolIn(t, { limitBytes: kilobyte * kilobyte, whenFull: 'block' })
  const lines = Array.from({ length: 16_384 }, (_, i) => ({ seq: i + 1, message: '' }))
  for (let i = 0; i < 5; i++) await spool.store().commit([batchOf(lines)], new Map())
  const { first, last } = spool.store().spool!.read(0, partBytes)!
  assert.deepEqual([first, last], [1, 65_536])
})

test('what was committed is read in order, over files and starts, and what is released goes', async (t) => {
  const spool = await spoolIn(t, { limitBytes: kilobyte * kilobyte, whenFull: 'block' })
  for (let i = 0; i < 50; i++) await spool.add(10)
  assert.deepEqual(numbers(spool.sent()), range(1, 500))
  await spool.again()
  assert.deepEqual(numbers(spool.sent(120)), range(121, 500))
  const full = spool.bytes()
  spool.store().spool!.release(500)
  assert.ok(spool.bytes() < full / 2, `${spool.bytes()} of ${full} are left`)
  assert.equal(spool.store().spool!.state().oldestAt, undefined)
  await spool.again()
  await spool.add(1)
  assert.deepEqual(numbers(spool.sent(500)), [501])
  assert.deepEqual(spool.store().cursors().get('a'), { seq: 501 }, 'cursors outlive the files that said them')
})

test('who can wait waits when it is full, until enough is released', async (t) => {
  const spool = await spoolIn(t, { limitBytes: 512 * kilobyte, whenFull: 'block' })
  while (!spool.store().spool!.isFull()) await spool.add(10)
  const head = spool.store().head()
  assert.deepEqual(numbers(spool.sent()), range(1, head), 'nothing went')
  spool.store().spool!.release(head)
  assert.equal(spool.store().spool!.isFull(), false)
})

test('a hub that never comes makes no spool larger than it may be', async (t) => {
  const spool = await spoolIn(t, { limitBytes: 512 * kilobyte, whenFull: 'gap' })
  for (let i = 0; i < 200; i++) {
    await spool.add(10)
    if (i % 50 === 49) await spool.again()
  }
  assert.ok(spool.bytes() < 700 * kilobyte, `${spool.bytes()} bytes`)
})

test('the oldest go where nobody can wait, and gaps tell exactly which; what may be on its way stays', async (t) => {
  const spool = await spoolIn(t, { limitBytes: 512 * kilobyte, whenFull: 'gap' })
  await spool.add(5)
  await spool.add(5)
  // The hub comes, and has the first five.
  spool.store().spool!.release(5)
  const onTheWay = spool.store().spool!.read(5, partBytes)!
  for (let i = 0; i < 300; i++) {
    await spool.add(10)
    if (i === 150) await spool.again()
  }
  assert.ok(spool.bytes() < 700 * kilobyte, `${spool.bytes()} bytes`)
  const sent = spool.sent(5)
  assert.deepEqual(numbers(sent).slice(0, 5), range(6, 10), `up to ${onTheWay.last} it was read`)
  const gaps = sent.filter(({ kind }) => kind === 'gap')
  const lines = sent.filter(({ kind }) => kind === 'system')
  assert.ok(gaps.length > 0)
  const missing = gaps.reduce((sum, { fields }) => sum + Number(fields!['lines']), 0)
  assert.equal(lines.length + missing, 3010 - 5)
  const here = new Set(numbers(lines))
  const gone = range(6, 3010).filter((seq) => !here.has(seq))
  assert.equal(gone.length, missing)
  for (const seq of gone)
    assert.ok(gaps.some(({ fields }) => Number(fields!['fromSeq']) <= seq && seq <= Number(fields!['toSeq'])))
  assert.match(gaps[0]!.message, /^\d+ lines missing: the hub could not be reached, and the spool was full$/)
})
