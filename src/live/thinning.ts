// What a follower leaves out because it asked to: more than so many records per second and source, and repeats. What
// is left out is counted exactly. Windows go by capture time, so that history is thinned as live was.
import { createHash } from 'node:crypto'
import type { FollowFrame, FollowRequest } from '../wire/follow-frame.ts'
import type { Row } from './stretch.ts'

export interface Thinning {
  /** The rows to show. `limited` false: without regard to the rate. */
  pass(rows: readonly Row[], limited: boolean): Row[]
  /** What was left out since the last report, as frames. */
  report(): Exclude<FollowFrame, { type: 'records' }>[]
}

interface Rate {
  second: number
  shown: number
  held: number
  firstHeld: number
  lastHeld: number
}

interface Shown {
  id: number
  observed: number
  repeats: number
  reported: number
}

/** Repeats count from the line that was shown last (SPEC C4). */
const repeatWindowMs = 30_000
/** Distinct lines remembered per follower; the oldest goes first, which at worst shows a line once more. */
const rememberedLines = 5000

/** Undefined when the request asks for everything. */
export function openThinning({ rateLimit, collapse }: FollowRequest): Thinning | undefined {
  if (rateLimit === undefined && !collapse) return undefined
  const rates = new Map<string, Rate>()
  /** Oldest shown first. */
  const shown = new Map<string, Shown>()
  /** Counts of lines no longer remembered. */
  let left: Exclude<FollowFrame, { type: 'records' }>[] = []

  function isRepeat(key: string, row: Row): boolean {
    const before = shown.get(key)
    if (!before || row.observed - before.observed >= repeatWindowMs) return false
    before.repeats++
    return true
  }

  function remember(key: string, { id, observed }: Row): void {
    const before = shown.get(key)
    if (before) forget(key, before)
    shown.set(key, { id, observed, repeats: 0, reported: 0 })
    if (shown.size <= rememberedLines) return
    const [oldest] = shown
    forget(...oldest!)
  }

  function forget(key: string, line: Shown): void {
    shown.delete(key)
    if (line.repeats > line.reported) left.push({ type: 'repeats', of: line.id, count: line.repeats })
  }

  function isOverRate({ id, observed, source }: Row): boolean {
    if (rateLimit === undefined) return false
    const second = Math.floor(observed / 1000)
    let rate = rates.get(source)
    if (!rate) rates.set(source, (rate = { second, shown: 0, held: 0, firstHeld: 0, lastHeld: 0 }))
    if (rate.second !== second) {
      rate.second = second
      rate.shown = 0
    }
    if (rate.shown < rateLimit) {
      rate.shown++
      return false
    }
    if (rate.held === 0) rate.firstHeld = id
    rate.held++
    rate.lastHeld = id
    return true
  }

  return {
    // Repeats cost no rate, and a line that was held back is none that later repeats could refer to.
    pass: (rows, limited) =>
      rows.filter((row) => {
        const key = collapse && mayRepeat(row) ? keyOf(row) : undefined
        if (key !== undefined && isRepeat(key, row)) return false
        if (limited && isOverRate(row)) return false
        if (key !== undefined) remember(key, row)
        return true
      }),
    report() {
      const frames = left
      left = []
      for (const line of shown.values()) {
        if (line.repeats === line.reported) continue
        line.reported = line.repeats
        frames.push({ type: 'repeats', of: line.id, count: line.repeats })
      }
      for (const [source, rate] of rates) {
        if (rate.held === 0) continue
        const { firstHeld, lastHeld, held } = rate
        frames.push({
          type: 'gap',
          after: firstHeld - 1,
          before: lastHeld + 1,
          lines: held,
          reason: 'rate-limit',
          source,
        })
        rate.held = 0
      }
      return frames
    },
  }
}

/** Each exit is news, and each gap counts: only what was printed is collapsed. */
function mayRepeat({ kind }: Row): boolean {
  return kind !== 'event' && kind !== 'gap'
}

/** Long messages are remembered by their hash. */
function keyOf({ severity, source, message }: Row): string {
  const brief = message.length <= 200 ? message : createHash('sha1').update(message).digest('base64')
  return `${severity}\0${source}\0${brief}`
}
