// The rule of supervision: one step from state to state when something happens, with the actions that come of it.
// Pure: time, chance and whether the process lives are parameters.
import { severities } from '../../contracts/record.ts'
import type { RunExit, SourceState } from '../../contracts/source-status.ts'
import { formatElapsed } from '../../time/duration.ts'
import { formatExit, lifecycleEntry } from '../lifecycle-event.ts'
import { decideRestart, isFailure, longestDelayMs, noHistory } from '../restart-policy.ts'
import type {
  NewestRun,
  Order,
  Seen,
  SupervisorAction,
  SupervisorEvent,
  SupervisorRules,
  SupervisorState,
} from './supervisor-state.ts'

export const initialState: SupervisorState = {
  shown: 'stopped',
  run: 0,
  restarts: 0,
  history: noHistory,
  orders: [],
  isClosing: false,
}

/** A step under way: `state` is a copy that the step may change. */
interface Turn {
  rules: SupervisorRules
  seen: Seen
  state: SupervisorState
  actions: SupervisorAction[]
}

type Handlers = {
  [Type in SupervisorEvent['type']]: (turn: Turn, event: Extract<SupervisorEvent, { type: Type }>) => void
}

/** Trouble that a person must mend; a system short of memory or disk may well recover. */
const lastingFaults = ['command-not-found', 'env-file-invalid', 'stdin-invalid']

export function nextState(
  rules: SupervisorRules,
  before: SupervisorState,
  event: SupervisorEvent,
  seen: Seen,
): [SupervisorState, SupervisorAction[]] {
  const turn: Turn = { rules, seen, state: { ...before }, actions: [] }
  const handle = handlers[event.type] as (turn: Turn, event: SupervisorEvent) => void
  handle(turn, event)
  const { state } = turn
  while (!state.task && state.orders.length > 0) {
    const [order, ...orders] = state.orders
    state.orders = orders
    beginOrder(turn, order!)
  }
  return [turn.state, turn.actions]
}

const handlers: Handlers = {
  found: (turn, { newest }) => recover(turn, newest),

  ordered({ state, actions }, { order }) {
    state.orders = [...state.orders, order]
    state.isClosing ||= order.want === 'close'
    // Nobody wants any more what is waited for.
    if (state.task?.step === 'preparing' && ['stop', 'restart', 'close'].includes(order.want))
      actions.push({ do: 'abandon' })
  },

  waiting(turn, { why }) {
    if (turn.state.task?.step === 'preparing') show(turn, 'starting', why)
  },

  prepared(turn, { isAbandoned, error }) {
    const { state, actions } = turn
    const { order, restarts } = state.task!
    if (error) show(turn, 'crashed', error.message)
    else if (isAbandoned || state.isClosing) show(turn, 'stopped')
    else {
      state.task = { ...state.task!, step: 'launching' }
      const firing = order.want === 'fire' ? order.firing : undefined
      return void actions.push({ do: 'launch', restarts, history: state.history, firing })
    }
    finishOrder(turn, error)
  },

  launched(turn, { run }) {
    const { state } = turn
    state.run = run
    state.restarts = state.task!.restarts
    showAlive(turn)
    finishOrder(turn)
  },

  'launch-failed'(turn, { run, error }) {
    const { state, seen } = turn
    state.run = run
    state.restarts = state.task!.restarts
    if (lastingFaults.includes(error.code ?? '')) show(turn, 'crashed', error.message)
    else restartOrStay(turn, { code: null, signal: null, at: seen.now, known: false }, 0, error.message)
    finishOrder(turn, error)
  },

  exited(turn, { run, exit, livedMs, isRequested, isAdopted }) {
    const { state } = turn
    if (run !== state.run) return
    state.exit = exit
    const step = state.task?.step
    // A task shows itself what becomes of the process.
    if (step === 'stopping' || step === 'preparing' || step === 'launching') return
    if (isRequested) show(turn, 'stopped')
    else restartOrStay(turn, exit, livedMs, formatExit(exit, isAdopted))
  },

  'looked-for-ready'(turn, { run, isReady, why }) {
    if (run === turn.state.run && turn.state.shown === 'running') show(turn, isReady ? 'ready' : 'running', why)
  },

  stopped(turn, { error }) {
    const { state, rules } = turn
    const { order, wasAlive } = state.task!
    if (error) state.detail = error.message
    else if (wasAlive || rules.hasSchedule || state.shown === 'stopping') show(turn, 'stopped')
    if (order.want === 'close') return close(turn, error !== undefined)
    // A schedule decides when a process of many is started again.
    const isDone = order.want === 'stop' || (order.want === 'restart' && order.isWholesale && rules.hasSchedule)
    if (error || isDone) finishOrder(turn, error)
    else prepare(turn)
  },

  closed: (turn) => finishOrder(turn),

  troubled({ state }, { message }) {
    state.detail = message
  },
}

function beginOrder(turn: Turn, order: Order): void {
  const { state, seen, rules, actions } = turn
  state.task = { order, step: 'preparing', wasAlive: seen.isAlive, restarts: restartsFor(order, state) }
  switch (order.want) {
    case 'start':
      if (seen.isAlive || (order.isWholesale && rules.hasSchedule)) return finishOrder(turn)
      state.history = noHistory
      return prepare(turn)
    case 'begin':
      return prepare(turn)
    case 'restart-due':
      // A stop or start that was ordered meanwhile came first.
      return state.restartAt === order.at ? prepare(turn) : finishOrder(turn)
    case 'fire':
      if (order.isReplacing) return stop(turn)
      return seen.isAlive ? finishOrder(turn) : prepare(turn)
    case 'restart-because':
      if (state.isClosing || state.shown === 'stopped') return finishOrder(turn)
      actions.push({ do: 'tell', entry: order.entry })
      cancelRestart(turn)
      return stop(turn)
    case 'stop':
    case 'restart':
      if (cancelRestart(turn))
        actions.push({ do: 'tell', entry: lifecycleEntry('restart-cancelled', 'restart cancelled') })
      return stop(turn)
    case 'close':
      // A planned restart is left to the next hub.
      state.restartAt = undefined
      return order.keep ? close(turn, true) : stop(turn, order.signal)
  }
}

function restartsFor(order: Order, { run, restarts }: SupervisorState): number {
  if (order.want === 'fire') return 0
  if (order.want === 'begin') return order.restarts
  const isAgain = order.want === 'restart' ? run > 0 : order.want.startsWith('restart-')
  return isAgain ? restarts + 1 : restarts
}

function finishOrder({ state, actions }: Turn, error?: Error): void {
  const { id } = state.task!.order
  state.task = undefined
  if (id !== undefined) actions.push({ do: 'answer', id, error })
}

function prepare(turn: Turn): void {
  turn.state.task = { ...turn.state.task!, step: 'preparing' }
  turn.state.restartAt = undefined
  show(turn, 'starting')
  turn.actions.push({ do: 'prepare' })
}

function stop(turn: Turn, signal?: NodeJS.Signals): void {
  const { state, seen, actions } = turn
  state.history = noHistory
  state.task = { ...state.task!, step: 'stopping' }
  if (seen.isAlive) show(turn, 'stopping')
  actions.push({ do: 'stop', ...(signal && { signal }) })
}

function close({ state, actions }: Turn, isLeaving: boolean): void {
  state.task = { ...state.task!, step: 'closing' }
  actions.push({ do: 'close', isLeaving })
}

function show({ state }: Turn, shown: SourceState, detail?: string): void {
  state.shown = shown
  state.detail = detail
}

/** Of a run that lives, and is not known to be ready. */
function showAlive(turn: Turn, difference?: string): void {
  const { untilReady } = turn.rules
  show(turn, 'running', difference ?? untilReady)
  if (untilReady !== undefined) turn.actions.push({ do: 'look-for-ready', difference })
}

/** Returns whether one was planned. */
function cancelRestart(turn: Turn): boolean {
  if (turn.state.restartAt === undefined) return false
  turn.state.restartAt = undefined
  show(turn, 'stopped')
  turn.actions.push({ do: 'forget-restart' })
  return true
}

/** How long to wait before the process that ended so is started again; undefined: it stays as it is. */
function decide({ rules, state, seen }: Turn, exit: RunExit, livedMs: number): number | undefined {
  const restart = rules.hasSchedule ? 'never' : rules.restart
  const { history, delayMs } = decideRestart({ ...rules, restart }, state.history, exit, livedMs, seen.chance)
  state.history = history
  return delayMs
}

function restartOrStay(turn: Turn, exit: RunExit, livedMs: number, why: string): void {
  const delayMs = turn.state.isClosing ? undefined : decide(turn, exit, livedMs)
  if (delayMs !== undefined) planRestart(turn, delayMs, why)
  else if (isFailure(exit)) show(turn, 'crashed', why)
  else show(turn, 'exited')
}

function planRestart(turn: Turn, delayMs: number, why: string): void {
  const { state, actions, seen, rules } = turn
  const { history } = state
  const wait = `restarting in ${formatElapsed(delayMs)}`
  const { exits, withinMs } = rules.crashLoop
  const [shown, message, severity] = history.looping
    ? (['crash-looping', `crash-looping (${exits} exits within ${formatElapsed(withinMs)}), ${wait}`, 'ERROR'] as const)
    : (['restarting', wait, 'INFO'] as const)
  const restartAt = (state.restartAt = seen.now + delayMs)
  // When it comes again is told by restartAt: a text would stand still while time goes on.
  show(turn, shown, why)
  const fields = { severity: severities[severity], delayMs, attempt: history.attempts }
  actions.push({ do: 'note-restart', history, restartAt, entry: lifecycleEntry(shown, message, fields) })
}

/** Goes on with what an earlier hub has left, be it alive, dead, or waiting to be restarted. */
function recover(turn: Turn, newest: NewestRun | undefined): void {
  const { state, rules, seen } = turn
  if (!newest) return beginUnasked(turn)
  const { details, isOpen, wasSeenEnding, difference } = newest
  const { exit, restarts, restartAt } = details
  Object.assign(state, { run: newest.run, exit, history: details.history ?? noHistory })
  if (isOpen) {
    state.restarts = restarts
    // One that has died since it was found says so itself.
    if (!exit) return details.ready ? show(turn, 'ready', difference) : showAlive(turn, difference)
    if (details.stopRequested) return beginUnasked(turn)
    if (restartAt === undefined) return recoverDead(turn, exit, exit.at - newest.startedAt, wasSeenEnding)
  }
  if (rules.hasSchedule || restartAt === undefined) return beginUnasked(turn)
  state.restarts = restarts
  // A clock that was set back must not make it wait for ever.
  const delayMs = Math.min(longestDelayMs(rules), Math.max(0, restartAt - seen.now))
  state.restartAt = seen.now + delayMs
  const shown = state.history.looping ? 'crash-looping' : 'restarting'
  show(turn, shown, formatExit(exit!))
}

function recoverDead(turn: Turn, exit: RunExit, livedMs: number, wasSeenEnding: boolean): void {
  const { state } = turn
  const delayMs = decide(turn, exit, livedMs)
  if (delayMs !== undefined && state.history.looping) return planRestart(turn, delayMs, formatExit(exit))
  // Without a hub it has waited long enough.
  if (delayMs !== undefined) state.orders = [...state.orders, { want: 'begin', restarts: state.restarts + 1 }]
  else if (wasSeenEnding) beginUnasked(turn)
  else show(turn, exit.known && isFailure(exit) ? 'crashed' : 'exited', formatExit(exit))
}

function beginUnasked(turn: Turn): void {
  const { state, rules } = turn
  state.history = noHistory
  if (rules.hasSchedule && state.exit) show(turn, isFailure(state.exit) ? 'crashed' : 'exited', formatExit(state.exit))
  else if (rules.autostart && !rules.hasSchedule) state.orders = [...state.orders, { want: 'begin', restarts: 0 }]
}
