// The border between two lives of a container: a follow that is about to end may give first lines of the next life already. Lines behind
// a death wait until it is known whether there is a next life.
import type { LogLine } from '../logs/log-lines.ts'

export interface LifeBorder {
  /** The container died then; seconds and nine digits. */
  died(at: string): void
  /** Of the death that is not settled. */
  at(): string | undefined
  /** Resolves when it is known which life these lines are of, or the signal is aborted. */
  known(lines: readonly LogLine[], signal: AbortSignal): Promise<void> | undefined
  /** Milliseconds until a container that has not started again counts as dead; undefined where nobody waits. */
  patienceMs(): number | undefined
  /** Ends the waiting, if the container was asked for after its death. */
  decide(askedAt?: number): void
}

/** A restart takes less, mostly. */
const restartMs = 300

export function openLifeBorder(): LifeBorder {
  let border: { at: string; seen: number; decision: PromiseWithResolvers<void> } | undefined
  return {
    died(at) {
      border?.decision.resolve()
      border = { at, seen: performance.now(), decision: Promise.withResolvers() }
    },
    at: () => border?.at,
    known(lines, signal) {
      if (!border || !lines.some(({ time }) => time >= border!.at)) return undefined
      return Promise.race([border.decision.promise, aborted(signal)])
    },
    patienceMs: () => border && Math.max(0, restartMs - (performance.now() - border.seen)),
    decide(askedAt = performance.now()) {
      if (border && askedAt < border.seen) return
      border?.decision.resolve()
      border = undefined
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
