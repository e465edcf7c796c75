import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../../../src/contracts/record.ts'
import { cardQuery, collapse, matcher, maxCardLines, newest } from './card-lines.ts'

const record = (id: number, message = '', severity = 9): LogRecord => ({
  id,
  time: id,
  observed: id,
  source: 'api',
  run: 1,
  seq: id,
  stream: 'stdout',
  kind: 'system',
  severity,
  message,
  session: 's',
})

test('history and live overlap without doubles, the oldest go first', () => {
  const history = Array.from({ length: 80 }, (_, index) => ({ record: record(index + 1), repeats: 0 }))
  const live = Array.from({ length: 50 }, (_, index) => ({ record: record(index + 61), repeats: 0 }))
  const merged = newest(history, live)
  assert.equal(merged.length, maxCardLines)
  assert.deepEqual([merged[0]?.record.id, merged.at(-1)?.record.id], [11, 110])
  assert.equal(new Set(merged.map((entry) => entry.record.id)).size, maxCardLines)
})

test('repeats within half a minute are counted on the line that was shown', () => {
  const at = (id: number, seconds: number, message: string): LogRecord => ({
    ...record(id, message),
    observed: seconds * 1000,
  })
  const entries = collapse([
    at(1, 0, 'tick'),
    at(2, 10, 'tick'),
    at(3, 11, 'other'),
    at(4, 29, 'tick'),
    at(5, 30, 'tick'),
  ])
  assert.deepEqual(
    entries.map((entry) => [entry.record.id, entry.repeats]),
    [
      [1, 2],
      [3, 0],
      [5, 0],
    ],
  )
  const exit = (id: number): LogRecord => ({ ...at(id, id, 'exited with code 1'), kind: 'event' })
  assert.equal(collapse([exit(1), exit(2)]).length, 2, 'each exit is news')
})

test('the filter asks the store and sifts live lines by the same rule', () => {
  assert.equal(cardQuery('a b', { level: 'WARNING', text: ' say "hi" ' }), 'source:"a b" level>=warning "say \\"hi\\""')
  assert.equal(cardQuery('api', { text: '' }), 'source:"api"')
  const matches = matcher({ level: 'WARNING', text: 'Refused' })
  assert.equal(matches(record(1, 'connection \x1b[31mref\x1b[0mused', 17)), true)
  assert.equal(matches(record(1, 'refused', 9)), false)
  assert.equal(matches(record(1, 'accepted', 17)), false)
})
