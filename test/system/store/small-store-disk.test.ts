// A store on file systems that are full or read-only: it says so with the right code, loses nothing, is read all the same,
// and heals.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { requireMount } from '../../../scripts/ensure-system.ts'
import type { LogboomError } from '../../../src/contracts/errors.ts'
import type { Store, StoreReader } from '../../../src/contracts/store.ts'
import { localStore } from '../../../src/stores/local/local-store.ts'
import { mountSmallDisk, remount, type SmallDisk } from '../small-disk.ts'
import { assertSame, collect, openCommitOracle } from './commit-oracle.ts'
import { capturedAt, openNumberedCommits } from './numbered-commits.ts'

const mount = requireMount()
const megabytes = 2
const seed = 11

/** A store on a disk of its own, with all that was committed known. */
async function place(t: TestContext) {
  const folder = mkdtempSync(path.join(tmpdir(), 'logboom-small-'))
  const disk: SmallDisk = mountSmallDisk(folder, megabytes)
  t.after(() => {
    disk.unmount()
    rmSync(folder, { recursive: true })
  })
  const oracle = openCommitOracle()
  const commits = openNumberedCommits(seed, { largest: 400 })
  const warnings: string[] = []
  const options = {
    directory: path.join(folder, 'store'),
    now: () => capturedAt(1),
    warn: (message: string) => void warnings.push(message),
  }
  let attempt = 0
  return {
    folder,
    disk,
    oracle,
    warnings,
    open: (): Promise<Store> => localStore.open(options),
    openReader: (): Promise<StoreReader> => localStore.openReader!(options),
    async commit(store: Store): Promise<void> {
      const number = oracle.last() + 1
      const commit = commits.commit(number, ++attempt, capturedAt(number))
      await store.commit(commit.batches, commit.cursors)
      oracle.acknowledge(commit)
    },
  }
}

type Place = Awaited<ReturnType<typeof place>>

async function commitUntilFull({ commit, oracle }: Place, store: Store): Promise<void> {
  const before = oracle.last()
  await assert.rejects(
    async () => {
      for (;;) await commit(store)
    },
    { code: 'disk-full' },
  )
  assert.ok(oracle.last() > before)
}

test('a disk that the store has filled: commits are refused, reads go on, and it heals', mount, async (t) => {
  const here = await place(t)
  const { disk, oracle, warnings, commit, folder } = here
  const store = await here.open()
  t.after(() => store.close())
  await commitUntilFull(here, store)
  const reader = await here.openReader()
  t.after(() => reader.close())
  for (let again = 0; again < 3; again++) {
    await assert.rejects(commit(store), { code: 'disk-full' })
    await oracle.check(store)
    assertSame(await collect(reader, { order: 'oldest' }), oracle.records())
  }
  // Sealing needs room for what it makes.
  await store.seal({ all: true }).catch((error: unknown) => assert.equal((error as LogboomError).code, 'disk-full'))
  await oracle.check(store)
  for (const warning of warnings.splice(0)) assert.match(warning, /^Sealing .* failed: The disk .* is full$/)
  remount(folder, 'rw', { megabytes: megabytes * 2 })
  await commit(store)
  await store.seal({ all: true })
  assert.deepEqual(warnings, [])
  const free = disk.freeBytes()
  await oracle.check(store)
  assert.ok(free > megabytes * 1024 * 1024, `${free} bytes are free`)
  await commitUntilFull(here, store)
  await oracle.check(store)
})

test('a disk that others have filled: it is opened and read there, and heals when there is room', mount, async (t) => {
  const here = await place(t)
  const { disk, oracle, commit } = here
  let store = await here.open()
  for (let number = 0; number < 20; number++) await commit(store)
  disk.fill()
  await commitUntilFull(here, store)
  await store.close()
  store = await here.open()
  t.after(() => store.close())
  await oracle.check(store)
  await assert.rejects(commit(store), { code: 'disk-full' })
  await oracle.check(store)
  disk.free()
  for (let number = 0; number < 20; number++) await commit(store)
  await oracle.check(store)
})

test('a full disk on which there is no store yet says so', mount, async (t) => {
  const here = await place(t)
  here.disk.fill()
  await assert.rejects(here.open(), { code: 'disk-full' })
  here.disk.free()
  const store = await here.open()
  await here.commit(store)
  await here.oracle.check(store)
  await store.close()
})

test('a read-only disk: it cannot be opened for writing and says so, and is read', mount, async (t) => {
  const here = await place(t)
  const { folder, oracle, commit } = here
  let store = await here.open()
  for (let number = 0; number < 20; number++) await commit(store)
  await store.close()
  remount(folder, 'ro')
  await assert.rejects(here.open(), { code: 'store-unwritable' })
  const reader = await here.openReader()
  assertSame(await collect(reader, { order: 'oldest' }), oracle.records())
  await reader.close()
  remount(folder, 'rw')
  store = await here.open()
  await commit(store)
  await oracle.check(store)
  await store.close()
})
