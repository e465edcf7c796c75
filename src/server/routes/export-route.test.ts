import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { test } from 'node:test'
import type { LogRecord } from '../../contracts/record.ts'
import type { Storage } from '../../contracts/storage.ts'
import type { SearchPage } from '../../contracts/store.ts'
import { openServer } from '../open-server.ts'
import { ask, openTestHub, openTestServer } from '../server-harness.ts'

const count = 30_000

const { storage, hub, server } = await openTestServer()
await hub.log(...Array.from({ length: count }, (_, index) => `line ${index}, and "more"`))

test('everything, oldest first, a line for each, as a file', async () => {
  const { status, headers, body } = await ask(`${server.url}/api/v1/export`)
  assert.equal(status, 200)
  assert.equal(headers['content-type'], 'application/x-ndjson')
  assert.match(String(headers['content-disposition']), /^attachment; filename="logboom-\d{8}-\d{6}\.ndjson"$/)
  const lines = body.split('\n')
  assert.equal(lines.pop(), '')
  assert.equal(lines.length, count)
  lines.forEach((line, i) => {
    const record = JSON.parse(line) as LogRecord
    if (record.id !== i + 1 || record.message !== `line ${i}, and "more"`) assert.fail(line)
  })
})

test('as text and as CSV; query, order and limit', async () => {
  const text = await ask(`${server.url}/api/v1/export?format=text&order=newest&limit=2&query=line`)
  assert.match(
    text.body,
    /^[-\d]+ [.:\d]+ web \[TRACE\] line 29999, .*\n[-\d]+ [.:\d]+ web \[TRACE\] line 29998, .*\n$/,
  )
  assert.match(String(text.headers['content-type']), /^text\/plain/)
  const csv = await ask(`${server.url}/api/v1/export?format=csv&limit=1&after=7`)
  assert.match(csv.body, /^id,time,.*\r\n8,.*,"line 7, and ""more""",.*\r\n$/)
  assert.match(String(csv.headers['content-disposition']), /\.csv"$/)
})

test('wrong requests are refused before anything is sent', async () => {
  for (const parameters of ['query=(', 'format=xml', 'limit=-1', 'order=any', 'nothing=1'])
    assert.equal((await ask(`${server.url}/api/v1/export?${parameters}`)).status, 400, parameters)
})

/** A log without end; `pages` counts what was asked for, `left` that the search was ended. */
function endless(): { storage: Storage; pages: () => number; left: () => boolean } {
  let pages = 0
  let left = false
  const search: Storage['search'] = async function* (request, signal) {
    try {
      const stored: SearchPage[] = []
      for await (const page of storage.search(request)) stored.push(page)
      // Without anything to wait for, as from a fast disk.
      for (; ; pages++) {
        signal?.throwIfAborted()
        yield stored[pages % stored.length]!
      }
    } finally {
      left = true
    }
  }
  return { storage: { ...storage, search }, pages: () => pages, left: () => left }
}

test('one that is read waits for its reader, lets others have their turn, and ends when the reader goes', async () => {
  const { storage, pages, left } = endless()
  const other = await openServer(openTestHub(storage), { port: 0 })
  const request = get(`${other.url}/api/v1/export`)
  request.on('error', () => {})
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.resume()
  for (let turn = 0; turn < 20; turn++) assert.equal((await ask(`${other.url}/api/v1/hub`)).status, 200)

  response.pause()
  // Sockets and streams on the way hold some megabytes; then nothing more is read.
  let before: number
  do {
    before = pages()
    await new Promise((resolve) => setTimeout(resolve, 300))
  } while (pages() > before)
  assert.ok(!left())

  request.destroy()
  while (!left()) await new Promise((resolve) => setTimeout(resolve, 1))
  await other.close()
})

test('one that breaks off in the middle does not look like a whole one', async () => {
  const broken: Storage = {
    ...storage,
    async *search(request) {
      for await (const page of storage.search(request)) {
        yield page
        throw new Error('the disk is gone')
      }
    },
  }
  const other = await openServer(openTestHub(broken), { port: 0 })
  await assert.rejects(ask(`${other.url}/api/v1/export`))
  await other.close()
})
