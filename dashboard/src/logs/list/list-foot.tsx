// The foot of a list: whether it is live, held or waits for the hub, and how fast lines come.
import type { ReactElement, ReactNode } from 'react'
import { formatAmount, formatCount } from '../../../../src/text/amounts.ts'
import type { FeedMode } from '../feed/feed-state.ts'
import type { FeedSnapshot } from '../feed/log-feed.ts'

interface ListFootProps {
  mode: FeedMode
  snapshot: FeedSnapshot
  perSecond: number
  /** In place of `Live`. */
  liveText?: string
  children?: ReactNode
}

export function ListFoot({ mode, snapshot, perSecond, liveText = 'Live', children }: ListFootProps): ReactElement {
  const { isLost, phase, rows, unkept } = snapshot
  const [state, dot, text] = isLost
    ? ['waiting', 'animate-pulse-dot bg-warn', 'Waiting for the hub; nothing is lost meanwhile']
    : phase === 'loading'
      ? ['loading', 'animate-pulse-dot bg-busy', 'Loading']
      : mode === 'follow'
        ? ['live', 'bg-good', liveText]
        : ['held', 'bg-accent', mode === 'paused' ? 'Paused' : 'Held']
  return (
    <div className="flex h-[26px] shrink-0 items-center gap-4 overflow-hidden border-t border-line bg-surface px-3 text-2xs whitespace-nowrap text-soft tabular-nums sm:px-4">
      <span className="flex items-center gap-1.5" data-testid="list-state" data-state={state} role="status">
        <span className={`size-1.5 rounded-full ${dot}`} aria-hidden />
        {text}
      </span>
      {unkept.length > 0 ? <span className="text-warn">{formatCount(unkept.length)} not kept yet</span> : null}
      <span>{formatCount(rows.length)} loaded</span>
      <span className="max-sm:hidden">{formatAmount(perSecond, 'line')}/s</span>
      {children ? <span className="ml-auto">{children}</span> : null}
    </div>
  )
}
