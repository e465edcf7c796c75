// How often something may be asked: so many times at once, and once more for each stretch of time that passes.

export interface AllowanceOptions {
  burst: number
  /** Time after which one more is allowed. */
  everyMs: number
}

/** Gives a function that says whether it may happen once more, and counts it. */
export function openAllowance(
  { burst, everyMs }: AllowanceOptions,
  now: () => number = () => performance.now(),
): () => boolean {
  let left = burst
  let countedAt = now()
  return () => {
    const at = now()
    left = Math.min(burst, left + (at - countedAt) / everyMs)
    countedAt = at
    if (left < 1) return false
    left--
    return true
  }
}
