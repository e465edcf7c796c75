import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  EngineFault,
  millisecondsOf,
  openFrameReader,
  openStampReader,
  openTerminalReader,
  stampAt,
  type Piece,
} from './log-pieces.ts'

const stamp = '2026-11-29T19:23:19.911161510Z'
const later = '2026-11-29T19:23:20.000000001Z'
const time = '1795980199.911161510'

function frame(stream: number, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body)
  const head = Buffer.alloc(8)
  head[0] = stream
  head.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([head, bytes])
}

const shown = (pieces: readonly Piece[]): unknown[] =>
  pieces.map(({ stream, text, isLast }) => [stream, text.toString('utf8'), isLast])

test('frames that are cut at any byte give the same pieces', () => {
  const all = Buffer.concat([
    frame(1, `${stamp} one ✓\n`),
    frame(2, `${stamp} \n`),
    frame(1, `${later} no end`),
    frame(2, `${later} two words\n`),
  ])
  const expected = [
    ['stdout', 'one ✓', true],
    ['stderr', '', true],
    ['stdout', 'no end', false],
    ['stderr', 'two words', true],
  ]
  for (let cut = 0; cut <= all.length; cut++) {
    const read = openFrameReader()
    assert.deepEqual(shown([...read(all.subarray(0, cut)), ...read(all.subarray(cut))]), expected, `cut at ${cut}`)
  }
  const read = openFrameReader()
  assert.deepEqual(shown([...all].flatMap((_, at) => read(all.subarray(at, at + 1)))), expected)
  assert.equal(openFrameReader()(all)[0]!.time, time)
})

test('what is no frame is a fault of the engine, whose words are told', () => {
  const faults: [Buffer, RegExp][] = [
    [Buffer.from('HTTP/1.1 500 no\r\n\r\n'), /no log/],
    [Buffer.from([1, 1, 0, 0, 0, 0, 0, 1, 0]), /no log/],
    [Buffer.from([1, 0, 0, 0, 255, 0, 0, 0]), /no log/],
    [frame(1, ''), /without its time/],
    [frame(1, 'hello world\n'), /without its time/],
    [frame(1, '2026-99-29T19:23:19Z impossible\n'), /without its time/],
    [frame(3, 'Error grabbing logs: EOF\n'), /^Error grabbing logs: EOF$/],
  ]
  for (const [bytes, message] of faults)
    assert.throws(
      () => openFrameReader()(bytes),
      (error) => error instanceof EngineFault && message.test(error.message),
      bytes.toString(),
    )
})

test('pieces of a terminal: cut at any byte, long lines with the stamp in front of each piece', () => {
  const x = (bytes: number): string => 'x'.repeat(bytes)
  const piece = x(16_384)
  const cases: [string, [number, boolean][]][] = [
    [`${stamp} ${x(16_383)}\n`, [[16_383, true]]],
    [`${stamp} ${piece}\n${later} y\n`, [[16_384, true], [1, true]]],
    [`${stamp} ${piece}${stamp} z\n`, [[16_384, false], [1, true]]],
    [`${stamp} ${piece}${stamp} \n`, [[16_384, false], [0, true]]],
    [`${stamp} ${piece}${stamp} ${piece}${stamp} zz\n`, [[16_384, false], [16_384, false], [2, true]]],
    // Another stamp behind it is text like any other.
    [`${stamp} ${piece}${later} z\n`, [[16_384 + 32, true]]],
  ] // prettier-ignore
  for (const [text, expected] of cases) {
    const bytes = Buffer.from(text)
    const cuts = [...bytes.keys()].filter(
      (at) => at < 60 || bytes.length - at < 60 || (at % 16_384 < 100 && at > 16_000),
    )
    for (const cut of cuts) {
      const { read, flush } = openTerminalReader()
      const pieces = [...read(bytes.subarray(0, cut)), ...read(bytes.subarray(cut)), ...flush()]
      assert.deepEqual(
        pieces.map((each) => [each.text.length, each.isLast]),
        expected,
        `cut at ${cut}`,
      )
    }
  }
})

test('a last line of a terminal without its end comes with the end of the log', () => {
  const { read, flush } = openTerminalReader()
  assert.deepEqual(shown(read(Buffer.from(`${stamp} one\r\n${stamp} two`))), [['stdout', 'one\r', true]])
  assert.deepEqual(shown(flush()), [['stdout', 'two', true]])
  assert.deepEqual(flush(), [])
})

test('what is no log of a terminal is a fault at once, however long it is', () => {
  for (const text of ['Error grabbing logs', 'x'.repeat(100), '\0'.repeat(100)])
    assert.throws(
      () => openTerminalReader().read(Buffer.from(`${text}${text.length < 100 ? ' EOF' : ''}`)),
      EngineFault,
    )
})

test('stamps: digits, offsets, and what is none', () => {
  const read = openStampReader()
  assert.equal(read(stamp), time)
  assert.equal(read('2026-11-29T19:23:19Z'), '1795980199.000000000')
  assert.equal(read('2026-11-29T20:23:19.5+01:00'), '1795980199.500000000')
  assert.equal(read('1970-01-01T00:00:01Z'), '0000000001.000000000')
  for (const text of ['', 'now', '2026-11-29 19:23:19Z', '2026-11-29T19:23:19.1234567890Z', '2026-13-29T19:23:19Z'])
    assert.equal(read(text), undefined, text)
  assert.equal(read(stamp), time)
  assert.equal(stampAt(millisecondsOf('1795980199.911000000')), '1795980199.911000000')
})
