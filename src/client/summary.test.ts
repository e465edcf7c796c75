import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { openTestServer } from '../server/server-harness.ts'
import { connect, type LogRecord, type Summary } from './index.ts'

const { hub, server } = await openTestServer()
await hub.log('größer', ...Array.from({ length: 20_000 }, (_, i) => `line ${i}`))
const client = connect(server.url)

test('sums up, in one answer or growing', async () => {
  const minute = 60_000
  const to = Math.ceil(Date.now() / minute + 1) * minute
  const request = {
    query: 'line',
    histogram: { from: to - 60 * minute, to, bucketMs: minute },
    facets: ['source', 'user.id'],
    templates: 1,
  }
  const summary = await client.summary(request)
  assert.deepEqual([summary.count, summary.histogram!.counts.TRACE.length], [20_000, 60])
  assert.deepEqual(
    summary.facets!.map(({ name, missing }) => [name, missing]),
    [
      ['source', 0],
      ['user.id', 20_000],
    ],
  )
  assert.equal(summary.templates!.top[0]!.template, 'line <*>')
  const partial: Summary[] = []
  assert.deepEqual(await client.summary(request, { progress: (each) => partial.push(each) }), summary)
  assert.ok(partial.every(({ done }) => !done))
  assert.deepEqual(await client.summary(), { count: 20_001, through: 1, done: true })
  await assert.rejects(client.summary({ query: '(' }), { code: 'query-invalid' })
})

test('shows what is around a record', async () => {
  const { records, more } = await client.context({ id: 2, before: 5, after: 1 })
  assert.deepEqual([records.map(({ id }) => id), more], [[1, 2, 3], { before: false, after: true }])
  await assert.rejects(client.context({ id: 1e9 }), { code: 'not-found' })
})

test('exports', async () => {
  let text = ''
  const decoder = new TextDecoder()
  for await (const bytes of await client.export({ limit: 19_000 })) text += decoder.decode(bytes, { stream: true })
  const records = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LogRecord)
  assert.deepEqual([records.length, records[0]!.message], [19_000, 'größer'])
  await assert.rejects(client.export({ query: '(' }), { code: 'query-invalid' })
})

test('a summary that breaks off is none; a line may come in pieces, cut in the middle of a letter', async () => {
  const unsteady = createServer((_request, response) => {
    const bytes = Buffer.from('{"count":1,"through":9,"done":false,"note":"größer"}\n{"count":2,"thr')
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.write(bytes.subarray(0, 47))
    setTimeout(() => response.end(bytes.subarray(47)), 20)
  }).listen(0, '127.0.0.1')
  await once(unsteady, 'listening')
  const { port } = unsteady.address() as AddressInfo
  const partial: Summary[] = []
  const asked = connect(`http://127.0.0.1:${port}`).summary({}, { progress: (summary) => partial.push(summary) })
  await assert.rejects(asked, { code: 'not-running' })
  assert.deepEqual(partial, [{ count: 1, through: 9, done: false, note: 'größer' }])
  unsteady.closeAllConnections()
  unsteady.close()
})
