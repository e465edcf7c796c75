import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import type { FollowFrame, FollowRequest } from '../../wire/follow-frame.ts'
import type { StatusFrame } from '../../wire/hub-view.ts'
import { openServer } from '../open-server.ts'
import { openTestServer } from '../server-harness.ts'

const { storage, hub, server } = await openTestServer()

interface Follower {
  socket: WebSocket
  frames: FollowFrame[]
  ids(): number[]
  until(test: (follower: Follower) => boolean): Promise<void>
}

async function follow(request: FollowRequest | string): Promise<Follower> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/follow`)
  const follower: Follower = {
    socket,
    frames: [],
    ids: () => follower.frames.flatMap((frame) => (frame.type === 'records' ? frame.records.map(({ id }) => id) : [])),
    async until(test) {
      while (!test(follower)) await once(socket, 'message')
    },
  }
  socket.on('message', (data: Buffer) => follower.frames.push(JSON.parse(data.toString()) as FollowFrame))
  await once(socket, 'open')
  socket.send(typeof request === 'string' ? request : JSON.stringify(request))
  return follower
}

const isLive = ({ frames }: Follower) => frames.some(({ type }) => type === 'live')
const upTo = (id: number) => (follower: Follower) => (follower.ids().at(-1) ?? 0) >= id
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

function assertInOrder(follower: Follower, from: number, to: number): void {
  const ids = follower.ids()
  const wrong = ids.findIndex((id, index) => id !== from + index)
  assert.equal(wrong, -1, `after ${ids[wrong - 1]} came ${ids[wrong]}`)
  assert.equal(ids.length, to - from + 1)
}

test('200 followers, joining while lines are written, each get every line once and in order', async () => {
  let writing = true
  const writer = (async () => {
    while (writing) await hub.log('a', 'b', 'c')
  })()
  const followers = await Promise.all(
    range(1, 200).map((n) => follow({ after: 0, ...(n % 2 ? {} : { query: 'source:web' }) })),
  )
  await Promise.all(followers.map((follower) => follower.until(isLive)))
  writing = false
  await writer
  await hub.log('the last')
  const head = storage.head()
  await Promise.all(followers.map((follower) => follower.until(upTo(head))))
  for (const follower of followers) {
    assertInOrder(follower, 1, head)
    follower.socket.terminate()
  }
})

test('a new message replaces the subscription; a wrong one is answered with the error', async () => {
  await hub.log('needle', 'hay')
  const head = storage.head()
  const follower = await follow({ limit: 0 })
  await follower.until(isLive)
  follower.socket.send('{"query":"needle","after":0}')
  await follower.until(({ frames }) => frames.filter(({ type }) => type === 'live').length === 2)
  assert.deepEqual(follower.ids(), [head - 1])
  for (const [wrong, code] of [
    ['{"query":"("}', 'query-invalid'],
    ['{"after":-1}', 'request-invalid'],
    ['{"anything":1}', 'request-invalid'],
    ['no json', 'request-invalid'],
  ] as const) {
    follower.frames.length = 0
    follower.socket.send(wrong)
    await follower.until(({ frames }) => frames.length > 0)
    const [frame] = follower.frames
    assert.ok(frame?.type === 'error')
    assert.equal(frame.error.code, code)
  }
  follower.socket.terminate()
})

const wide = 'x'.repeat(1000)

/** Writes more than sockets, channel and pending bytes hold together. */
async function flood(): Promise<void> {
  for (let i = 0; i < 40; i++) await hub.log(...Array.from({ length: 1000 }, () => wide))
}

test('a client that stops reading gets everything when it reads on', async () => {
  const follower = await follow({ limit: 0 })
  await follower.until(isLive)
  const start = storage.head()
  follower.socket.pause()
  await flood()
  const head = storage.head()
  follower.socket.resume()
  await follower.until(upTo(head))
  assertInOrder(follower, start + 1, head)
  assert.equal(follower.frames.filter(({ type }) => type === 'gap').length, 0)
  follower.socket.terminate()
})

test('with slow: skip, what a client missed is counted exactly and can be filled from the store', async () => {
  const follower = await follow({ limit: 0, slow: 'skip' })
  await follower.until(isLive)
  const start = storage.head()
  follower.socket.pause()
  await flood()
  const head = storage.head()
  follower.socket.resume()
  // On a busy machine the very last lines may be among those that it misses.
  const hasMissedLast = ({ frames }: Follower) => frames.some((frame) => frame.type === 'gap' && frame.before > head)
  await follower.until((each) => upTo(head)(each) || hasMissedLast(each))
  const gaps = follower.frames.filter((frame) => frame.type === 'gap')
  assert.ok(gaps.length > 0)
  const filled = gaps.flatMap(({ after, before, lines }) => {
    assert.equal(lines, before - after - 1)
    return range(after + 1, before - 1)
  })
  assert.deepEqual(
    [...follower.ids(), ...filled].sort((a, b) => a - b),
    range(start + 1, head),
  )
  follower.socket.terminate()
})

test('the status comes at once, and again when something changes', async () => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/status`)
  const frames: StatusFrame[] = []
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as StatusFrame))
  await once(socket, 'message')
  assert.equal(frames[0]!.type, 'status')
  assert.equal(frames[0]!.sources[0]!.restarts, hub.actions.length)
  hub.actions.push('restart')
  hub.changed()
  await once(socket, 'message')
  assert.equal(frames[1]!.sources[0]!.restarts, hub.actions.length)
  socket.terminate()
})

test('closing the server says goodbye to sockets, also to one that does not listen', async () => {
  const other = await openServer(hub, { port: 0 })
  const address = `${other.url.replace('http', 'ws')}/api/v1/follow`
  const polite = new WebSocket(address)
  const deaf = new WebSocket(address)
  await Promise.all([once(polite, 'open'), once(deaf, 'open')])
  deaf.pause()
  deaf.on('error', () => {})
  const closed = once(polite, 'close')
  await other.close()
  assert.equal((await closed)[0], 1001)
  deaf.terminate()
})
