import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogLine } from './log-lines.ts'
import { openSeenLines, type SeenState } from './seen-lines.ts'
import { openLineTaking } from './take-lines.ts'

const line = (text: string, second: number): LogLine => ({
  stream: 'stdout',
  time: `000000000${second}.000000000`,
  ordinal: 1,
  text: Buffer.from(text),
  isDoubtful: false,
})

test('what a reading finds behind a line that the follow holds is not read again after a kill', async () => {
  const taken: { texts: string[]; seen: SeenState }[] = []
  const seen = openSeenLines()
  const taking = openLineTaking(
    {
      groups: (lines) => [lines],
      known: () => undefined,
      take: (lines, state) => void taken.push({ texts: lines.map(({ text }) => text.toString()), seen: state }),
      gap: () => assert.fail(),
    },
    seen,
    // The last line may always go on.
    {
      join: ({ start, end }, mayHold) => {
        const rows = Math.max(0, start.length - (mayHold ? 1 : 0))
        return { start: start.subarray(0, rows), end: end.subarray(0, rows), held: start.length - rows }
      },
      holdMs: 60_000,
    },
  )
  const all = [line('one', 1), line('two', 2), line('three', 3)]
  await taking.follow(all.slice(0, 2), false)
  await taking.reread(all.slice(2))
  for (const { texts, seen: state } of taken) {
    const next = openSeenLines(state)
    const told = taken.slice(0, taken.findIndex((each) => each.texts === texts) + 1).flatMap((each) => each.texts)
    assert.deepEqual(
      all.filter((each) => next.add(each, true)).map(({ text }) => text.toString()),
      all.map(({ text }) => text.toString()).filter((text) => !told.includes(text)),
    )
  }
  assert.deepEqual(
    taken.flatMap(({ texts }) => texts),
    ['one', 'two', 'three'],
  )
  await taking.endFollow()
})
