// The supervisor's rule, without a process: a table of events in awkward orders.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunExit } from '../../contracts/source-status.ts'
import { initialState, nextState } from './next-state.ts'
import type { Order, SupervisorEvent, SupervisorRules, SupervisorState } from './supervisor-state.ts'
import {
  ended,
  entry,
  failed,
  found,
  missing,
  now,
  restart,
  standard,
  start,
  stop,
  trouble,
  unseen,
} from './test-events.ts'

/** Whether the process lives when the event happens. */
type Happening = { event: SupervisorEvent; isAlive?: boolean }

const ordered = (order: Order, isAlive = false): Happening => ({ event: { type: 'ordered', order }, isAlive })
const prepared: Happening = { event: { type: 'prepared', isAbandoned: false } }
const launched = (run = 1): Happening => ({ event: { type: 'launched', run }, isAlive: true })
const exited = (exit: RunExit, { run = 1, isRequested = false, livedMs = 10 } = {}): Happening => ({
  event: { type: 'exited', run, exit, livedMs, isRequested, isAdopted: false },
})
const stopped: Happening = { event: { type: 'stopped' } }
const ready = (isAlive = true, run = 1): Happening => ({
  event: { type: 'looked-for-ready', run, isReady: true },
  isAlive,
})
const due: Happening = ordered({ want: 'restart-due', at: now + 500 })
function play(happenings: readonly Happening[], changes: Partial<SupervisorRules> = {}): [SupervisorState, string[]] {
  let state = initialState
  const done: string[] = []
  for (const { event, isAlive = false } of happenings) {
    const [next, actions] = nextState({ ...standard, ...changes }, state, event, { now, chance: 0.5, isAlive })
    state = next
    done.push(...actions.map((action) => action.do + (action.do === 'launch' ? ` +${action.restarts}` : '')))
  }
  return [state, done]
}

const up = [ordered(start), prepared, launched()]

const cases: [name: string, happenings: Happening[], shown: string, done: string, rules?: Partial<SupervisorRules>][] =
  [
    ['a start', up, 'running', 'prepare, launch +0'],
    ['ready', [...up, ready()], 'ready', 'prepare, launch +0, look-for-ready', { untilReady: 'until port 80 answers' }],
    ['exit before ready', [...up, exited(ended), ready(false)], 'exited', 'prepare, launch +0'],
    ['the exit of an earlier run', [...up, exited(failed, { run: 0 })], 'running', 'prepare, launch +0'],
    ['ready of an earlier run', [...up, ready(true, 0)], 'running', 'prepare, launch +0'],
    ['a failure', [...up, exited(failed)], 'restarting', 'prepare, launch +0, note-restart'],
    [
      'a failure, and the restart',
      [...up, exited(failed), due, prepared, launched(2)],
      'running',
      'prepare, launch +0, note-restart, prepare, launch +1',
    ],
    [
      'a timer that comes after a stop',
      [...up, exited(failed), ordered(stop), stopped, due],
      'stopped',
      'prepare, launch +0, note-restart, forget-restart, tell, stop',
    ],
    [
      'a timer of an earlier plan',
      [...up, exited(failed), ordered({ want: 'restart-due', at: now })],
      'restarting',
      'prepare, launch +0, note-restart',
    ],
    ['stop while preparing', [ordered(start), ordered(stop)], 'starting', 'prepare, abandon'],
    [
      'stop while preparing, abandoned',
      [ordered(start), ordered(stop), { event: { type: 'prepared', isAbandoned: true } }, stopped],
      'stopped',
      'prepare, abandon, stop',
    ],
    [
      'stop while launching',
      [ordered(start), prepared, ordered(stop), launched()],
      'stopping',
      'prepare, launch +0, stop',
    ],
    [
      'the exit comes before the stop is done',
      [...up, ordered(stop, true), exited(failed, { isRequested: true }), stopped],
      'stopped',
      'prepare, launch +0, stop',
    ],
    [
      'it falls by itself in the moment of the stop',
      [...up, ordered(stop, true), exited(failed), stopped],
      'stopped',
      'prepare, launch +0, stop',
    ],
    [
      'restart, and restart while stopping',
      [...up, ordered(restart, true), ordered(restart, true), stopped, prepared, launched(2)],
      'stopping',
      'prepare, launch +0, stop, prepare, launch +1, stop',
    ],
    ['start twice', [ordered(start), ordered(start), prepared, launched()], 'running', 'prepare, launch +0'],
    [
      'an adopted one turns out dead while it is started again',
      [...up, ordered(start), exited(unseen), prepared, launched(2)],
      'running',
      'prepare, launch +0, prepare, launch +0',
    ],
    [
      'a stop that fails',
      [...up, ordered(stop, true), { event: { type: 'stopped', error: trouble } }],
      'stopping',
      'prepare, launch +0, stop',
    ],
    [
      'it ends after the stop failed',
      [
        ...up,
        ordered(stop, true),
        { event: { type: 'stopped', error: trouble } },
        exited(failed, { isRequested: true }),
      ],
      'stopped',
      'prepare, launch +0, stop',
    ],
    [
      'a launch that may be tried again',
      [ordered(start), prepared, { event: { type: 'launch-failed', run: 1, error: trouble } }],
      'restarting',
      'prepare, launch +0, note-restart',
    ],
    [
      'a launch that may not',
      [ordered(start), prepared, { event: { type: 'launch-failed', run: 1, error: missing } }],
      'crashed',
      'prepare, launch +0',
    ],
    ['changed files of a stopped one', [ordered({ want: 'restart-because', entry })], 'stopped', ''],
    [
      'changed files during back-off',
      [...up, exited(failed), ordered({ want: 'restart-because', entry }), stopped, prepared],
      'starting',
      'prepare, launch +0, note-restart, tell, forget-restart, stop, prepare, launch +1',
    ],
    [
      'closing while launching',
      [ordered(start), prepared, ordered({ want: 'close', keep: false }), launched(), stopped],
      'stopped',
      'prepare, launch +0, stop, close',
    ],
    [
      'closing while preparing',
      [ordered(start), ordered({ want: 'close', keep: true }), prepared],
      'stopped',
      'prepare, abandon, close',
    ],
    [
      'a failure while closing',
      [...up, ordered({ want: 'close', keep: true }, true), exited(failed)],
      'crashed',
      'prepare, launch +0, close',
    ],
    [
      'all restarted, and it has a schedule',
      [...up, ordered({ ...restart, isWholesale: true }, true), stopped],
      'stopped',
      'prepare, launch +0, stop',
      { hasSchedule: true },
    ],
    ['a scheduled one fails', [...up, exited(failed)], 'crashed', 'prepare, launch +0', { hasSchedule: true }],
    ['nothing found', [{ event: found(undefined) }], 'starting', 'prepare'],
    ['nothing found, and no autostart', [{ event: found(undefined) }], 'stopped', '', { autostart: false }],
    ['one alive is found', [{ event: found({}), isAlive: true }], 'running', ''],
    ['one that dies while it is found', [{ event: found({}) }], 'running', ''],
    ['one alive and ready is found', [{ event: found({}, { ready: true }), isAlive: true }], 'ready', ''],
    ['one dead is found', [{ event: found({}, { exit: unseen }) }, prepared], 'starting', 'prepare, launch +3'],
    [
      'one dead by request is found',
      [{ event: found({}, { exit: ended, stopRequested: true }) }, prepared],
      'starting',
      'prepare, launch +0',
    ],
    [
      'one dead is found that is not restarted',
      [{ event: found({}, { exit: failed }) }],
      'crashed',
      '',
      { restart: 'never' },
    ],
    [
      'one whose end was known is found',
      [{ event: found({ wasSeenEnding: true }, { exit: ended }) }, prepared],
      'starting',
      'prepare, launch +0',
    ],
    [
      'a crash loop is found',
      [{ event: found({}, { exit: failed, history: { attempts: 2, exits: [now, now], looping: false } }) }],
      'crash-looping',
      'note-restart',
    ],
    [
      'a planned restart is found',
      [{ event: found({ isOpen: false }, { exit: failed, restartAt: now + 9 }) }],
      'restarting',
      '',
    ],
  ]

for (const [name, happenings, shown, done, rules] of cases)
  test(`${name}: ${shown}`, () => {
    const [state, actions] = play(happenings, rules)
    assert.deepEqual([state.shown, actions.join(', ')], [shown, done])
  })

test('a planned restart of an earlier hub waits no longer than the longest wait, however the clock stands', () => {
  const [state] = play([{ event: found({ isOpen: false }, { exit: failed, restartAt: now + 10_000_000 }) }])
  assert.equal(state.restartAt, now + 36_000)
  assert.equal(state.restarts, 2)
})

test('each who waits is answered once, with the error of their own order', () => {
  let state = initialState
  const answers: unknown[] = []
  const events: Happening[] = [
    ordered({ ...start, id: 1 }),
    ordered({ ...start, id: 2 }),
    prepared,
    { event: { type: 'launch-failed', run: 1, error: missing } },
    prepared,
    { event: { type: 'launched', run: 2 }, isAlive: true },
  ]
  for (const { event, isAlive = false } of events) {
    const [next, actions] = nextState(standard, state, event, { now, chance: 0, isAlive })
    state = next
    answers.push(...actions.flatMap((action) => (action.do === 'answer' ? [[action.id, action.error]] : [])))
  }
  assert.deepEqual(answers, [
    [1, missing],
    [2, undefined],
  ])
})
