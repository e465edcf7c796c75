import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { test } from 'node:test'
import type { FollowFrame } from '../../wire/follow-frame.ts'
import { openServer } from '../open-server.ts'
import { ask, openTestServer } from '../server-harness.ts'

const { hub, server } = await openTestServer()
await hub.log('one', 'two', 'three')

interface Stream {
  response: IncomingMessage
  events: { id: string; frame: FollowFrame }[]
  until(test: () => boolean): Promise<void>
}

async function follow(parameters: string, headers: Record<string, string> = {}): Promise<Stream> {
  const request = get(`${server.url}/api/v1/follow?${parameters}`, { headers, agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const stream: Stream = {
    response,
    events: [],
    async until(test) {
      while (!test()) await once(response, 'data')
    },
  }
  let rest = ''
  response.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n\n')
    rest = parts.pop()!
    for (const part of parts) {
      const [, id, data] = /^id: (\d+)\ndata: (.*)$/.exec(part) ?? []
      if (data) stream.events.push({ id: id!, frame: JSON.parse(data) as FollowFrame })
    }
  })
  request.on('error', () => {})
  return stream
}

const messages = ({ events }: Stream) =>
  events.flatMap(({ frame }) => (frame.type === 'records' ? frame.records.map((record) => record.message) : []))
const isLive = ({ events }: Stream) => events.some(({ frame }) => frame.type === 'live')

test('history, then live, each event with the cursor as its id; Last-Event-ID resumes', async () => {
  const first = await follow('query=source:web')
  assert.match(String(first.response.headers['content-type']), /^text\/event-stream/)
  assert.equal(first.response.headers['x-content-type-options'], 'nosniff')
  await first.until(() => isLive(first))
  assert.deepEqual(messages(first), ['one', 'two', 'three'])
  await hub.log('four')
  await first.until(() => messages(first).length === 4)
  const { id } = first.events.at(-1)!
  assert.equal(id, '4')
  first.response.destroy()

  await hub.log('five', 'six')
  const second = await follow('query=source:web', { 'last-event-id': id })
  await second.until(() => isLive(second))
  assert.deepEqual(messages(second), ['five', 'six'])
  second.response.destroy()
})

test('a wrong query or parameter is an HTTP error, not a stream', async () => {
  for (const parameters of ['query=(', 'slow=very', 'limit=many', 'nothing=1']) {
    const { status, headers } = await ask(`${server.url}/api/v1/follow?${parameters}`)
    assert.equal(status, 400, parameters)
    assert.match(String(headers['content-type']), /json/)
  }
})

test('closing the server ends the stream as a stream ends', async () => {
  const other = await openServer(hub, { port: 0 })
  const request = get(`${other.url}/api/v1/follow`, { agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const ended = once(response.resume(), 'end')
  await other.close()
  await ended
  assert.equal(response.complete, true)
})
