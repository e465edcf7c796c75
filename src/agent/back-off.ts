// How long an agent waits before it tries its hub again: a rule, with chance as a parameter.

const firstDelayMs = 1000
const lastDelayMs = 30_000
/** Spread out by so much, so that a hundred agents do not all come back in the same instant. */
const spread = 0.25

/** `failures`: since the connection last proved good, from 1; `chance`: from 0 to 1. */
export function backOffMs(failures: number, chance: number): number {
  const delayMs = Math.min(lastDelayMs, firstDelayMs * 2 ** Math.min(failures - 1, 16))
  return Math.round(delayMs * (1 - spread * chance))
}
