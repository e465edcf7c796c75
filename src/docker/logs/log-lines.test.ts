import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLineReader, type LogLine } from './log-lines.ts'
import type { Piece } from './log-pieces.ts'

function piece(text: string, time = '1', isLast = true, stream: Piece['stream'] = 'stdout'): Piece {
  return { stream, time, text: Buffer.from(text), isLast }
}

const shown = (lines: readonly LogLine[]): unknown[] =>
  lines.map(({ stream, time, ordinal, text }) => [stream, time, ordinal, text.toString('utf8')])

test('pieces of one line become one, though the other stream speaks between them', () => {
  const { add, heldBytes, flush } = openLineReader(false)
  assert.deepEqual(shown(add([piece('a', '1', false), piece('oh', '2', true, 'stderr'), piece('b', '1', false)])), [
    ['stderr', '2', 1, 'oh'],
  ])
  assert.equal(heldBytes(), 2)
  assert.deepEqual(shown(add([piece('c')])), [['stdout', '1', 1, 'abc']])
  assert.equal(heldBytes(), 0)
  assert.deepEqual(flush(), [])
})

test('a character that is cut between two pieces is whole', () => {
  const { add } = openLineReader(false)
  const bytes = Buffer.from('ab🎉')
  const [head, tail] = [bytes.subarray(0, 4), bytes.subarray(4)]
  const lines = add([
    { ...piece('', '1', false), text: head },
    { ...piece(''), text: tail },
  ])
  assert.deepEqual(shown(lines), [['stdout', '1', 1, 'ab🎉']])
})

test('lines of one time are numbered, stream by stream', () => {
  const { add } = openLineReader(false)
  const lines = add([piece('a'), piece('b', '1', true, 'stderr'), piece('c'), piece('d', '2'), piece('e', '2')])
  assert.deepEqual(
    lines.map(({ ordinal }) => ordinal),
    [1, 1, 2, 1, 2],
  )
})

test('a line whose rest does not come ends where another time begins, and at the end of its writer', () => {
  const { add, flush } = openLineReader(false)
  assert.deepEqual(shown(add([piece('half', '1', false), piece('next', '2', false)])), [['stdout', '1', 1, 'half']])
  assert.deepEqual(shown(flush()), [['stdout', '2', 1, 'next']])
})

test('a line that is longer than any may be becomes several', () => {
  const { add, heldBytes } = openLineReader(false)
  const part = piece('x'.repeat(1024 * 1024), '1', false)
  const lines = Array.from({ length: 40 }, () => add([part])).flat()
  assert.deepEqual(
    lines.map(({ ordinal, text }) => [ordinal, text.length]),
    [
      [1, 16 * 1024 * 1024],
      [2, 16 * 1024 * 1024],
    ],
  )
  assert.equal(heldBytes(), 8 * 1024 * 1024)
})

test('a line that has a piece twice is doubtful: a follow may have repeated it', () => {
  const { add } = openLineReader(false)
  const parts = (...texts: string[]): Piece[] => texts.map((text, i) => piece(text, '1', i === texts.length - 1))
  const doubts = [parts('a', 'b', 'c'), parts('a', 'b', 'b', 'c'), parts('a', 'b', 'a', 'b', 'c'), parts('a')]
  assert.deepEqual(
    doubts.map((pieces) => add(pieces)[0]!.isDoubtful),
    [false, true, true, false],
  )
})

test('a terminal ends lines with a carriage return, whole or as a piece of its own', () => {
  const { add } = openLineReader(true)
  const lines = add([piece('one\r'), piece('two', '2', false), piece('\r', '2'), piece('a\rb\r\r', '3')])
  assert.deepEqual(
    lines.map(({ text }) => text.toString()),
    ['one', 'two', 'a\rb\r'],
  )
  assert.equal(
    openLineReader(false)
      .add([piece('one\r')])[0]!
      .text.toString(),
    'one\r',
  )
})
