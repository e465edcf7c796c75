import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get } from 'node:http'
import { test } from 'node:test'
import { connect } from '../../client/connect.ts'
import type { LogRecord } from '../../contracts/record.ts'
import { openStorage } from '../../storage/open-storage.ts'
import type { Storage } from '../../contracts/storage.ts'
import { openServer } from '../open-server.ts'
import { ask, memoryStorage, openTestHub, openTestServer } from '../server-harness.ts'

const { storage, hub, server } = await openTestServer()
await hub.log(...Array.from({ length: 500 }, (_, index) => (index % 5 === 0 ? `apple ${index}` : `pear ${index}`)))

interface Answer {
  records: LogRecord[]
  cursor: number
  more: boolean
  error?: { code: string; message: string; hint: string; position?: object }
}

async function search(parameters: string): Promise<Answer & { status: number }> {
  const { status, body } = await ask(`${server.url}/api/v1/search?${parameters}`)
  return { status, ...(JSON.parse(body) as Answer) }
}

test('nothing asked for is nothing given, with a cursor to go on from', async () => {
  assert.deepEqual(await search('limit=0'), { status: 200, records: [], cursor: 501, more: true })
  assert.deepEqual(await search('limit=0&order=oldest&after=7'), { status: 200, records: [], cursor: 7, more: true })
})

test('newest first, 200 at a time, and on by the cursor to the beginning', async () => {
  const ids: number[] = []
  let page = await search('')
  for (;;) {
    ids.push(...page.records.map((record) => record.id))
    if (!page.more) break
    assert.equal(page.records.length, 200)
    page = await search(`before=${page.cursor}`)
  }
  assert.deepEqual(
    ids,
    Array.from({ length: 500 }, (_, index) => 500 - index),
  )
  assert.deepEqual((await search(`before=${page.cursor}`)).records, [])
})

test('oldest first pages by after, and ends at the head', async () => {
  const first = await search('order=oldest&limit=450&query=apple&after=5')
  assert.equal(first.records.length, 99)
  assert.deepEqual([first.records[0]!.id, first.more, first.cursor], [6, false, 500])
  const exact = await search('order=oldest&limit=100&query=apple')
  assert.deepEqual([exact.records.length, exact.more], [100, false])
  const part = await search('order=oldest&limit=99&query=apple')
  assert.deepEqual([part.more, part.cursor], [true, part.records.at(-1)!.id])
})

test('time limits come as milliseconds or as people say them', async () => {
  assert.equal((await search('since=15m&limit=10000')).records.length, 500)
  assert.equal((await search(`until=${Date.now() - 3_600_000}`)).records.length, 0)
  const wrong = await search('since=soon')
  assert.deepEqual([wrong.status, wrong.error!.code], [400, 'request-invalid'])
  assert.match(wrong.error!.message, /^since .*15m/)
})

test('wrong requests are told what is wrong and where', async () => {
  const query = await search('query=apple%20AND%20(')
  assert.deepEqual([query.status, query.error!.code], [400, 'query-invalid'])
  assert.ok(query.error!.position)
  assert.ok(query.error!.hint)
  for (const [parameters, place] of [
    ['limit=10001', /^limit .*10000/],
    ['limit=-1', /^limit/],
    ['limit=1&limit=2', /^limit/],
    ['order=sideways', /^order/],
    ['qurey=x', /qurey/],
  ] as const) {
    const { status, error } = await search(parameters)
    assert.equal(status, 400)
    assert.match(error!.message, place)
  }
})

test('a big answer comes whole while other requests are served, and one that nobody waits for is given up', async () => {
  const { records } = await search('limit=10000')
  assert.equal(records.length, 500)
  const signals: AbortSignal[] = []
  const slow: Storage = {
    ...storage,
    async *search(_request, signal) {
      signals.push(signal!)
      await once(signal!, 'abort')
      yield* []
    },
  }
  const other = await openServer(openTestHub(slow), { port: 0 })
  try {
    const request = get(`${other.url}/api/v1/search`)
    request.on('error', () => {})
    while (signals.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    request.destroy()
    await once(signals[0]!, 'abort')
  } finally {
    await other.close()
  }
})

test('by time, however far records are dated off, page by page, and on behind the cursor', async () => {
  const own = await openStorage(memoryStorage)
  const place = { run: 1, pid: 1 }
  const times = [5000, 4_102_444_800_000.5, -1, 5000, 3000, 5000]
  await own.ofSource('web').push(
    place,
    times.map((time, i) => ({ message: `apple ${i}`, time })),
  )
  const other = await openServer(openTestHub(own), { port: 0 })
  const find = async (parameters: string): Promise<Answer & { past?: string }> =>
    JSON.parse((await ask(`${other.url}/api/v1/search?${parameters}`)).body) as Answer & { past?: string }
  const ids = ({ records }: Answer): number[] => records.map(({ id }) => id)
  try {
    const first = await find('order=latest&limit=2')
    assert.deepEqual([ids(first), first.cursor, first.more], [[2, 6], 6, true])
    assert.equal(first.past, '5000,6')
    await own.ofSource('web').push(place, [{ message: 'apple 6', time: 4000 }])
    const second = await find(`order=latest&limit=4&past=${first.past}&before=${first.cursor + 1}`)
    assert.deepEqual([ids(second), second.more, second.past], [[4, 1, 5, 3], false, undefined])
    const earliest = await find('order=earliest&limit=3&query=apple&past=-1,3')
    assert.deepEqual([ids(earliest), earliest.past, earliest.cursor], [[5, 7, 1], '5000,1', 7])
    assert.deepEqual(ids(await find('order=latest&limit=1&since=1970-01-01T00:00:03Z&until=1970-01-01T00:00:05Z')), [7])
    const client = connect(other.url)
    const page = await client.search({ order: 'latest', limit: 1 })
    const next = await client.search({ order: 'latest', limit: 1, past: page.past! })
    assert.deepEqual([page.past, ids(next)], ['4102444800000.5,2', [6]])
    for (const wrong of ['order=latest&past=1', 'order=latest&past=a,1', 'order=latest&past=1,2,3', 'past=1,1'])
      assert.match((await find(wrong)).error!.message, /^past /)
    assert.match((await find('order=latest&limit=10001')).error!.message, /^limit .*10000/)
  } finally {
    await other.close()
    await own.close()
  }
})
