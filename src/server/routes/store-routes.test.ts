import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect } from '../../client/connect.ts'
import { openStorage } from '../../storage/open-storage.ts'
import type { Storage } from '../../contracts/storage.ts'
import type { ErrorBody } from '../../wire/hub-view.ts'
import { openServer, type RunningServer } from '../open-server.ts'
import { ask, memoryStorage, openTestHub } from '../server-harness.ts'

const stateDirectory = mkdtempSync(join(tmpdir(), 'logboom-store-routes-'))
let storage: Storage
let server: RunningServer

before(async () => {
  storage = await openStorage({ ...memoryStorage, store: 'local', stateDirectory })
  const hub = openTestHub(storage)
  await hub.log(...Array.from({ length: 500 }, (_, index) => `line ${index}`))
  server = await openServer(hub, { port: 0 })
})

after(async () => {
  await server.close()
  await storage.close()
  rmSync(stateDirectory, { recursive: true })
})

test('what is stored, in figures', async () => {
  const { sources, records, directory, files, retention, bytes } = await connect(server.url).store()
  assert.equal(records, 500)
  assert.deepEqual(
    sources.map(({ source, records: own }) => [source, own]),
    [['web', 500]],
  )
  assert.equal(directory, join(stateDirectory, 'store'))
  assert.deepEqual(files, { days: 0, tails: 1 })
  assert.ok(bytes > 5000)
  assert.deepEqual(retention, { ageMs: false, bytes: false, sources: [] })
})

test('what is not sealed is not removed, whatever is asked', async () => {
  const nothing = { records: 0, bytes: 0, sources: [], days: [] }
  const client = connect(server.url)
  assert.deepEqual(await client.retain(), nothing)
  assert.deepEqual(await client.retain({ age: '1d', size: '1kB', dryRun: true }), nothing)
  assert.deepEqual(await client.retain({ size: '0', source: 'w*' }), nothing)
})

test('wrong amounts are refused with examples', async () => {
  for (const [body, complaint] of [
    [{ age: '7 moons' }, /^age must be a duration: 30s/],
    [{ size: 'much' }, /^size must be a size: 500MB/],
    [{ source: 'api' }, /^source alone says nothing/],
    [{ agee: '1d' }, /agee/],
  ] as const) {
    const answer = await ask(`${server.url}/api/v1/store/retain`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    assert.equal(answer.status, 400)
    assert.match((JSON.parse(answer.body) as { error: ErrorBody }).error.message, complaint)
  }
})
