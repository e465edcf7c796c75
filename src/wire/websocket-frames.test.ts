import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { Writable } from 'node:stream'
import * as ws from 'ws'
import { textFrames, textsOfFrames } from './websocket-frames.ts'

/** Of the package, though its types do not know it. */
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable }

test('texts of every length come out of a WebSocket as they went in, however many are sent as one piece', async () => {
  const texts = ['', 'a', 'ü😀', ...[124, 125, 126, 127, 65_535, 65_536, 70_000].map((length) => 'x'.repeat(length))]
  const receiver = new Receiver({ isServer: false })
  const received: string[] = []
  receiver.on('message', (data: Buffer, isBinary: boolean) => {
    assert.equal(isBinary, false)
    received.push(data.toString())
  })
  receiver.end(textFrames(texts))
  await once(receiver, 'finish')
  assert.deepEqual(received, texts)
  assert.deepEqual(textsOfFrames(textFrames(texts)), texts)
})
