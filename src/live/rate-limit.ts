// At most so many records per second and source (SPEC A6), counted by capture time, so that history is limited as live was.
import { frameBytes, type Row } from './chunk.ts'

export interface RateLimit {
  /** True when this record is one too many; it is counted. */
  isOver(row: Row): boolean
  /** A frame for each source with records held back since the last report. */
  report(): Buffer[]
}

interface Rate {
  second: number
  shown: number
  held: number
  firstHeld: number
  lastHeld: number
}

export function openRateLimit(perSecond: number): RateLimit {
  const rates = new Map<string, Rate>()
  return {
    isOver({ id, observed, source }) {
      const second = Math.floor(observed / 1000)
      let rate = rates.get(source)
      if (!rate) rates.set(source, (rate = { second, shown: 0, held: 0, firstHeld: 0, lastHeld: 0 }))
      if (rate.second !== second) {
        rate.second = second
        rate.shown = 0
      }
      if (rate.shown < perSecond) {
        rate.shown++
        return false
      }
      if (rate.held === 0) rate.firstHeld = id
      rate.held++
      rate.lastHeld = id
      return true
    },
    report() {
      const frames: Buffer[] = []
      for (const [source, rate] of rates) {
        if (rate.held === 0) continue
        const { firstHeld, lastHeld, held } = rate
        const [after, before] = [firstHeld - 1, lastHeld + 1]
        frames.push(frameBytes({ type: 'gap', after, before, lines: held, reason: 'rate-limit', source }))
        rate.held = 0
      }
      return frames
    },
  }
}
