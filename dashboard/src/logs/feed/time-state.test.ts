import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../../../../src/contracts/record.ts'
import { nextTimeFeed, openedTimeFeed, type TimeEvent, type TimeState } from './time-state.ts'

/** Records whose times are these, and whose ids stand in the order in which they are given. */
const at = (...times: number[]): LogRecord[] => times.map((time) => ({ time, id: 100 + time }) as LogRecord)
const opened: TimeEvent = { type: 'opened', rows: at(2, 4, 6), hasOlder: true, phase: 'live' }
const arrived = (...times: number[]): TimeEvent => ({ type: 'arrived', records: at(...times), isLive: true })
const mode = (name: 'follow' | 'read' | 'paused'): TimeEvent => ({ type: 'mode', mode: name })

/** A page that was asked for where the list begins, or ends. */
type Step = TimeEvent | ((now: TimeState) => TimeEvent)
const older = (more: boolean, ...times: number[]): Step => (now) => ({ type: 'older', records: at(...times), more, past: now.from! }) // oxfmt-ignore
const newer = (more: boolean, ...times: number[]): Step => (now) => ({ type: 'newer', records: at(...times), more, past: now.rows.at(-1)! }) // oxfmt-ignore
const asked: TimeEvent = { type: 'reading', older: 'loading' }

const cases: [name: string, steps: Step[], rows: string, state?: Partial<TimeState>][] = [
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
  ['prepends older ones', [opened, older(false, 0, 1)], '0 1 2 4 6', { first: -2, older: 'none' }],
  [
    'keeps a late one that the older page, asked for before, does not have',
    [opened, asked, arrived(1), older(true, 0)],
    '0 1 2 4 6',
    { older: 'idle', early: [] },
  ],
  [
    'takes no page for another beginning than it has',
    [opened, arrived(7, 8, 9), { type: 'older', records: at(0, 1), more: true, past: at(2)[0]! }],
    '4 6 7 8 9',
  ],
  ['takes each once', [opened, arrived(8, 8), arrived(5, 5)], '2 4 5 6 8'],
  [
    'around a record it goes on until it is live',
    [{ ...opened, phase: 'detached' }, newer(true, 7), newer(false, 8)],
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

for (const [name, steps, rows, expected = {}] of cases)
  test(`a list by time ${name}`, () => {
    const take = (now: TimeState, step: Step): TimeState =>
      nextTimeFeed(now, typeof step === 'function' ? step(now) : step)
    const state = steps.reduce(take, openedTimeFeed(5, true))
    assert.equal(state.rows.map(({ time }) => time).join(' '), rows)
    assert.partialDeepStrictEqual(state, expected)
  })
