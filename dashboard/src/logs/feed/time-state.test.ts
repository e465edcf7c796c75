import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../../../../src/contracts/record.ts'
import { nextTimeFeed, openedTimeFeed, type TimeEvent, type TimeState } from './time-state.ts'

/** Records whose times are these, and whose ids stand in the order in which they are given. */
const at = (...times: number[]): LogRecord[] => times.map((time) => ({ time, id: 100 + time }) as LogRecord)
const opened: TimeEvent = { type: 'opened', rows: at(2, 4, 6), hasOlder: true, phase: 'live' }
const arrived = (...times: number[]): TimeEvent => ({ type: 'arrived', records: at(...times), isLive: true })
const mode = (name: 'follow' | 'read' | 'paused'): TimeEvent => ({ type: 'mode', mode: name })

const cases: [name: string, events: TimeEvent[], rows: string, state?: Partial<TimeState>][] = [
  ['begins with what is latest', [opened], '2 4 6', { phase: 'live', older: 'idle', isStale: false }],
  ['takes late ones into its midst', [opened, arrived(5, 8)], '2 4 5 6 8', { arrived: 2, unseen: 0 }],
  ['drops the oldest over the limit', [opened, arrived(7, 8, 9)], '4 6 7 8 9', { first: 1, older: 'idle' }],
  ['holds what comes while somebody reads', [opened, mode('read'), arrived(5)], '2 4 6', { unseen: 1, arrived: 1 }],
  [
    'and shows it afterwards',
    [opened, mode('paused'), arrived(5), mode('follow')],
    '2 4 5 6',
    { unseen: 0, arrived: 1 },
  ],
  [
    'is fetched anew when too much was held',
    [opened, mode('read'), arrived(7, 8, 9), arrived(10, 11, 12), mode('follow')],
    '2 4 6',
    { isStale: true, held: [], unseen: 6 },
  ],
  ['leaves late ones of older pages to those pages', [opened, arrived(1, 5)], '2 4 5 6', { arrived: 2, older: 'idle' }],
  ['but takes them where there is nothing older', [{ ...opened, hasOlder: false }, arrived(1, 5)], '1 2 4 5 6'],
  [
    'prepends older ones',
    [opened, { type: 'older', records: at(0, 1), more: false }],
    '0 1 2 4 6',
    { first: -2, older: 'none' },
  ],
  [
    'around a record it goes on until it is live',
    [
      { ...opened, phase: 'detached' },
      { type: 'newer', records: at(7), more: true },
      { type: 'newer', records: at(8), more: false },
    ],
    '2 4 6 7 8',
    { phase: 'live' },
  ],
  [
    'and is fetched anew when the newest is wanted',
    [mode('read'), { ...opened, phase: 'detached' }, mode('follow')],
    '2 4 6',
    { isStale: true },
  ],
  [
    'another log under the same address',
    [opened, { type: 'renewed' }, { type: 'opened', rows: at(1), hasOlder: false, phase: 'live' }],
    '1',
    { first: 3, isStale: false },
  ],
]

for (const [name, events, rows, expected = {}] of cases)
  test(`a list by time ${name}`, () => {
    const state = events.reduce(nextTimeFeed, openedTimeFeed(5, true))
    assert.equal(state.rows.map(({ time }) => time).join(' '), rows)
    assert.partialDeepStrictEqual(state, expected)
  })
