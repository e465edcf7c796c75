import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Entry } from '../../contracts/source-storage.ts'
import type { SourceContext } from '../../contracts/source.ts'
import { openPushLane, type KeptContainer } from './push-lane.ts'

interface Push {
  run: number
  messages: string[]
  once: { count: number; kept: Record<string, KeptContainer> }
  finish(error?: Error): void
}

/** A storage whose commits end when the test says so. */
function openStorage(last?: string): { context: Pick<SourceContext, 'push' | 'lastOnce'>; pushes: Push[] } {
  const pushes: Push[] = []
  const context: Pick<SourceContext, 'push' | 'lastOnce'> = {
    lastOnce: async () => last,
    push(run, entries, once) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const finish = (error?: Error): void => (error ? reject(error) : resolve())
      const messages = [...(entries as Entry[])].map(({ message }) => message)
      pushes.push({ run: (run as { run: number }).run, messages, once: JSON.parse(once!), finish })
      return promise as never
    },
  }
  return { context, pushes }
}

const keep = (run: number, count: number): KeptContainer => ({
  run,
  started: '1.0',
  seen: { stdout: ['1', count, '1', count, 0] },
})
const line = (message: string): Entry => ({ message, stream: 'stdout' })

test('one commit at a time, in order, and what waits for one container goes together', async () => {
  const { context, pushes } = openStorage()
  const lane = await openPushLane(context)
  void lane.push('a', 1, [line('1')], keep(1, 1))
  void lane.push('a', 1, [line('2')], keep(1, 2))
  void lane.push('a', 1, [line('3')], keep(1, 3))
  void lane.push('b', 2, [line('4')], keep(2, 1))
  void lane.push('a', 3, [line('5')], keep(3, 4))
  void lane.push('a', 3, [line('6')], undefined)
  for (let i = 0; i < 6; i++) {
    await turn()
    assert.ok(pushes.length <= i + 1, 'one at a time')
    pushes[i]?.finish()
  }
  await lane.drained()
  assert.deepEqual(
    pushes.map(({ run, messages }) => [run, ...messages]),
    [
      [1, '1'],
      [1, '2', '3'],
      [2, '4'],
      [3, '5'],
      [3, '6'],
    ],
  )
  // Each commit knows of its own lines and those before it, and of no other.
  assert.deepEqual(
    pushes.map(({ once }) => Object.entries(once.kept).map(([id, kept]) => [id, kept.seen.stdout![1]])),
    [[['a', 1]], [['a', 3]], [['a', 3], ['b', 1]], [['a', 4], ['b', 1]], [['b', 1]]],
  ) // prettier-ignore
  assert.deepEqual(
    pushes.map(({ once }) => once.count),
    [1, 2, 3, 4, 5],
  )
})

test('the next life goes on with places and numbers of the last commit', async () => {
  const { context, pushes } = openStorage(JSON.stringify({ count: 7, kept: { a: keep(2, 9) } }))
  const lane = await openPushLane(context)
  assert.deepEqual(lane.kept, { a: keep(2, 9) })
  void lane.push('a', 2, [line('x')], keep(2, 10))
  await turn()
  assert.equal(pushes[0]!.once.count, 8)
  pushes[0]!.finish()
  await lane.drained()
})

test('a change without records is kept with the next records', async () => {
  const { context, pushes } = openStorage()
  const lane = await openPushLane(context)
  void lane.push('a', 1, [], keep(1, 5))
  await lane.drained()
  assert.equal(pushes.length, 0)
  void lane.push('b', 2, [line('x')], keep(2, 1))
  await turn()
  assert.deepEqual(Object.keys(pushes[0]!.once.kept), ['a', 'b'])
  pushes[0]!.finish()
  await lane.drained()
})

test('nothing is kept behind a commit that failed, and whoever waits is told', async () => {
  const { context, pushes } = openStorage()
  const lane = await openPushLane(context)
  void lane.push('a', 1, [line('1')], keep(1, 1))
  const full = lane.push('a', 1, [line('x'.repeat(5_000_000))], keep(1, 2))
  assert.ok(full, 'there is no room')
  await turn()
  pushes[0]!.finish(new Error('disk full'))
  await assert.rejects(full, /disk full/)
  void lane.push('a', 1, [line('3')], keep(1, 3))
  await assert.rejects(lane.drained(), /disk full/)
  await assert.rejects(async () => lane.push('b', 1, [line('x'.repeat(5_000_000))], keep(1, 1)), /disk full/)
  assert.equal(pushes.length, 1)
})

test('there is room again when enough is kept, and all who wait learn of it', async () => {
  const { context, pushes } = openStorage()
  const lane = await openPushLane(context)
  assert.equal(lane.push('a', 1, [line('1')], keep(1, 1)), undefined)
  const waits = ['a', 'b'].map((id) => lane.push(id, 1, [line('x'.repeat(5_000_000))], keep(1, 2)))
  let ready = 0
  for (const wait of waits) void wait!.then(() => ready++)
  await turn()
  pushes[0]!.finish()
  await turn()
  assert.equal(ready, 0)
  pushes[1]!.finish()
  await turn()
  assert.equal(ready, 0, 'the other is more than may wait')
  pushes[2]!.finish()
  await turn()
  assert.equal(ready, 2)
  await lane.drained()
})

test('words that a process of the name has left keep no container', async () => {
  for (const words of ['exit/7', 'null', '3', '"x"', '{"count":"1"}', 's=ab;i=3'])
    assert.deepEqual((await openPushLane(openStorage(words).context)).kept, {}, words)
})
