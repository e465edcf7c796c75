// The supervisor's rule, without a process: orders and happenings in awkward orders, then in any order.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LogboomError } from '../../contracts/errors.ts'
import type { RunExit } from '../../contracts/source-status.ts'
import { lifecycleEntry } from '../lifecycle-event.ts'
import { initialState, nextState } from './next-state.ts'
import type {
  NewestRun,
  Order,
  SupervisorAction,
  SupervisorEvent,
  SupervisorRules,
  SupervisorState,
} from './supervisor-state.ts'

const standard: SupervisorRules = {
  restart: 'on-failure',
  backoff: { initialMs: 500, maxMs: 30_000 },
  crashLoop: { exits: 3, withinMs: 60_000 },
  autostart: true,
  hasSchedule: false,
}
const now = 1_000_000
const failed: RunExit = { code: 1, signal: null, at: now, known: true }
const ended: RunExit = { ...failed, code: 0 }
const unseen: RunExit = { ...failed, code: null, known: false }
const trouble = new LogboomError('start-failed', 'no memory')
const missing = new LogboomError('command-not-found', 'command not found: x')
const entry = lifecycleEntry('changed', 'a.ts changed: restarting')

/** Whether the process lives when the event happens. */
type Happening = { event: SupervisorEvent; isAlive?: boolean }

const ordered = (order: Order, isAlive = false): Happening => ({ event: { type: 'ordered', order }, isAlive })
const start = { want: 'start', isWholesale: false } as const
const restart = { want: 'restart', isWholesale: false } as const
const stop = { want: 'stop' } as const
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
const found = (
  changes: Partial<NewestRun> | undefined,
  details: Partial<NewestRun['details']> = {},
): SupervisorEvent => ({
  type: 'found',
  newest: changes && {
    run: 3,
    startedAt: now - 10,
    isOpen: true,
    wasSeenEnding: false,
    details: { runId: 'x', command: 'x', restarts: 2, ...details },
    ...changes,
  },
})

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
    ['changed files of a stopped one', [ordered({ want: 'restart-changed', entry })], 'stopped', ''],
    [
      'changed files during back-off',
      [...up, exited(failed), ordered({ want: 'restart-changed', entry }), stopped, prepared],
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

/** A world in which actions take their time: it says what may come next, and notes what must never be. */
class World {
  state = initialState
  now = now
  run = 0
  isAlive = false
  isStopRequested = false
  /** Actions that are not over yet. */
  open: SupervisorAction['do'][] = []
  launches = 0
  launchesEnded = 0
  answered: number[] = []
  readonly rules: SupervisorRules
  constructor(rules: SupervisorRules) {
    this.rules = rules
  }

  happen(event: SupervisorEvent): void {
    const seen = { now: this.now, chance: 0.5, isAlive: this.isAlive }
    const [next, actions] = nextState(this.rules, this.state, event, seen)
    this.state = next
    for (const action of actions) {
      if (action.do === 'answer') this.answered.push(action.id)
      if (action.do === 'launch') {
        assert.ok(!this.isAlive, 'launched while one lives')
        this.launches++
      }
      if (action.do === 'stop') this.isStopRequested = this.isAlive
      if (['prepare', 'launch', 'stop', 'close'].includes(action.do)) {
        assert.equal(this.open.length, 0, 'two things at once')
        this.open.push(action.do)
      }
    }
    const isPlanned = next.shown === 'restarting' || next.shown === 'crash-looping'
    if (!next.isClosing) assert.equal(next.restartAt !== undefined, isPlanned, next.shown)
    assert.equal(next.task !== undefined, this.open.length > 0, 'every task waits for something')
  }

  die(exit: RunExit): void {
    if (!this.isAlive) return
    this.isAlive = false
    const isRequested = this.isStopRequested
    this.happen({ type: 'exited', run: this.run, exit, livedMs: 10, isRequested, isAdopted: false })
  }

  /** Whatever is under way comes to its end, well or badly. */
  finish(isWell: boolean): void {
    const what = this.open.pop()
    if (what === 'prepare') this.happen({ type: 'prepared', isAbandoned: !isWell })
    if (what === 'launch') {
      this.launchesEnded++
      this.run++
      this.isAlive = isWell
      this.isStopRequested = false
      if (isWell) this.happen({ type: 'launched', run: this.run })
      else this.happen({ type: 'launch-failed', run: this.run, error: trouble })
    }
    if (what === 'stop') {
      if (isWell) this.open.push('stop')
      if (isWell) this.die({ ...failed, code: null, signal: 'SIGTERM' })
      if (isWell) this.open.pop()
      this.happen({ type: 'stopped', error: isWell ? undefined : trouble })
    }
    if (what === 'close') this.happen({ type: 'closed' })
  }

  timer(): void {
    const at = this.state.restartAt
    if (at === undefined) return
    this.now = at
    this.happen({ type: 'ordered', order: { want: 'restart-due', at } })
  }

  /** Until nothing is left but what somebody orders. */
  settle(): void {
    for (let step = 0; step < 100 && this.open.length > 0; step++) this.finish(true)
    assert.deepEqual(this.open, [])
  }
}

/** One step of a life: an order, or what else may happen. */
type Step = Order | 'well' | 'badly' | 'fails' | 'ends' | 'timer'

const steps: readonly Step[] = [
  start,
  restart,
  stop,
  { want: 'restart-changed', entry },
  { want: 'fire', firing: now, isReplacing: true },
  { want: 'fire', firing: now, isReplacing: false },
  ...(['well', 'badly', 'fails', 'ends', 'timer'] as const),
]
const policies: readonly Partial<SupervisorRules>[] = [
  { restart: 'always' },
  { restart: 'on-failure' },
  { restart: 'never' },
  { restart: 'always', hasSchedule: true },
]

/** All lives of three steps, and many long ones, always the same. */
function* lives(): Generator<Step[]> {
  for (let number = 0; number < steps.length ** 3; number++)
    yield [0, 1, 2].map((place) => steps[Math.floor(number / steps.length ** place) % steps.length]!)
  let seed = 1
  const next = (): number => (seed = (seed * 48_271) % 2_147_483_647)
  for (let life = 0; life < 2000; life++) yield Array.from({ length: 40 }, () => steps[next() % steps.length]!)
}

function live(rules: Partial<SupervisorRules>, life: readonly Step[]): World {
  const world = new World({ ...standard, ...rules })
  world.happen(found(undefined))
  life.forEach((step, id) => {
    if (typeof step === 'object') world.happen({ type: 'ordered', order: { ...step, id } })
    else if (step === 'timer') world.timer()
    else if (step === 'fails' || step === 'ends') world.die(step === 'fails' ? failed : ended)
    else world.finish(step === 'well')
  })
  return world
}

/** Tries all lives; one that is wrong is told with the error. */
function always(check: (world: World, life: readonly Step[]) => void): void {
  for (const rules of policies)
    for (const life of lives())
      try {
        check(live(rules, life), life)
      } catch (cause) {
        const told = life.map((step) => (typeof step === 'object' ? step.want : step)).join(', ')
        throw new Error(`${JSON.stringify(rules)}: ${told}: ${(cause as Error).message}`, { cause })
      }
}

test('in any order there are never two lives at once, and all orders are answered once', () => {
  always((world, life) => {
    world.settle()
    const ids = life.flatMap((step, id) => (typeof step === 'object' ? [id] : []))
    assert.deepEqual(world.answered, ids)
    assert.equal(world.launchesEnded, world.launches)
    const { shown } = world.state
    if (world.isAlive) assert.ok(['running', 'ready', 'stopping'].includes(shown), shown)
    else assert.ok(!['running', 'ready', 'starting'].includes(shown), shown)
  })
})

test('one that was stopped does not come back by itself', () => {
  always((world) => {
    world.happen({ type: 'ordered', order: stop })
    world.settle()
    const { launches } = world
    world.timer()
    world.settle()
    assert.deepEqual([world.launches, world.isAlive], [launches, false])
    assert.ok(!['restarting', 'crash-looping'].includes(world.state.shown))
  })
})

test('one that closes starts nothing any more', () => {
  for (const keep of [false, true])
    always((world) => {
      const isLaunching = world.open.includes('launch')
      // What was ordered before is still carried out, as far as it starts nothing.
      const { launches } = world
      world.happen({ type: 'ordered', order: { want: 'close', keep } })
      world.settle()
      world.die(failed)
      assert.deepEqual([world.launches, world.state.restartAt], [launches, undefined])
      assert.ok(keep || isLaunching || !world.isAlive)
    })
})
