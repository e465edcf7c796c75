// Lines that come one by one are committed together, by number, and whoever sends too many is asked to wait.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobLine } from '../contracts/job.ts'
import { openLineBuffer } from './line-buffer.ts'

const line = (sequence?: number): JobLine => ({
  message: `${sequence}`,
  stream: 'stdout',
  severity: 9,
  time: 0,
  ...(sequence === undefined ? {} : { sequence }),
})

/** Batches as they are handed over, each committed when the test says so. */
function openOn(batchLines: number, flushIntervalMs: number) {
  const batches: string[] = []
  const commits: (() => void)[] = []
  let emptied = 0
  const kept: string[] = []
  const buffer = openLineBuffer(
    { batchLines, flushIntervalMs },
    (lines) => {
      batches.push(lines.map(({ message }) => message).join(' '))
      return new Promise((resolve) => commits.push(resolve))
    },
    () => emptied++,
  )
  const add = (given: JobLine): Promise<void> | undefined => buffer.add(given, () => kept.push(given.message))
  return { buffer: { ...buffer, add }, batches, commits, kept, emptied: () => emptied }
}

test('enough lines are handed over at once, by their numbers; without numbers as they came', () => {
  const { buffer, batches } = openOn(3, 60_000)
  for (const sequence of [2, 3, 1, 5]) void buffer.add(line(sequence))
  void buffer.add(line())
  void buffer.add(line(4))
  assert.deepEqual(batches, ['1 2 3', '5 undefined 4'])
})

test('a line that waits alone is handed over when its time has come', async () => {
  const { buffer, batches, commits, emptied } = openOn(100, 1)
  void buffer.add(line(1))
  assert.deepEqual(batches, [])
  while (batches.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  assert.deepEqual([batches, emptied()], [['1'], 0])
  commits[0]!()
  await new Promise(setImmediate)
  assert.equal(emptied(), 1)
})

test('flush hands over the rest, and is over when all is committed', async () => {
  const { buffer, batches, commits } = openOn(2, 60_000)
  for (const sequence of [1, 2, 3]) void buffer.add(line(sequence))
  let isOver = false
  const flushed = buffer.flush().then(() => (isOver = true))
  assert.deepEqual(batches, ['1 2', '3'])
  commits[0]!()
  await new Promise(setImmediate)
  assert.equal(isOver, false)
  commits[1]!()
  await flushed
})

test('more batches than can be committed make whoever sends wait until one is', async () => {
  const { buffer, commits } = openOn(1, 60_000)
  const rooms = Array.from({ length: 9 }, (_, index) => buffer.add(line(index)))
  assert.deepEqual(
    rooms.map((room) => room === undefined),
    [...Array.from({ length: 8 }, () => true), false],
  )
  commits[3]!()
  await rooms[8]
})

test('a few large lines are handed over at once, and each is told of when it is committed', async () => {
  const { buffer, batches, commits, kept } = openOn(500, 60_000)
  const large = 'x'.repeat(200 * 1024)
  for (const sequence of [1, 2, 3]) void buffer.add({ ...line(sequence), message: large })
  assert.deepEqual([batches.length, kept.length], [1, 0])
  commits[0]!()
  await new Promise(setImmediate)
  assert.deepEqual(kept, [large, large])
})
