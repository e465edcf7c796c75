// Chance that can be repeated: everything random in the tests of the store comes from a seed, so that a failure replays.

export interface Random {
  /** From 0 to below 1. */
  (): number
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
}

/** The same seeds give the same numbers; a difference in any of them gives others. */
export function seededRandom(...seeds: number[]): Random {
  let state = 0x9e3779b9
  // Mulberry32, which is small and good enough here.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  for (const seed of seeds) state = Math.floor(next() * 2 ** 32) ^ seed
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  return Object.assign(next, {
    between,
    chance: (probability: number) => next() < probability,
    pick: <T>(list: readonly T[]): T => list[between(0, list.length - 1)]!,
  })
}

/** What LOGBOOM_SEED says, so that one failure can be repeated alone; else so many from `first` on. */
export function seedsToTry(first: number, count: number): number[] {
  const only = process.env['LOGBOOM_SEED']
  return only === undefined ? Array.from({ length: count }, (_, index) => first + index) : [Number(only)]
}

/** At most so many of the numbers from 1 to `last`, evenly, the last one among them. */
export function evenly(last: number, most: number): number[] {
  const count = Math.min(last, most)
  return Array.from({ length: count }, (_, index) => Math.ceil(((index + 1) * last) / count))
}
