// Faults that only a store on disk can have: what power loss and clocks do to its files.
import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { recordsOf } from '../../src/query/read/records-of.ts'
import type { SearchRequest } from '../../src/contracts/request.ts'
import { shapeEntries } from '../../src/shape/shape-entries.ts'
import type { Store } from '../../src/contracts/store.ts'
import { localStore } from '../../src/stores/local/local-store.ts'

const hourMs = 3_600_000

function scratch(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-store-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const clock = { now: Date.parse('2026-11-22T00:30:00Z') }
  const warnings: string[] = []
  const open = (): Promise<Store> =>
    localStore.open({ directory, now: () => clock.now, warn: (message) => void warnings.push(message) })
  const file = (start: string): string =>
    join(
      directory,
      readdirSync(directory).find((name) => name.startsWith(start))!,
    )
  return { clock, warnings, open, file, directory }
}

const batchOf = (source: string, seq: number, message: string) =>
  shapeEntries([{ message, severity: 9 }], { source, run: 1, session: 'session', pid: 1 }, 0, seq)

async function messages(store: Store, order: SearchRequest['order'] = 'oldest'): Promise<string[]> {
  const found: string[] = []
  for await (const page of store.search({ order }))
    found.push(...recordsOf(page.batches, order!).map(({ message }) => message))
  return found
}

/** What was not synced when the power failed may be missing although what was written later is there. */
function loseBytes(path: string, from: number, to: number): void {
  writeFileSync(path, readFileSync(path).fill(0, from, to))
}

test('a clock set back past midnight hides nothing', async (t) => {
  const { clock, open } = scratch(t)
  let store = await open()
  for (const message of ['one', 'two', 'three']) {
    await store.commit([batchOf('a', 1, message)], new Map())
    await store.seal({ all: true })
    clock.now -= hourMs
  }
  for (const again of [false, true]) {
    if (again) {
      await store.close()
      store = await open()
    }
    assert.deepEqual(await messages(store, 'oldest'), ['one', 'two', 'three'])
    assert.deepEqual(await messages(store, 'newest'), ['three', 'two', 'one'])
  }
  await store.close()
})

test('the newest commit counts only when all of its frames are there', async (t) => {
  const { open, file } = scratch(t)
  let store = await open()
  await store.commit([batchOf('a', 1, 'acknowledged')], new Map([['a/1/stdout', { offset: 10 }]]))
  const whole = statSync(file('tail-')).size
  const notes = readFileSync(file('notes'))
  await store.commit([batchOf('a', 2, 'lost'), batchOf('b', 1, 'not lost')], new Map([['a/1/stdout', { offset: 20 }]]))
  await store.close()
  loseBytes(file('tail-'), whole, whole + 64)
  // Nobody was told that it is there.
  writeFileSync(file('notes'), notes)
  store = await open()
  assert.equal(store.head(), 1)
  assert.deepEqual(store.cursors().get('a/1/stdout'), { offset: 10 })
  assert.equal(store.sequence('b', 1), 0)
  await store.commit([batchOf('b', 1, 'again')], new Map())
  assert.deepEqual(await messages(store), ['acknowledged', 'again'])
  await store.close()
})

test('a tail is there until all of its blocks are', async (t) => {
  const { open, file, directory } = scratch(t)
  let store = await open()
  await store.commit([batchOf('a', 1, 'one'), batchOf('b', 1, 'two')], new Map())
  const tail = file('tail-')
  const kept = join(directory, 'kept')
  copyFileSync(tail, kept)
  await store.seal({ all: true })
  await store.close()
  copyFileSync(kept, tail)
  loseBytes(file('day-'), 600, 640)
  store = await open()
  await store.seal()
  assert.deepEqual(await messages(store), ['one', 'two'])
  await store.close()
})
