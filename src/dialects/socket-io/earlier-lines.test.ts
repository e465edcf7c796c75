import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEarlierLines } from './earlier-lines.ts'

const lineOf = (line: string) => ({ line, stream: 'stdout' as const, timestamp: '2026-01-01T00:00:00.000Z' })

test('as they are while there are few', () => {
  const earlier = openEarlierLines()
  assert.deepEqual(earlier.lines(), [])
  earlier.add([lineOf('a'), lineOf('b')])
  assert.deepEqual(earlier.lines(), [lineOf('a'), lineOf('b')])
})

test('of more than one event may have the newest, and how many are left out', () => {
  const earlier = openEarlierLines()
  for (let n = 0; n < 30; n++) earlier.add([lineOf(`${n} ${'x'.repeat(100_000)}`)])
  const [gap, ...rest] = earlier.lines()
  assert.equal(gap!.line, '[gap] earlier lines that are missing here: 20')
  assert.deepEqual(
    rest.map(({ line }) => Number.parseInt(line)),
    [20, 21, 22, 23, 24, 25, 26, 27, 28, 29],
  )
})

test('a line alone is there, however long', () => {
  const earlier = openEarlierLines()
  earlier.add([lineOf('short'), lineOf('y'.repeat(3_000_000))])
  assert.deepEqual(
    earlier.lines().map(({ line }) => line.slice(0, 23)),
    ['[gap] earlier lines tha', 'y'.repeat(23)],
  )
})
