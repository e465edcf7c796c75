import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get } from 'node:http'
import { test } from 'node:test'
import type { Summary } from '../../contracts/request.ts'
import type { Storage } from '../../contracts/storage.ts'
import type { ErrorBody } from '../../wire/hub-view.ts'
import { openServer } from '../open-server.ts'
import { ask, openTestHub, openTestServer } from '../server-harness.ts'

const { storage, hub, server } = await openTestServer()
await hub.log(...Array.from({ length: 500 }, (_, index) => (index % 5 === 0 ? `apple ${index}` : `pear ${index}`)))

async function summary(parameters: string): Promise<Summary & { status: number; error?: ErrorBody }> {
  const { status, body } = await ask(`${server.url}/api/v1/summary?${parameters}`)
  return { status, ...(JSON.parse(body) as Summary) }
}

test('a count, and nothing that was not asked for', async () => {
  assert.deepEqual(await summary(''), { status: 200, count: 500, through: 1, done: true })
  assert.equal((await summary('query=apple&after=100')).count, 80)
})

test('histogram, facets, templates', async () => {
  const hour = 3_600_000
  const now = Date.now()
  const { histogram, facets, templates, fields } = await summary(
    `since=${now - hour}&to=${now + hour}&bucketMs=${hour}&facets=source,level&facets=stream&templates=2&fields=true`,
  )
  assert.deepEqual(histogram, {
    from: now - hour,
    bucketMs: hour,
    counts: {
      ...Object.fromEntries('DEBUG INFO WARNING ERROR CRITICAL'.split(' ').map((n) => [n, [0, 0]])),
      TRACE: histogram!.counts.TRACE,
    },
    earlier: 0,
    later: 0,
  })
  assert.equal(
    histogram!.counts.TRACE.reduce((sum, count) => sum + count),
    500,
  )
  assert.deepEqual(
    facets!.map(({ name, top }) => [name, top]),
    [
      ['source', [{ value: 'web', count: 500 }]],
      ['level', [{ value: 'TRACE', count: 500 }]],
      ['stream', [{ value: 'log', count: 500 }]],
    ],
  )
  assert.deepEqual(
    templates!.top.map(({ template, count, newest }) => [template, count, newest]),
    [
      ['pear <*>', 400, 500],
      ['apple <*>', 100, 496],
    ],
  )
  assert.deepEqual(fields, { top: [], other: 0, distinct: 0 })
})

test('with progress, lines of growing summaries and at last the whole', async () => {
  const { headers, body } = await ask(`${server.url}/api/v1/summary?progress=true&query=apple`)
  assert.equal(headers['content-type'], 'application/x-ndjson')
  const lines = body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Summary)
  assert.deepEqual(lines.at(-1), { count: 100, through: 1, done: true })
})

test('wrong requests are told what is wrong', async () => {
  for (const [parameters, code, message] of [
    ['query=apple%20AND', 'query-invalid', /./],
    ['bucketMs=1000', 'request-invalid', /^from is missing/],
    ['from=1h', 'request-invalid', /^bucketMs is missing/],
    ['since=1h&bucketMs=0', 'request-invalid', /^bucketMs/],
    ['since=1h&bucketMs=1', 'request-invalid', /at least 180\d,/],
    ['from=5m&to=10m&bucketMs=1000', 'request-invalid', /^to must be later than from$/],
    ['facetLimit=1001', 'request-invalid', /^facetLimit .* to 1000$/],
    ['templates=many', 'request-invalid', /^templates/],
    ['limit=5', 'request-invalid', /limit/],
  ] as const) {
    const { status, error } = await summary(parameters)
    assert.deepEqual([status, error!.code], [400, code], parameters)
    assert.match(error!.message, message)
  }
})

test('who leaves ends the work, with and without progress; what fails in the middle is told', async () => {
  const signals: AbortSignal[] = []
  const slow: Storage = {
    ...storage,
    async *summarize({ query }, signal) {
      yield { count: 1, through: 2, done: false }
      if (query === 'broken') throw new Error('the disk is gone')
      signals.push(signal!)
      await once(signal!, 'abort')
    },
  }
  const slowHub = openTestHub(slow)
  const other = await openServer(slowHub, { port: 0 })
  for (const parameters of ['', '?progress=true']) {
    const request = get(`${other.url}/api/v1/summary${parameters}`)
    request.on('error', () => {})
    while (signals.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    request.destroy()
    await once(signals.pop()!, 'abort')
  }
  const { body } = await ask(`${other.url}/api/v1/summary?progress=true&query=broken`)
  const [first, last] = body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { count: number; error: ErrorBody })
  assert.equal(first!.count, 1)
  assert.equal(last!.error.code, 'internal')
  assert.deepEqual(
    slowHub.reported.map(({ message }) => message),
    ['the disk is gone'],
  )
  await other.close()
})
