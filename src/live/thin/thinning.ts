// The records that a follower leaves out because it asked to: more than so many per second and source, and repeats. All that
// is left out is counted exactly.
import type { FollowRequest } from '../../wire/follow-frame.ts'
import type { Row } from '../row.ts'
import type { News } from '../codec.ts'
import { openRateLimit } from './rate-limit.ts'
import type { ThinningForm } from '../follower.ts'
import { followWindow, openAdjacentCounter, openWindowCounter } from './repeat-counter.ts'
import type { RepeatedLine } from './repeated-line.ts'

export interface Thinning {
  /** Whether the row is to be shown; else it is counted. `limited` false: without regard to the rate. */
  passes(row: Row, limited: boolean): boolean
  /** Records were skipped that may have matched. */
  skipped(): void
  /** Tells of what was left out since the last report. */
  report(): News[]
}

/** Whether the request asks for less than everything. */
export function isThinned({ rateLimit, collapse }: Pick<FollowRequest, 'rateLimit' | 'collapse'>): boolean {
  return rateLimit !== undefined || Boolean(collapse)
}

/** `history`: the lines that come before all rows, when adjacent repeats are folded. */
export function openThinning(
  { rateLimit, collapse }: Pick<FollowRequest, 'rateLimit' | 'collapse'>,
  history: readonly RepeatedLine[],
  { repeatWindow, limitedFrom = 0 }: ThinningForm = { repeatWindow: followWindow },
): Thinning {
  const rate = rateLimit === undefined ? undefined : openRateLimit(rateLimit)
  const repeats =
    collapse === 'adjacent' ? openAdjacentCounter(history) : collapse ? openWindowCounter(repeatWindow) : undefined
  return {
    // Repeats cost no rate.
    passes(row, limited) {
      if (repeats?.isRepeat(row)) return false
      if (limited && row.observed >= limitedFrom && rate?.isOver(row)) {
        repeats?.interrupted()
        return false
      }
      repeats?.shown(row)
      return true
    },
    skipped: () => repeats?.interrupted(),
    report: () => [...(repeats?.report() ?? []), ...(rate?.report() ?? [])],
  }
}
