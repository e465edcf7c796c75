// Numbers that are the same at every run, for tests.

/** `random(n)` is a whole number from 0 to n − 1. */
export function openRandom(seed: number): (below: number) => number {
  return (below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return (seed >>> 8) % below
  }
}
