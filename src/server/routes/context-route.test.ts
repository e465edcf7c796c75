import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Context } from '../../contracts/request.ts'
import type { ErrorBody } from '../../wire/hub-view.ts'
import { ask, openTestServer } from '../server-harness.ts'

const { storage, hub, server } = await openTestServer()
for (let i = 0; i < 50; i++) {
  await hub.log('one', 'two')
  await storage.ofSource('api').push({ run: 1, pid: 1 }, [{ message: 'three' }])
}

async function context(parameters: string): Promise<{ status: number; body: Context & { error: ErrorBody } }> {
  const { status, body } = await ask(`${server.url}/api/v1/context?${parameters}`)
  return { status, body: JSON.parse(body) as Context & { error: ErrorBody } }
}

const ids = async (parameters: string): Promise<number[]> =>
  (await context(parameters)).body.records.map(({ id }) => id)

test('records around one, in order, of its source unless told', async () => {
  assert.deepEqual(await ids('id=10&before=3&after=3'), [5, 7, 8, 10, 11, 13, 14])
  assert.deepEqual(await ids('id=10&before=2&after=1&scope=all'), [8, 9, 10, 11])
  const { status, body } = await context('id=150&before=1&scope=run')
  assert.deepEqual([status, body.more, body.records.length], [200, { before: true, after: false }, 2])
})

test('what is not there, and what is wrong, is told', async () => {
  const { status, body } = await context('id=151')
  assert.deepEqual([status, body.error.code], [404, 'not-found'])
  assert.match(body.error.message, /record 151/)
  assert.match(body.error.hint, /150/)
  for (const parameters of ['', 'id=x', 'id=1&before=1001', 'id=1&scope=some', 'id=1&query=x'])
    assert.equal((await context(parameters)).status, 400, parameters)
})
