import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EntryLines } from './entry-lines.ts'
import { openLeftover } from './leftover.ts'

function linesOf(...entries: string[]): EntryLines {
  const count = entries.length
  let at = 0
  const ends = Uint32Array.from(entries, (entry) => (at += Buffer.byteLength(entry)))
  return { count, bytes: Buffer.from(entries.join('')), ends, id: new Float64Array(count), kind: new Uint8Array(count) }
}

const cases: [what: string, file: string, given: string[], next: number, keep: string][] = [
  ['all of it', 'a 1\na 2\n', ['a 1\n', 'a 2\n'], 2, 'a 1\na 2\n'],
  ['the first of it', 'a 1\n', ['a 1\n', 'a 2\n'], 1, 'a 1\n'],
  ['a torn one', 'a 1\na ', ['a 1\n', 'a 2\n'], 1, 'a 1\n'],
  ['one of many lines, torn', 'a 1\nb\nmo', ['a 1\n', 'b\nmore\n'], 1, 'a 1\n'],
  [
    'notes of others',
    'note\na 1\nmore notes\na 2\nend',
    ['a 1\n', 'a 2\n', 'a 3\n'],
    2,
    'note\na 1\nmore notes\na 2\nend',
  ],
  ['a note that holds an entry', 'see a 1\n', ['a 1\n'], 0, 'see a 1\n'],
  ['what nobody gave', 'something else\n', ['a 1\n'], 0, 'something else\n'],
  ['the same again and again', 'a\na\na\n', ['a\n', 'a\n', 'a\n', 'a\n'], 3, 'a\na\na\n'],
  ['zeros after a loss of power', 'a 1\n\0\0\0', ['a 1\n', 'a 2\n'], 1, 'a 1\n'],
]

for (const [what, file, given, next, keep] of cases) {
  test(`of what is given again the file has ${what}`, () => {
    const passed = openLeftover(Buffer.from(file), 100).pass(linesOf(...given))
    assert.deepEqual([passed.next, file.slice(0, passed.keep - 100)], [next, keep])
  })
}

test('entries that are given in several calls are found one after another', () => {
  const leftover = openLeftover(Buffer.from('a 1\nnote\na 2\na 3\n'), 0)
  const passed = [linesOf('a 1\n'), linesOf('a 2\n', 'a 3\n')].map((lines) => leftover.pass(lines))
  assert.deepEqual(
    passed.map(({ next, isOver }) => [next, isOver]),
    [
      [1, false],
      [2, true],
    ],
  )
})
