import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openStorage } from '../../storage/open-storage.ts'
import { openServer } from '../open-server.ts'
import { ask, memoryStorage, openTestHub } from '../server-harness.ts'

const storage = await openStorage(memoryStorage)
let isWritable: () => Promise<boolean> = storage.isWritable
const hub = openTestHub({ ...storage, isWritable: () => isWritable() })
const server = await openServer(hub, { port: 0 })
after(async () => {
  await server.close()
  await storage.close()
})

const answers = async (path: string): Promise<[number, unknown]> => {
  const { status, body } = await ask(`${server.url}${path}`)
  return [status, JSON.parse(body)]
}

test('a hub that serves and writes is ready', async () => {
  assert.deepEqual(await answers('/healthz'), [200, { ok: true }])
  assert.deepEqual(await answers('/readyz'), [200, { ready: true }])
})

test('one whose store cannot be written lives, and is not ready; it says no more than that', async () => {
  isWritable = () => Promise.resolve(false)
  assert.deepEqual(await answers('/readyz'), [503, { ready: false, reason: 'store-unwritable' }])
  isWritable = () => Promise.reject(new Error('secret'))
  assert.deepEqual(await answers('/readyz'), [503, { ready: false, reason: 'storage-silent' }])
  assert.deepEqual(await answers('/healthz'), [200, { ok: true }])
  isWritable = storage.isWritable
})

test('who has not signed in may ask, under a name that the hub answers to, and no page of another site', async () => {
  await hub.access.addUser({ name: 'ada', role: 'admin' })
  assert.equal((await ask(`${server.url}/api/v1/hub`)).status, 401)
  for (const path of ['/healthz', '/readyz']) {
    assert.equal((await ask(server.url + path)).status, 200)
    assert.equal((await ask(server.url + path, { method: 'HEAD' })).status, 200)
    const strange: Record<string, string>[] = [{ host: 'evil.test' }, { 'sec-fetch-site': 'cross-site' }]
    for (const headers of strange) assert.equal((await ask(server.url + path, { headers })).status, 403)
  }
})
