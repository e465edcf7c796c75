import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../test/system/store/seeded-random.ts'
import { openSyslogFrames, type SyslogFrame } from './syslog-frames.ts'

interface Shown extends Omit<SyslogFrame, 'bytes'> {
  text: string
}

/** All frames of the chunks, and of the end; the bytes are copied, as they are valid for a moment only. */
function read(chunks: readonly (string | Uint8Array)[], mostBytes = 1000): Shown[] {
  const frames = openSyslogFrames(mostBytes)
  const show = ({ bytes, ...rest }: SyslogFrame): Shown => ({ text: Buffer.from(bytes).toString(), ...rest })
  return [...chunks.flatMap((chunk) => frames.take(Buffer.from(chunk)).map(show)), ...frames.end().map(show)]
}

const texts = (chunks: string[]): string[] => read(chunks).map(({ text }) => text)

test('counted messages and lines, one beside the other, each telling for itself', () => {
  assert.deepEqual(texts(['5 <1>ab4 <1>\n<2>line\n<3>nul\0<4>crlf\r\n7 <5>a\nb\0<6>end']), [
    '<1>ab',
    '<1>\n',
    '<2>line',
    '<3>nul',
    '<4>crlf',
    '<5>a\nb\0',
    '<6>end',
  ])
})

test('what looks like a count and is none is a line', () => {
  assert.deepEqual(texts(['2025 was a year\n12 apples\n12<1>x\n0 <1>x\n1234567890 <1>x\n7\n007 <1>\n']), [
    '2025 was a year',
    '12 apples',
    '12<1>x',
    '0 <1>x',
    '1234567890 <1>x',
    '7',
    '007 <1>',
  ])
})

test('a wrong count costs its own message its borders; behind the next line feed all is well', () => {
  assert.deepEqual(texts(['3 <1>too short\n<2>well\n5 <3>ok']), ['<1>', 'too short', '<2>well', '<3>ok'])
})

test('what the end of the stream cuts off is kept, and what is missing is known where it was counted', () => {
  assert.deepEqual(read(['10 <1>half']), [{ text: '<1>half', missingBytes: 3 }])
  assert.deepEqual(read(['<1>half']), [{ text: '<1>half' }])
  assert.deepEqual(read(['12 ']), [{ text: '12 ' }])
  assert.deepEqual(read(['7 <1>abcd\n\n']), [{ text: '<1>abcd' }])
})

test('a message that is too long comes in parts that halve no character', () => {
  assert.deepEqual(read([`<1>${'é'.repeat(10)}\n<2>x\n`], 12), [
    { text: '<1>éééé', fragment: 1 },
    { text: 'éééééé', fragment: 2, isLast: true },
    { text: '<2>x' },
  ])
  assert.deepEqual(read(['30 <1>abcdefghijk'], 12), [
    { text: '<1>abcdefghi', fragment: 1 },
    { text: 'jk', fragment: 2, isLast: true, missingBytes: 16 },
  ])
})

test('however a stream is cut, the messages are the same', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seededRandom(seed)
    const expected: string[] = []
    let stream = ''
    for (let count = random.between(1, 20); count > 0; count--) {
      const pieces = ['a', ' ', 'é', '🪵', '7', '<1>', '\r', '"']
      const body = Array.from({ length: random.between(0, 60) }, () => random.pick(pieces)).join('')
      const isCounted = random.chance(0.5)
      const text = isCounted
        ? `<1>${body}${random.pick(['', '\n', '\0', '\nx'])}`
        : `${random.pick(['<1>', '12 apples '])}${body}.`
      stream += isCounted
        ? `${Buffer.byteLength(text)} ${text}${random.pick(['', '\n'])}`
        : `${text}${random.pick(['\n', '\r\n', '\0'])}`
      expected.push(text)
    }
    const bytes = Buffer.from(stream)
    const chunks: Buffer[] = []
    const most = random.pick([1, 3, 20, 200])
    for (let at = 0; at < bytes.length;) chunks.push(bytes.subarray(at, (at += random.between(1, most))))
    const mostBytes = random.pick([16, 50, 10_000])
    const whole = read([bytes], mostBytes)
    assert.deepEqual(read(chunks, mostBytes), whole, `seed ${seed}`)
    let joined = ''
    const messages: string[] = []
    for (const { text, fragment, isLast } of whole) {
      assert.ok(Buffer.byteLength(text) <= mostBytes)
      joined += text
      if (fragment !== undefined && !isLast) continue
      messages.push(joined)
      joined = ''
    }
    assert.deepEqual(messages, expected, `seed ${seed}`)
  }
})
