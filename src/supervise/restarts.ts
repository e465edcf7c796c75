// The wait before a process that ended by itself is started again, with what the policy remembers. Apart from the state machine,
// which only shows what is planned.
import { severities } from '../contracts/record.ts'
import type { RunExit } from '../contracts/source-status.ts'
import type { Entry } from '../contracts/source-storage.ts'
import { formatElapsed } from '../time/duration.ts'
import { lifecycleEntry } from './lifecycle-event.ts'
import { decideRestart, longestDelayMs, noHistory, type RestartHistory, type RestartRules } from './restart-policy.ts'

export interface Restarts {
  history(): RestartHistory
  /** When the next comes, Unix milliseconds. */
  at(): number | undefined
  /** Undefined when it stays as it is. */
  plan(exit: RunExit, livedMs: number): PlannedRestart | undefined
  /** As an earlier hub had planned it; at once when that is past. */
  planAt(at: number): PlannedRestart
  /** Returns whether one was about to come. */
  cancel(): boolean
  /** What an earlier hub knew. */
  recall(history: RestartHistory): void
  /** Earlier failures do not count any more. */
  forget(): void
}

export interface PlannedRestart {
  state: 'restarting' | 'crash-looping'
  /** `restarting in 2 s` */
  wait: string
  /** For the log. */
  entry: Entry
}

/** `restart` is called when the wait is over, with what tells whether meanwhile it was cancelled or planned anew. */
export function openRestarts(
  rules: RestartRules,
  now: () => number,
  restart: (isStillPlanned: () => boolean) => void,
): Restarts {
  let history = noHistory
  let planned: { timer: NodeJS.Timeout; at: number } | undefined

  function planIn(delayMs: number): PlannedRestart {
    const timer = setTimeout(() => restart(() => planned?.timer === timer), delayMs).unref()
    planned = { timer, at: now() + delayMs }
    const { exits, withinMs } = rules.crashLoop
    const wait = `restarting in ${formatElapsed(delayMs)}`
    const loop = `crash-looping (${exits} exits within ${formatElapsed(withinMs)}), ${wait}`
    const [state, message, severity] = history.looping
      ? (['crash-looping', loop, severities.ERROR] as const)
      : (['restarting', wait, severities.INFO] as const)
    return { state, wait, entry: lifecycleEntry(state, message, { severity, delayMs, attempt: history.attempts }) }
  }

  return {
    history: () => history,
    at: () => planned?.at,
    plan(exit, livedMs) {
      const decision = decideRestart(rules, history, exit, livedMs, Math.random())
      history = decision.history
      return decision.delayMs === undefined ? undefined : planIn(decision.delayMs)
    },
    // A clock that was set back must not make it wait for ever.
    planAt: (at) => planIn(Math.min(longestDelayMs(rules), Math.max(0, at - now()))),
    cancel() {
      const wasPlanned = planned !== undefined
      clearTimeout(planned?.timer)
      planned = undefined
      return wasPlanned
    },
    recall(known) {
      history = known
    },
    forget() {
      history = noHistory
    },
  }
}
