// A timer for the next of many times, however far away.

export interface Alarm {
  /** Rings at the first of these that is still to come; Unix milliseconds. */
  set(times: readonly number[]): void
}

/** Longer timers would fire at once. */
const longestTimerMs = 2 ** 31 - 1

export function openAlarm(now: () => number, ring: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined
  return {
    set(times) {
      clearTimeout(timer)
      const next = times.reduce((first, time) => (time > now() ? Math.min(first, time) : first), Infinity)
      if (next < Infinity) timer = setTimeout(ring, Math.min(longestTimerMs, next - now() + 1)).unref()
    },
  }
}
