import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTurns } from './turns.ts'

const never = new AbortController().signal

test('so many run at once, the others in the order of coming', async () => {
  const turns = openTurns(2)
  const order: string[] = []
  const take = (name: string) =>
    turns.take(never).then((end) => {
      order.push(name)
      return end
    })
  const [endA] = [await take('a'), await take('b')]
  const waiting = [take('c'), take('d')]
  assert.equal(turns.waiting(), 2)
  endA()
  endA()
  await waiting[0]
  assert.deepEqual(order, ['a', 'b', 'c'], 'a turn that is ended twice is ended once')
  assert.equal(turns.waiting(), 1)
})

test('who goes away while waiting holds up nobody', async () => {
  const turns = openTurns(1)
  const end = await turns.take(never)
  const gone = new AbortController()
  const left = turns.take(gone.signal)
  const next = turns.take(never)
  gone.abort(new Error('gone'))
  await assert.rejects(left, /gone/)
  end()
  await next
  await assert.rejects(turns.take(AbortSignal.abort(new Error('before'))), /before/)
  assert.equal(turns.waiting(), 0)
})
