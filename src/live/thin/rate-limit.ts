// At most so many records per second and source (SPEC A6), counted by capture time, so that history is limited as live was.
import type { Row } from '../row.ts'
import type { News } from '../codec.ts'

export interface RateLimit {
  /** True when this record is one too many; it is counted. */
  isOver(row: Row): boolean
  /** A gap for each source with records held back since the last report. */
  report(): News[]
}

interface Rate {
  second: number
  shown: number
  held: number
  firstHeld: number
  last: Row
}

export function openRateLimit(perSecond: number): RateLimit {
  const rates = new Map<string, Rate>()
  return {
    isOver(row) {
      const { id, observed, source } = row
      const second = Math.floor(observed / 1000)
      let rate = rates.get(source)
      if (!rate) rates.set(source, (rate = { second, shown: 0, held: 0, firstHeld: 0, last: row }))
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
      rate.last = row
      return true
    },
    report() {
      const news: News[] = []
      for (const [source, rate] of rates) {
        if (rate.held === 0) continue
        const { firstHeld, last, held } = rate
        const [after, before] = [firstHeld - 1, last.id + 1]
        news.push({ type: 'gap', after, before, lines: held, reason: 'rate-limit', source, last })
        rate.held = 0
      }
      return news
    },
  }
}
