import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogLine } from './log-lines.ts'
import { openEntryJoiner } from './join-entries.ts'
import { openSeenLines } from './seen-lines.ts'

const line = (text: string, second: number, stream: LogLine['stream'] = 'stdout'): LogLine => ({
  stream,
  time: `000000000${second}.000000000`,
  ordinal: 1,
  text: Buffer.from(text),
  isDoubtful: false,
})

/** Indented lines go on with the one before; the last entry may go on. */
const joiner = () =>
  openEntryJoiner(({ text, start, end }, mayHold) => {
    const isFirst = (i: number): boolean => text[start[i]!] !== 0x20
    const firsts = [...start.keys()].filter((i) => i === 0 || isFirst(i))
    const finished = mayHold ? firsts.slice(0, -1) : firsts
    const lastOf = (row: number): number => (firsts[row + 1] ?? start.length) - 1
    return {
      start: Uint32Array.from(finished, (i) => start[i]!),
      end: Uint32Array.from(finished, (_, row) => end[lastOf(row)]!),
      held: start.length - (finished.length === 0 ? 0 : lastOf(finished.length - 1) + 1),
    }
  })

const texts = (lines: readonly LogLine[]): string[] => lines.map(({ text }) => text.toString())

test('lines of each stream are joined, over several readings, and given in the order of time', () => {
  const joining = joiner()
  assert.deepEqual(texts(joining.add([line('a', 1), line('x', 2, 'stderr'), line(' b', 3)])), [])
  assert.deepEqual(texts(joining.add([line(' c', 4), line('d', 5), line('y', 6, 'stderr')])), ['a\n b\n c', 'x'])
  assert.deepEqual(
    [...joining.held()].map(([stream, lines]) => [stream, texts(lines)]),
    [
      ['stdout', ['d']],
      ['stderr', ['y']],
    ],
  )
  assert.deepEqual(texts(joining.flush()), ['d', 'y'])
  assert.equal(joining.held().size, 0)
})

test('lines that are held are not read, as far as the next hub is concerned', () => {
  for (const isProven of [true, false]) {
    const seen = openSeenLines()
    const joining = joiner()
    const all = [line('a', 1), line('b', 2), line(' c', 3)]
    const given = joining.add(all.filter((each) => seen.add(each, isProven)))
    assert.deepEqual(texts(given), ['a'])
    const next = openSeenLines(seen.state(joining.held()))
    assert.deepEqual(
      all.map((each) => next.add(each, true)),
      [false, true, true],
    )
  }
})
