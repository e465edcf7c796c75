import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../../contracts/record.ts'
import { sortByTime } from './sort-by-time.ts'

async function sorted(times: number[][], window: number): Promise<number[]> {
  let id = 0
  const pages = times.map((page) => page.map((time) => ({ id: ++id, time }) as LogRecord))
  const result: number[] = []
  const source = (async function* () {
    yield* pages
  })()
  for await (const page of sortByTime(source, window)) result.push(...page.map(({ time }) => time))
  return result
}

test('sorts across pages within its window, and keeps everything beyond it', async () => {
  assert.deepEqual(await sorted([[3, 1], [2, 5], [], [4]], 10), [1, 2, 3, 4, 5])
  const many = Array.from({ length: 1000 }, (_, index) => index ^ 3)
  assert.deepEqual(
    await sorted([many.slice(0, 333), many.slice(333)], 4),
    many.toSorted((a, b) => a - b),
  )
  assert.deepEqual((await sorted([[9, 8, 7, 6, 5, 4, 3, 2, 1, 0]], 2)).length, 10)
})
