// The supervisor's rule, without a process: what must never be, whatever happens in whatever order.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunExit } from '../../contracts/source-status.ts'
import { initialState, nextState } from './next-state.ts'
import type { Order, SupervisorAction, SupervisorEvent, SupervisorRules } from './supervisor-state.ts'
import { ended, entry, failed, found, now, restart, standard, start, stop, trouble } from './test-events.ts'

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
  { want: 'restart-because', entry },
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
