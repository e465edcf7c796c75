// Holds the state of one process, moves it on with whatever happens, and runs the timer that belongs to it.
import { nextState, initialState } from './next-state.ts'
import type {
  Order,
  Seen,
  SupervisorAction,
  SupervisorEvent,
  SupervisorRules,
  SupervisorState,
} from './supervisor-state.ts'

export interface StateDriver {
  state(): SupervisorState
  happened(event: SupervisorEvent): void
  /** Resolves when the order is carried out; rejects when it cannot be. */
  order(order: Order): Promise<void>
  /** Resolves when no order is left. */
  idle(): Promise<void>
}

interface Driven {
  rules: SupervisorRules
  see(): Seen
  /** Called when the state is already the next one. */
  perform(action: Exclude<SupervisorAction, { do: 'answer' }>): void
  changed(): void
  /** No order is left. */
  rested(): void
}

export function driveState({ rules, see, perform, changed, rested }: Driven): StateDriver {
  let state = initialState
  let timer: NodeJS.Timeout | undefined
  const answers = new Map<number, PromiseWithResolvers<void>>()
  const idle: (() => void)[] = []
  let lastId = 0

  function happened(event: SupervisorEvent): void {
    const { restartAt } = state
    const seen = see()
    const [next, actions] = nextState(rules, state, event, seen)
    state = next
    if (next.restartAt !== restartAt) plan(next.restartAt, seen.now)
    changed()
    for (const action of actions) {
      if (action.do !== 'answer') perform(action)
      else if (action.error) answers.get(action.id)?.reject(action.error)
      else answers.get(action.id)?.resolve()
    }
    if (state.task) return
    for (const resolve of idle.splice(0)) resolve()
    rested()
  }

  function plan(at: number | undefined, now: number): void {
    clearTimeout(timer)
    if (at === undefined) return
    timer = setTimeout(() => happened({ type: 'ordered', order: { want: 'restart-due', at } }), at - now).unref()
  }

  return {
    state: () => state,
    happened,
    order(order) {
      const id = ++lastId
      const answer = Promise.withResolvers<void>()
      answers.set(id, answer)
      happened({ type: 'ordered', order: { ...order, id } })
      return answer.promise.finally(() => answers.delete(id))
    },
    idle: () => new Promise((resolve) => (state.task ? idle.push(resolve) : resolve())),
  }
}
