import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect } from '../../client/connect.ts'
import { openServer } from '../../server/open-server.ts'
import { memoryStorage, openTestHub } from '../../server/server-harness.ts'
import { openStorage } from '../../storage/open-storage.ts'
import { shapeEntries } from '../../shape/shape-entries.ts'
import { localStore } from '../../stores/local/local-store.ts'
import { openHubReader, openStoreReader } from './log-reader.ts'
import { printHistory, type HistoryRequest } from './print-history.ts'

test('the last so many are those of the latest time, from a store or a hub, also when they take several pages', async (t) => {
  const state = await mkdtemp(join(tmpdir(), 'logboom-history-'))
  const storage = await openStorage({ ...memoryStorage, stateDirectory: state, store: 'local' })
  const server = await openServer(openTestHub(storage), { port: 0 })
  const store = await openStoreReader(state)
  t.after(async () => {
    await server.close()
    await storage.close()
    await store.close()
    await rm(state, { recursive: true })
  })
  const count = 12_000
  const entries = Array.from({ length: count }, (_, i) => ({
    message: `${(i * 7919) % count}`,
    time: (i * 7919) % count,
  }))
  entries[5]!.time = Date.UTC(2100, 0)
  await storage.ofSource('web').push({ run: 1, pid: 1 }, entries)
  const expected = entries.toSorted((a, b) => a.time - b.time).map(({ message }) => message)
  for (const reader of [store, openHubReader(connect(server.url))]) {
    for (const limit of [3, 11_000]) {
      const printed: string[] = []
      await printHistory(reader, { order: 'latest', limit }, async (records) => {
        printed.push(...records.map(({ message }) => message))
      })
      assert.deepEqual(printed, expected.slice(-limit))
    }
  }
})

test('following begins where the past ends, whatever of the past was asked for', async (t) => {
  const state = await mkdtemp(join(tmpdir(), 'logboom-history-'))
  t.after(() => rm(state, { recursive: true }))
  const store = await localStore.open({ directory: join(state, 'store'), now: Date.now, warn: assert.fail })
  const origin = { source: 'api', run: 1, session: 'session', pid: 1 }
  const entries = ['one', 'two', 'three'].map((message) => ({ message, severity: 9 }))
  await store.commit([shapeEntries(entries, origin, Date.now(), 1)], new Map())
  const reader = await openStoreReader(state)

  const asked: [HistoryRequest, string[]][] = [
    [{ order: 'latest', limit: 2 }, ['two', 'three']],
    [{ order: 'latest', limit: 0 }, []],
    [{ order: 'latest', limit: 5, query: 'one' }, ['one']],
    [{ order: 'latest', limit: 5, since: Date.now() + 60_000 }, []],
    [{ order: 'oldest' }, ['one', 'two', 'three']],
    [{ order: 'oldest', query: 'nothing' }, []],
  ]
  for (const [request, expected] of asked) {
    const printed: string[] = []
    const cursor = await printHistory(reader, request, async (records) => {
      printed.push(...records.map(({ message }) => message))
    })
    assert.deepEqual({ printed, cursor }, { printed: expected, cursor: 3 })
  }
  await reader.close()
  await store.close()
})
