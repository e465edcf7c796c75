import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { after, before, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { openStorage } from '../../storage/open-storage.ts'
import type { IngestAnswer, Storage } from '../../contracts/storage.ts'
import type { LogRecord } from '../../contracts/record.ts'
import { maxIngestBytes } from '../bounds/limits.ts'
import { openServer, type RunningServer } from '../open-server.ts'
import { ask, memoryStorage, openTestHub } from '../server-harness.ts'

let storage: Storage
let server: RunningServer

before(async () => {
  storage = await openStorage({ ...memoryStorage, stages: { parse: { enabled: true }, guessLevel: {} } })
  server = await openServer(openTestHub(storage), { port: 0 })
})

after(async () => {
  await server.close()
  await storage.close()
})

interface Posted extends IngestAnswer {
  status: number
}

/** `chunked`: without telling the length. An empty content-type is none. */
async function post(
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  { chunked = false }: { chunked?: boolean } = {},
): Promise<Posted> {
  const bytes = Buffer.from(body)
  const length: Record<string, string> = chunked ? {} : { 'content-length': String(bytes.length) }
  const all: Record<string, string> = { 'content-type': 'application/x-ndjson', ...length, ...headers }
  if (all['content-type'] === '') delete all['content-type']
  const request = httpRequest(`${server.url}/api/v1/ingest${path}`, { method: 'POST', headers: all, agent: false })
  request.on('error', () => undefined)
  for (let at = 0; at < bytes.length; at += 65_536) request.write(bytes.subarray(at, at + 65_536))
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return { ...(JSON.parse(text) as Posted), status: response.statusCode! }
}

async function found(query: string): Promise<LogRecord[]> {
  const parameters = new URLSearchParams({ query, order: 'oldest', limit: '1000' })
  const { body } = await ask(`${server.url}/api/v1/search?${parameters}`)
  return (JSON.parse(body) as { records: LogRecord[] }).records
}

test('JSON lines are records when they are answered', async () => {
  const lines = ['{"level":"error","message":"first","user":7}', 'no JSON', '{"msg":"third","time":1760853347606}']
  const { status, accepted, malformed, head } = await post('?source=lines', lines.join('\r\n'))
  assert.deepEqual([status, accepted, malformed], [200, 3, 1])
  const records = await found('source:lines')
  assert.equal(records.at(-1)!.id, head)
  assert.deepEqual(
    records.map(({ message, severity, seq, run, stream, fields }) => ({ message, severity, seq, run, stream, fields })),
    [
      { message: 'first', severity: 17, seq: 1, run: 1, stream: 'log', fields: { user: 7 } },
      { message: 'no JSON', severity: 9, seq: 2, run: 1, stream: 'log', fields: undefined },
      { message: 'third', severity: 9, seq: 3, run: 1, stream: 'log', fields: undefined },
    ],
  )
  assert.equal(records[2]!.time, 1_760_853_347_606)
})

test('whole JSON, plain text, and compressed bodies', async () => {
  const json = JSON.stringify([{ message: 'a' }, { message: 'b' }], undefined, 1)
  const text = { 'content-type': 'text/plain; charset=utf-8' }
  const answers = [
    await post('?source=forms', json, { 'content-type': 'application/json' }),
    await post('?source=forms', '2025-10-19 05:55:47 ERROR plain\n{"level":"warn","msg":"json in text"}\n', text),
    await post('?source=forms', gzipSync('{"msg":"gzip"}'), { 'content-encoding': 'gzip' }),
    await post('?source=forms', zstdCompressSync('{"msg":"zstd"}'), { 'content-encoding': 'zstd' }),
    await post('?source=forms', '{"msg":"chunked"}', {}, { chunked: true }),
    await post('?source=forms', ''),
  ]
  assert.deepEqual(
    answers.map(({ status, accepted, malformed }) => [status, accepted, malformed]),
    [2, 2, 1, 1, 1, 0].map((count) => [200, count, 0]),
  )
  const records = await found('source:forms')
  assert.deepEqual(
    records.map(({ message, severity }) => [message, severity]),
    [
      ['a', 9],
      ['b', 9],
      ['plain', 17],
      ['json in text', 13],
      ['gzip', 9],
      ['zstd', 9],
      ['chunked', 9],
    ],
  )
})

test('without a source in the request, records name theirs', async () => {
  const lines = ['{"service":"cart","msg":"1"}', '{"msg":"2"}', '{"source":"web","msg":"3"}']
  assert.equal((await post('', lines.join('\n'))).accepted, 3)
  // `web` is a process of this hub.
  assert.deepEqual(
    [await found('source:cart'), await found('source:http')].map((records) => records.map(({ message }) => message)),
    [['1'], ['2', '3']],
  )
})

test('what is wrong with a request is said, and nothing of it is stored', async () => {
  const head = storage.head()
  const wrong: [status: number, answer: Promise<Posted>, message: RegExp][] = [
    [400, post('?source=web', '{"msg":"x"}'), /web is a process of this hub/],
    [400, post('?source=logboom', '{"msg":"x"}'), /Logboom's own/],
    [400, post('?source=', '{"msg":"x"}'), /must not be empty/],
    [400, post(`?source=${'x'.repeat(81)}`, '{"msg":"x"}'), /80 bytes/],
    [400, post('?sourc=x', '{"msg":"x"}'), /sourc/],
    [400, post('?source=x', '[{"msg":"x"}', { 'content-type': 'application/json' }), /not JSON/],
    [400, post('?source=x', 'no gzip', { 'content-encoding': 'gzip' }), /content-encoding/],
    [415, post('?source=x', 'x', { 'content-encoding': 'br' }), /br is not known/],
    [415, post('?source=x', 'x', { 'content-type': 'application/x-www-form-urlencoded' }), /not known/],
    [415, post('?source=x', 'x', { 'content-type': '' }), /content-type is missing/],
  ]
  for (const [status, answer, message] of wrong) {
    const { status: actual, error } = await answer
    assert.deepEqual([actual, error!.code], [status, 'request-invalid'], error!.message)
    assert.match(error!.message, message)
    assert.ok(error!.hint)
  }
  assert.equal(storage.head(), head)
})

test('a body beyond the bound is refused, whatever it says of its length', async () => {
  const large = Buffer.alloc(maxIngestBytes + 1, 'x\n')
  const answers = [
    post('?source=large', large),
    post('?source=large', large, {}, { chunked: true }),
    post('?source=large', gzipSync(large), { 'content-encoding': 'gzip' }),
    post('?source=large', zstdCompressSync(large), { 'content-encoding': 'zstd' }),
  ]
  for (const { status, error } of await Promise.all(answers)) {
    assert.equal(status, 413)
    assert.match(error!.message, /more than 16,777,216 bytes/)
  }
  assert.equal((await post('?source=large', '{"msg":"x"}')).status, 200)
})

test('a page of another site cannot post', async () => {
  const origin = { origin: 'https://evil.example' }
  const text = { 'content-type': 'text/plain' }
  const fetched = { ...text, 'sec-fetch-site': 'cross-site' }
  for (const headers of [
    { ...text, ...origin },
    fetched,
    { ...text, host: 'evil.example' },
    { ...text, origin: 'null' },
  ])
    assert.equal((await post('?source=evil', 'x', headers)).status, 403)
  assert.deepEqual(await found('source:evil'), [])
})

test('more than there is room for waits its turn; who goes away gives up his', async () => {
  const { host, hostname, port } = new URL(server.url)
  const head = `POST /api/v1/ingest?source=gone HTTP/1.1\r\nhost: ${host}\r\ncontent-type: text/plain\r\n`
  // Three of these are more than the room; none will ever come whole.
  const lazy = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const socket = connectTcp(Number(port), hostname)
      await once(socket, 'connect')
      socket.write(`${head}content-length: ${maxIngestBytes}\r\n\r\nbeginning`)
      return socket
    }),
  )
  const body = `{"msg":"${'x'.repeat(1000)}"}\n`.repeat(2000)
  const answers = Array.from({ length: 24 }, () => post('?source=many', body))
  for (const socket of lazy) socket.destroy()
  for (const { status, accepted } of await Promise.all(answers)) assert.deepEqual([status, accepted], [200, 2000])
  assert.deepEqual(await found('source:gone'), [])
})

test('a body sent again under its name is not stored again', async () => {
  const first = await post('?source=named&batch=b-1', '{"msg":"x"}')
  const second = await post('?source=named&batch=b-1', '{"msg":"x"}')
  assert.deepEqual([first.repeated, second.repeated, second.accepted], [undefined, true, 1])
  assert.equal((await found('source:named')).length, 1)
})
