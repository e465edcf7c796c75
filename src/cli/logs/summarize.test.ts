import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatRanking } from './summarize.ts'

test('counts, numbers and texts in columns, with the rest at the end; no text commands the terminal', () => {
  const ranking = {
    top: [
      { count: 12_345, id: 7, text: 'red \u001b[31malert\u001b[0m\nline two' },
      { count: 9, atMost: 11, id: 4711, text: 'b' },
    ],
    other: 3,
  }
  const columns = ({ id, text }: { id: number; text: string }): [string, string] => [String(id), text]
  assert.equal(
    formatRanking(ranking, columns, [
      [3, '(other)'],
      [0, '(none)'],
    ]),
    '12,345     7  red alert⏎line two\n   ≥ 9  4711  b\n     3        (other)\n',
  )
  assert.equal(
    formatRanking({ top: [], other: 0 }, () => ['x'], [[5, '(none)']]),
    '5  (none)\n',
  )
  assert.equal(
    formatRanking({ top: [], other: 0 }, () => ['x'], []),
    '',
  )
})
