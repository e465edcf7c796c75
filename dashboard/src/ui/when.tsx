// Times of tables: the clock of today, the date of other days, and how long something lasted or lasts.
import type { ReactElement } from 'react'
import { useNow } from '../hub/ticker.ts'
import { formatClock, formatFileTime } from '../../../src/time/clock.ts'
import { formatElapsed } from '../../../src/time/duration.ts'

export function Started({ at }: { at: number }): ReactElement {
  const text = formatFileTime(at)
  const isToday = text.startsWith(formatFileTime(useNow()).slice(0, 10))
  return <time title={text}>{isToday ? formatClock(at) : text.slice(0, 16)}</time>
}

/** `durationMs` is absent as long as it lasts; `until` then stands for now, where nobody knows what is now. */
export function Took({
  startedAt,
  durationMs,
  until,
}: {
  startedAt: number
  durationMs?: number | undefined
  until?: number | undefined
}): ReactElement {
  const now = useNow()
  return <>{formatElapsed(durationMs ?? Math.max(0, (until ?? now) - startedAt))}</>
}
