import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logStream } from './log-stream.ts'

for (const [sent, isEchoed] of [
  [123, true],
  [1749392730.123, true],
  ['2025-06-08T14:25:30.123Z', true],
  ['x'.repeat(65), false],
  [{ a: 1 }, false],
  [[], false],
  [null, false],
  [undefined, false],
] as const)
  test(`a ping with ${JSON.stringify(sent)?.slice(0, 30)} is answered ${isEchoed ? 'by the same' : 'by the time of now'}`, () => {
    const said: string[] = []
    const session = logStream.open({
      parameters: new URLSearchParams(),
      follow: () => undefined,
      replay: () => undefined,
      send: (text) => said.push(text),
      refuse: assert.fail,
    })
    session.hear!({ type: 'ping', timestamp: sent })
    const { type, timestamp } = JSON.parse(said[0]!) as { type: string; timestamp: unknown }
    assert.deepEqual([type, said.length], ['pong', 1])
    if (isEchoed) assert.equal(timestamp, sent)
    else assert.equal(typeof timestamp, 'number')
  })
