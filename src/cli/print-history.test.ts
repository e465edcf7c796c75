import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { SearchRequest } from '../query/request.ts'
import { shapeEntries } from '../storage/shape-entries.ts'
import { localStore } from '../stores/local/local-store.ts'
import { openStoreReader } from './log-reader.ts'
import { printHistory } from './print-history.ts'

test('following begins where the past ends, whatever of the past was asked for', async (t) => {
  const state = await mkdtemp(join(tmpdir(), 'logboom-history-'))
  t.after(() => rm(state, { recursive: true }))
  const store = await localStore.open({ directory: join(state, 'store'), now: Date.now, warn: assert.fail })
  const origin = { source: 'api', run: 1, session: 'session', pid: 1 }
  const entries = ['one', 'two', 'three'].map((message) => ({ message, severity: 9 }))
  await store.commit([shapeEntries(entries, origin, Date.now(), 1)], new Map())
  const reader = await openStoreReader(state)

  const asked: [SearchRequest, string[]][] = [
    [{ order: 'newest', limit: 2 }, ['two', 'three']],
    [{ order: 'newest', limit: 0 }, []],
    [{ order: 'newest', limit: 5, query: 'one' }, ['one']],
    [{ order: 'newest', limit: 5, since: Date.now() + 60_000 }, []],
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
