import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Summary } from '../contracts/request.ts'
import { openStorage } from './open-storage.ts'
import type { Storage } from '../contracts/storage.ts'

async function opened(store: string): Promise<{ storage: Storage; close(): Promise<void> }> {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'logboom-searcher-'))
  const trouble = (error: unknown): void => assert.fail(String(error))
  const options = { session: 's', stages: {}, sinks: {}, serviceNames: {}, warn: trouble, fail: trouble }
  const storage = await openStorage({ stateDirectory, store, ...options })
  return {
    storage,
    async close() {
      await storage.close()
      rmSync(stateDirectory, { recursive: true })
    },
  }
}

const run = { run: 1, pid: 1 }
const lines = Array.from({ length: 5000 }, (_, i) => ({ message: `${i} ${'many words '.repeat(10)}`, severity: 9 }))

for (const store of ['local', 'memory']) {
  test(`${store}: a summary comes from the worker, and many at once do not mix`, async () => {
    const { storage, close } = await opened(store)
    await storage.ofSource('web').push(run, lines)
    await storage.ofSource('api').push(run, lines.slice(0, 10))
    const counts = ['', 'source:api', '"4999 "', 'nothing'].map(async (query) => {
      const seen: Summary[] = []
      for await (const summary of storage.summarize({ query, facets: ['source'] })) seen.push(summary)
      const { count, facets, done } = seen.at(-1)!
      return [count, facets![0]!.top.length, done]
    })
    assert.deepEqual(await Promise.all(counts), [
      [5010, 2, true],
      [10, 1, true],
      [1, 1, true],
      [0, 0, true],
    ])
    await assert.rejects(
      async () => {
        for await (const summary of storage.summarize({ query: '(' })) assert.fail(JSON.stringify(summary))
      },
      { code: 'query-invalid' },
    )
    await close()
  })

  test(`${store}: searches and summaries that are left in the middle end there, and hold nothing up`, async () => {
    const { storage, close } = await opened(store)
    for (let i = 0; i < 20; i++) await storage.ofSource('web').push(run, lines)
    for (const begin of [
      (signal: AbortSignal) => storage.summarize({ templates: 5, fields: true }, signal),
      (signal: AbortSignal) => storage.search({ query: 'is-not-there' }, signal),
    ]) {
      const abort = new AbortController()
      const reading = (async () => {
        for await (const piece of begin(abort.signal)) assert.ok(piece)
      })()
      await new Promise(setImmediate)
      abort.abort(new Error('has left'))
      await assert.rejects(reading, /has left/)
      for await (const { batches } of storage.search({ limit: 1 })) assert.equal(batches.length, 1)
      await storage.ofSource('web').push(run, lines.slice(0, 1))
    }
    await close()
  })
}
