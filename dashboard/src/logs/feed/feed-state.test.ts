import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../../../../src/contracts/record.ts'
import { nextFeed, openedFeed, type FeedEvent, type FeedState } from './feed-state.ts'
import { rowId } from './rows.ts'

const rows = (...ids: number[]): FeedEvent => ({ type: 'rows', rows: ids.map((id) => ({ id }) as LogRecord) })
const live: FeedEvent = { type: 'live' }
const paused: FeedEvent = { type: 'mode', mode: 'paused' }
const follow: FeedEvent = { type: 'mode', mode: 'follow' }
const read: FeedEvent = { type: 'mode', mode: 'read' }
const older = (...ids: number[]): FeedEvent => ({
  type: 'older',
  records: ids.map((id) => ({ id }) as LogRecord),
  more: true,
})

interface Outcome {
  ids: number[]
  phase?: FeedState['phase']
  unseen?: number
  arrived?: number
  older?: FeedState['older']
  follow?: FeedState['follow']
  isLost?: boolean
}

/** With a limit of 3 rows while following, 6 while somebody reads. */
const cases: [what: string, events: FeedEvent[], outcome: Outcome][] = [
  ['history is no news, and there is nothing older', [rows(1, 2), live], { ids: [1, 2], arrived: 0, older: 'none' }],
  ['what comes live is', [rows(1), live, rows(2, 3)], { ids: [1, 2, 3], arrived: 2, unseen: 0, phase: 'live' }],
  ['the oldest go, and can be loaded again', [rows(1, 2), live, rows(3, 4)], { ids: [2, 3, 4], older: 'idle' }],
  ['a pause before the first page shows it', [paused, rows(1, 2), live], { ids: [1, 2], unseen: 0 }],
  ['a pause holds and counts', [rows(1), live, paused, rows(2, 3)], { ids: [1], unseen: 2 }],
  ['and shows it all when it ends', [rows(1), live, paused, rows(2), follow], { ids: [1, 2], unseen: 0 }],
  [
    'of more than fits the newest',
    [rows(1), live, paused, rows(2, 3, 4, 5), follow],
    { ids: [3, 4, 5], older: 'idle' },
  ],
  ['reading adds below', [rows(1, 2, 3), live, read, rows(4, 5)], { ids: [1, 2, 3, 4, 5], unseen: 2 }],
  [
    'but not without bound',
    [rows(1, 2, 3), live, read, rows(4, 5, 6), rows(7)],
    { ids: [1, 2, 3, 4, 5, 6], unseen: 4 },
  ],
  [
    'so much history that the newest go: nothing is followed',
    [rows(5, 6, 7), live, read, older(1, 2, 3, 4)],
    { ids: [1, 2, 3, 4, 5, 6], phase: 'detached', follow: undefined },
  ],
  [
    'and following again begins anew',
    [rows(5, 6, 7), live, read, older(1, 2, 3, 4), follow],
    { ids: [], phase: 'loading', follow: {} },
  ],
  [
    'down again to where the log ends, it is followed from there',
    [
      rows(5, 6, 7),
      live,
      read,
      older(1, 2, 3, 4),
      { type: 'newer', records: [{ id: 7 } as LogRecord], more: false, cursor: 9 },
    ],
    { ids: [2, 3, 4, 5, 6, 7], follow: { after: 9 } },
  ],
  [
    'a hub that is away leaves what is there',
    [rows(1), live, { type: 'lost' }],
    { ids: [1], phase: 'live', isLost: true },
  ],
  ['and goes on when it is back', [rows(1), live, { type: 'lost' }, rows(2), live], { ids: [1, 2], isLost: false }],
  ['another log', [rows(5, 6), live, { type: 'renewed' }, rows(1), live], { ids: [1], phase: 'live' }],
]

for (const [what, events, { ids, ...outcome }] of cases)
  test(what, () => {
    const state = events.reduce(nextFeed, openedFeed(3, true))
    assert.deepEqual(state.list.rows.map(rowId), ids)
    for (const [name, value] of Object.entries(outcome)) assert.deepEqual(state[name as keyof FeedState], value, name)
  })
