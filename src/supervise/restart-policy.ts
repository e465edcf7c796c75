// Whether, and when, a process that ended by itself is started again. Pure: time and chance are parameters.
import type { RunExit } from '../contracts/source-status.ts'

export type RestartPolicy = 'always' | 'on-failure' | 'never'

export interface RestartRules {
  restart: RestartPolicy
  backoff: { initialMs: number; maxMs: number }
  /** Number of exits within a time that make a crash loop. */
  crashLoop: { exits: number; withinMs: number }
}

/** Earlier failures of a process; `noHistory` when a person starts it. */
export interface RestartHistory {
  /** Restarts since it last ran well. */
  attempts: number
  /** Unix milliseconds of the exits that may make up a crash loop. */
  exits: readonly number[]
  looping: boolean
}

export interface RestartDecision {
  history: RestartHistory
  /** How long to wait; undefined: it stays as it is. */
  delayMs?: number
}

export const noHistory: RestartHistory = { attempts: 0, exits: [], looping: false }

/** The share by which waits are shortened or lengthened by chance. */
const spread = 0.2

/** No wait is longer. */
export const longestDelayMs = ({ backoff }: RestartRules): number => backoff.maxMs * (1 + spread)

/** An exit that nobody saw counts as a failure. */
export function isFailure(exit: RunExit): boolean {
  return !exit.known || exit.signal !== null || exit.code !== 0
}

/**
 * A run that lived for `backoff.maxMs` ran well: the next wait is the first again. `chance` is in [0, 1) and spreads
 * the waits by a fifth, so that processes which fell together do not rise together.
 */
export function decideRestart(
  rules: RestartRules,
  before: RestartHistory,
  exit: RunExit,
  livedMs: number,
  chance: number,
): RestartDecision {
  if (rules.restart === 'never' || (rules.restart === 'on-failure' && !isFailure(exit))) return { history: noHistory }
  const { initialMs, maxMs } = rules.backoff
  const { attempts, exits: earlier, looping: looped } = livedMs >= maxMs ? noHistory : before
  const exits = [...earlier, exit.at].filter((at) => at > exit.at - rules.crashLoop.withinMs)
  const looping = looped || exits.length >= rules.crashLoop.exits
  const wait = looping ? maxMs : Math.min(maxMs, initialMs * 2 ** Math.min(attempts, 30))
  return {
    history: { attempts: attempts + 1, exits, looping },
    delayMs: Math.round(wait * (1 - spread + 2 * spread * chance)),
  }
}
