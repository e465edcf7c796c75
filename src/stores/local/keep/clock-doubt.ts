// Whether the clock may be believed: it is compared with the machine's own count of time. A clock that says more, or less, than has
// passed is in doubt for a day of that count, in which nothing is removed by it. A pure rule; watch-clock.ts remembers and tells.
import type { Uptime } from '../../../system/uptime.ts'

/** Readings of both clocks at one moment. */
export interface ClockReading {
  /** Unix milliseconds. */
  wallMs: number
  uptime: Uptime
}

export interface ClockDoubt {
  /** How much further the clock went than the machine's own count; negative where it was set back. */
  jumpMs: number
  /** Of the machine's own count since then. */
  waitedMs: number
}

export interface ClockState {
  /** The last that was seen. */
  reading: ClockReading
  doubt?: ClockDoubt | undefined
}

const hourMs = 3_600_000
const mostJumpMs = hourMs
export const waitMs: number = 24 * hourMs
/** A machine that is off every night would never have waited long enough if each morning began the wait anew. */
const mostNightMs = 24 * hourMs

export function nextClockState({ reading: before, doubt }: ClockState, reading: ClockReading): ClockState {
  const isSameBoot = before.uptime.boot === reading.uptime.boot && reading.uptime.ms >= before.uptime.ms
  const passedMs = reading.uptime.ms - (isSameBoot ? before.uptime.ms : 0)
  const jumpMs = reading.wallMs - before.wallMs - passedMs
  const waitedMs = (doubt?.waitedMs ?? 0) + passedMs
  if (Math.abs(jumpMs) > mostJumpMs) {
    const isNight = !isSameBoot && jumpMs > 0 && jumpMs <= mostNightMs
    return { reading, doubt: doubt && isNight ? { ...doubt, waitedMs } : { jumpMs, waitedMs: 0 } }
  }
  return { reading, doubt: doubt && waitedMs < waitMs ? { ...doubt, waitedMs } : undefined }
}
