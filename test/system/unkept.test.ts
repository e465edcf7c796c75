// What viewers see while the store cannot be written (C13): captured lines, masked and filtered as always, without ids, taken
// back when they come as records; over WebSocket and server-sent events and on consoles alike.
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { requireMount } from '../../scripts/ensure-system.ts'
import type { FollowFrame, UnkeptRecord } from '../../src/client/index.ts'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import { mountSmallDisk } from './small-disk.ts'

const secret = 'hunter2hunter2'
const script =
  'word=password; i=0; while :; do i=$((i + 1)); echo "n=$i"; [ $((i % 5)) = 0 ] && echo "ERROR: lost n of $i, $word=$SECRET"; sleep 0.02; done'

interface Follower {
  frames: FollowFrame[]
  /** Of all frames of type `unkept`. */
  held(): UnkeptRecord[]
  /** SSE: ids of the events. */
  ids: string[]
}

async function followSocket(t: TestContext, hub: HubProcess, request: object): Promise<Follower> {
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/follow`)
  t.after(() => socket.close())
  const follower = newFollower()
  socket.addEventListener('message', ({ data }) => follower.frames.push(JSON.parse(String(data)) as FollowFrame))
  await until('the connection', () => socket.readyState === WebSocket.OPEN)
  socket.send(JSON.stringify(request))
  return follower
}

async function followEvents(t: TestContext, hub: HubProcess, query: string): Promise<Follower> {
  const abort = new AbortController()
  t.after(() => abort.abort())
  const follower = newFollower()
  const { body } = await fetch(`${hub.url}/api/v1/follow?${query}`, { signal: abort.signal })
  void (async () => {
    let text = ''
    for await (const piece of body!.pipeThrough(new TextDecoderStream())) {
      text += piece
      const events = text.split('\n\n')
      text = events.pop()!
      for (const event of events) {
        const match = /^id: (\d+)\ndata: (.*)$/.exec(event)
        if (!match) continue
        follower.ids.push(match[1]!)
        follower.frames.push(JSON.parse(match[2]!) as FollowFrame)
      }
    }
  })().catch(() => undefined)
  return follower
}

function newFollower(): Follower {
  const frames: FollowFrame[] = []
  return { frames, ids: [], held: () => frames.flatMap((frame) => (frame.type === 'unkept' ? frame.records : [])) }
}

/** Another command in the hub's place that goes on; gives what it has printed. */
function watch(t: TestContext, hub: HubProcess, ...words: string[]): () => string {
  const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')
  const child: ChildProcess = spawn(process.execPath, [bin, ...words], {
    cwd: hub.directory,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill())
  let said = ''
  child.stdout!.on('data', (data) => (said += String(data)))
  return () => said
}

const numbersIn = (text: string): number[] => [...text.matchAll(/\bn=(\d+)$/gm)].map((match) => Number(match[1]))

test(
  'a full disk: followers see what is captured, without ids, and then the same as records',
  requireMount(),
  async (t) => {
    const hub = prepareHub({ processes: { talker: { command: ['sh', '-c', script], env: { SECRET: secret } } } })
    const disk = mountSmallDisk(hub.stateDirectory, 64)
    t.after(() => disk.unmount())
    t.after(() => hub.close())
    await hub.start()
    const all = await followSocket(t, hub, { query: 'source:talker kind:system', limit: 10_000 })
    const errors = await followEvents(t, hub, 'query=source:talker+level:error')
    const none = await followSocket(t, hub, { query: 'source:nobody' })
    const consoles = [watch(t, hub, 'logs', '-f', '-a', 'source:talker'), watch(t, hub, 'up', '--follow')]
    for (const said of consoles)
      await until('the console follows', () => said().includes(' n=1\n') && said().includes(' n=20\n'))
    assert.equal(all.held().length, 0)

    const filledAt = performance.now()
    disk.fill()
    await until('lines are shown', () => all.held().length > 20 && errors.held().length > 2)
    for (const record of all.held()) {
      assert.ok(!('id' in record), JSON.stringify(record))
      assert.equal(record.source, 'talker')
      assert.ok(record.seq > 0 && record.session.length > 0 && record.severity > 0)
    }
    for (const { message, severity } of errors.held()) {
      assert.equal(severity, 17)
      assert.match(message, /lost n of \d+/)
    }
    assert.ok(!JSON.stringify([all.frames, errors.frames]).includes(secret), 'a secret got out')
    assert.deepEqual(none.held(), [])
    // What is not kept is no place to resume from.
    const head = (await hub.client.search({ limit: 1 })).records[0]!.id
    assert.ok(errors.ids.every((id) => Number(id) <= head))
    const late = await followSocket(t, hub, { query: 'source:talker', after: head })
    await until('a follower that comes late sees what waits', () => late.held().length > 20)
    for (const said of consoles)
      await until('consoles show them, marked', () => /talker +\[INFO\] \[not kept yet\] n=\d+\n/.test(said()))
    // Longer than what passes for nothing.
    await until('a while', () => performance.now() - filledAt > 2500)

    disk.free()
    await until('all is well', async () => (await hub.client.hub()).trouble.length === 0)
    const last = Math.max(...all.held().map(({ unkept }) => unkept))
    await until('they are taken back', () => all.frames.some((frame) => frame.type === 'unkept' && frame.first > last))
    await hub.client.control('talker', 'stop')
    const { records } = await hub.client.search({ query: 'source:talker kind:system', order: 'newest', limit: 1 })
    const ids = (): number[] =>
      all.frames.flatMap((frame) => (frame.type === 'records' ? frame.records.map(({ id }) => id) : []))
    await until('the last record', () => ids().at(-1) === records[0]!.id)
    assert.deepEqual(
      ids(),
      ids().toSorted((a, b) => a - b),
    )
    const messages = all.frames.flatMap((frame) =>
      frame.type === 'records' ? frame.records.map(({ message }) => message) : [],
    )
    const expected = numbersIn(messages.join('\n'))
    assert.deepEqual(
      expected,
      expected.map((_, index) => index + 1),
    )
    for (const said of consoles) {
      await until('the console has all', () => said().includes(` n=${expected.length}\n`))
      assert.deepEqual(numbersIn(said()), expected, 'each line once, in order')
    }
    const told = /The store is written again after (\d+(?:\.\d)?)s; nothing was lost/.exec(hub.console())
    assert.ok(Number(told?.[1]) > 1 && Number(told?.[1]) < (performance.now() - filledAt) / 1000, String(told))
  },
)
