// The forwarder over a spool and a hub that are played by the test: order, window, and the hub's word.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeRecords } from '../wire/agent-messages.ts'
import { openForwarder } from './forward.ts'

/** A spool of records of which each is read by itself. */
function openOn(count: number, windowBytes = 1000) {
  const spool = { head: count, released: 0 }
  const sent: string[] = []
  const forwarder = openForwarder({
    spool: {
      read: (after) =>
        Promise.resolve(
          after < spool.head ? { frames: new Uint8Array(400), first: after + 1, last: after + 1 } : undefined,
        ),
      release: (through) => Promise.resolve(void (spool.released = through)),
    },
    head: () => spool.head + 10_000,
    windowBytes,
    failed: (error) => assert.fail(error.message),
  })
  const send = (message: Uint8Array): void => {
    const { after, through } = decodeRecords(message)!
    sent.push(`${after} ${through}`)
  }
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
  return { spool, sent, forwarder, send, settle }
}

test('as many as the window has room for are under way, and more as they are acknowledged', async () => {
  const { sent, forwarder, send, settle } = openOn(5)
  forwarder.begin(undefined, send)
  await settle()
  assert.deepEqual(sent.splice(0), ['undefined 1', '1 2', '2 3'])
  forwarder.acknowledged(2)
  await settle()
  assert.deepEqual(sent.splice(0), ['3 4', '4 5'])
  assert.equal(forwarder.through(), 2)
})

test('the next connection begins where the hub has got to, whatever was under way', async () => {
  const { spool, sent, forwarder, send, settle } = openOn(3)
  forwarder.begin(undefined, send)
  await settle()
  forwarder.end()
  spool.head = 4
  forwarder.wake()
  await settle()
  assert.deepEqual(sent.splice(0), ['undefined 1', '1 2', '2 3'])
  forwarder.begin(2, send)
  await settle()
  assert.deepEqual(sent, ['2 3', '3 4'])
})
