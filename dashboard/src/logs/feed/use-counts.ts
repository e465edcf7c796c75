// How many of the loaded lines are of which source and level, and how fast lines come; counted twice a second, whatever
// their number.
import { useEffect, useState } from 'react'
import { severityName } from '../../../../src/contracts/record.ts'
import type { LogFeed } from './log-feed.ts'
import { isHole } from './rows.ts'

export interface Counts {
  sources: ReadonlyMap<string, number>
  levels: ReadonlyMap<string, number>
  /** Lines that came in the last second, skipped ones included. */
  perSecond: number
}

const none: Counts = { sources: new Map(), levels: new Map(), perSecond: 0 }

export function useCounts(feed: LogFeed | undefined): Counts {
  const [counts, setCounts] = useState(none)
  useEffect(() => {
    if (!feed) return
    let version = -1
    let marks: { at: number; arrived: number }[] = []
    const count = (): void => {
      const { rows, version: now, arrived } = feed.snapshot()
      const at = performance.now()
      marks = [...marks.filter((mark) => at - mark.at < 1600), { at, arrived }]
      const oldest = marks[0]!
      const perSecond = at > oldest.at ? Math.round(((arrived - oldest.arrived) * 1000) / (at - oldest.at)) : 0
      if (now === version) {
        setCounts((last) => (last.perSecond === perSecond ? last : { ...last, perSecond }))
        return
      }
      version = now
      const sources = new Map<string, number>()
      const levels = new Map<string, number>()
      for (const row of rows) {
        if (isHole(row)) continue
        sources.set(row.source, (sources.get(row.source) ?? 0) + 1)
        const level = severityName(row.severity)
        levels.set(level, (levels.get(level) ?? 0) + 1)
      }
      setCounts({ sources, levels, perSecond })
    }
    count()
    const timer = setInterval(count, 500)
    return () => clearInterval(timer)
  }, [feed])
  return counts
}
