import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openProgressLine } from './progress-line.ts'

function stream(isTTY: boolean): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = []
  return {
    stream: { isTTY, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream,
    written,
  }
}

test('one line that is written over, not too often, and taken away', () => {
  const { stream: terminal, written } = stream(true)
  const line = openProgressLine(terminal)
  line.clear()
  line.show('1 so far')
  line.show('2 so far')
  line.clear()
  assert.deepEqual(written, ['\r1 so far\u001b[K', '\r\u001b[K'])
})

test('nothing where nobody looks on', () => {
  const { stream: file, written } = stream(false)
  const line = openProgressLine(file)
  line.show('1 so far')
  line.clear()
  assert.deepEqual(written, [])
})
