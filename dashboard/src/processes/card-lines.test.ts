import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LogboomError } from '../../../src/contracts/errors.ts'
import type { LogRecord } from '../../../src/contracts/record.ts'
import { composeQuery, formatView } from '../logs/view.ts'
import { cardView, maxCardLines, nextLines, noCardLines, type CardLines, type CardNews } from './card-lines.ts'

const record = (id: number): LogRecord => ({ id, message: `line ${id}` }) as LogRecord
const records = (...ids: number[]): CardNews => ({ type: 'records', records: ids.map(record) })
const repeats = (of: number, count: number, newest: number, atLeast = false): CardNews => ({
  type: 'repeats',
  of,
  count,
  newest: record(newest),
  atLeast,
})
const after = (...news: CardNews[]): CardLines => news.reduce(nextLines, noCardLines)
const shown = ({ entries }: CardLines): [number, number][] =>
  entries.map(({ record: { id }, repeats: more }) => [id, more])

test('the newest of repeats stands in the place of the one that was shown', () => {
  assert.deepEqual(shown(after(records(1, 5, 7), repeats(3, 2, 5), repeats(6, 1, 7))), [
    [1, 0],
    [5, 2],
    [7, 1],
  ])
  assert.deepEqual(shown(after(records(7), repeats(6, 1, 7), repeats(6, 4, 12), records(13), repeats(6, 4, 12))), [
    [12, 4],
    [13, 0],
  ])
  assert.deepEqual(shown(after(records(7), repeats(1, 3, 4))), [[7, 0]], 'an entry that is no longer shown')
})

test('a count that may be too small replaces none that is greater', () => {
  const [entry] = after(records(9), repeats(1, 50, 60), repeats(20, 30, 70, true)).entries
  assert.deepEqual(entry, { record: record(70), repeats: 50, atLeast: true })
})

test('a hundred entries, the oldest go first; another log begins anew; what is shown stays while the hub is away', () => {
  const many = after(records(...Array.from({ length: 180 }, (_, i) => i + 1)), { type: 'held-back', lines: 3 })
  assert.deepEqual([many.entries.length, many.entries[0]!.record.id, many.heldBack], [maxCardLines, 81, 3])
  assert.deepEqual(nextLines(many, { type: 'renewed' }), noCardLines)
  assert.equal(after({ type: 'lost' }).state, 'failed')
  assert.equal(after({ type: 'lost' }, { type: 'live' }, { type: 'lost' }).state, 'ready')
})

test('the filter is a view of the Logs page', () => {
  const view = cardView('a,b', { level: 'WARNING', text: 'user:ann OR "x"' })
  assert.equal(composeQuery(view), '(user:ann OR "x") (level:warning OR level:error OR level:critical) source:"a,b"')
  assert.deepEqual(formatView(view), { q: 'user:ann OR "x"', levels: 'WARNING,ERROR,CRITICAL', sources: 'a%2Cb' })
  assert.equal(composeQuery(cardView('api', { text: '' })), 'source:"api"')
})

test('a filter that is not understood is told as long as it stands', () => {
  const error = new LogboomError('query-invalid', 'no')
  assert.equal(after(records(1), { type: 'refused', error }).error, error)
})
