import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatNote, linesOfSegment, readSegment } from './segment.ts'

const position = { device: 1, inode: 2, end: 30 }
const whole =
  `{"msg":"one"}\n{"msg":"#two"}\n${formatNote({ records: 2, position })}` +
  `{"msg":"three"}\n${formatNote({ records: 1, position: { ...position, end: 40 }, replaces: ['a'] })}`

test('what is posted are the lines without the notes', () => {
  assert.equal(linesOfSegment(Buffer.from(whole)).toString(), '{"msg":"one"}\n{"msg":"#two"}\n{"msg":"three"}\n')
  assert.equal(linesOfSegment(Buffer.from(formatNote({ records: 0 }))).length, 0)
  assert.equal(linesOfSegment(Buffer.alloc(0)).length, 0)
})

test('notes tell how many records there are, how far the log is in them, and what they stand for', () => {
  const { records, last, replaces, wholeBytes } = readSegment(Buffer.from(whole))
  assert.deepEqual([records, last?.position?.end, replaces, wholeBytes], [3, 40, ['a'], whole.length])
})

test('wherever a kill cuts a segment off, it is whole up to a note', () => {
  const firstEnd = whole.indexOf('{"msg":"three"}')
  for (let length = 0; length < whole.length; length++) {
    const { wholeBytes, records } = readSegment(Buffer.from(whole.slice(0, length)))
    assert.deepEqual([wholeBytes, records], length < firstEnd ? [0, 0] : [firstEnd, 2], `cut at ${length}`)
  }
})
