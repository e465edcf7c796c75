import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextLines, type Unread } from './next-lines.ts'

const window = { fragment: 0, encoding: 'utf-8', markBytes: 0, hasMore: false, isLast: false, isWidest: false } as const

/** Holds the last line. */
const join = ({ start, end }: { start: Uint32Array; end: Uint32Array }, mayHold: boolean) =>
  mayHold ? { start: start.subarray(0, -1), end: end.subarray(0, -1), held: 1 } : { start, end, held: 0 }

function next(text: string | Buffer, how: Partial<Unread> = {}, mayHold?: boolean): unknown {
  const unread = { ...window, bytes: Buffer.from(text), ...how }
  const lines = nextLines(unread, { maxLineBytes: 10, ...(mayHold === undefined ? {} : { join }) }, mayHold === true)
  if (lines === undefined || lines === 'wider') return lines
  const { own, start, end, part, heldBytes, hasMore, text: of } = lines
  const each = Array.from(start, (from, index) => of.toString('utf8', from, end[index]))
  return { own: own.length, lines: each, ...part, ...(heldBytes ? { heldBytes } : {}), ...(hasMore ? { hasMore } : {}) }
}

test('what is given out of the bytes that are there', () => {
  const cases: [what: string, got: unknown, expected: unknown][] = [
    ['whole lines, and not the one that is written', next('a\r\nb\nc'), { own: 5, lines: ['a', 'b'] }],
    ['nothing of half a line', next('abc'), undefined],
    ['more is needed for the end of a line', next('abc', { hasMore: true }), 'wider'],
    ['half a line when nothing follows', next('abc', { isLast: true }), { own: 3, lines: ['abc'] }],
    [
      'a part of a line that is too long, with whole characters',
      next('123456789ß1', { hasMore: true }),
      { own: 9, lines: ['123456789'], fragment: 1, lastFragment: false, hasMore: true },
    ],
    [
      'its last part, with the lines behind it',
      next('9\nx\n', { fragment: 2 }),
      { own: 4, lines: ['9', 'x'], fragment: 3, lastFragment: true },
    ],
    ['no byte order mark', next('\ufeffa\n', { markBytes: 3 }), { own: 5, lines: ['a'] }],
    ['other encodings', next(Buffer.from('ä\n', 'utf16le'), { encoding: 'utf-16le' }), { own: 4, lines: ['ä'] }],
    ['a line that may go on is held', next('a\nb\n', {}, true), { own: 2, lines: ['a'], heldBytes: 2 }],
    ['held alone it is given back', next('b\n', {}, true), { own: 0, lines: [], heldBytes: 2 }],
    ['but not when it fills the window', next('b\n', { hasMore: true }, true), { own: 2, lines: ['b'], hasMore: true }],
  ]
  for (const [what, got, expected] of cases) assert.deepEqual(got, expected, what)
})
