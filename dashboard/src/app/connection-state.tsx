// Whether what the page shows is live, and if not, for how long not.
import type { ReactElement } from 'react'
import { goneAfterMs } from '../hub/connection.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { useNow } from '../hub/ticker.ts'
import { formatDuration } from '../../../src/time/duration.ts'
import { Tooltip } from '../ui/tooltip.tsx'

const looks = {
  live: { dot: 'bg-good', label: 'Live', text: 'Connected: what you see is happening now' },
  connecting: { dot: 'animate-pulse-dot bg-busy', label: 'Connecting…', text: 'Asking the hub for its state' },
  reconnecting: {
    dot: 'animate-pulse-dot bg-warn',
    label: 'Reconnecting…',
    text: 'The connection was lost. The page tries again every few seconds and goes on where it stopped.',
  },
  gone: {
    dot: 'bg-bad',
    label: 'Hub gone',
    text: 'Nothing answers. Start the hub with: logboom up. The page goes on by itself where it stopped.',
  },
}

export function ConnectionState(): ReactElement {
  const connection = useStore(useHub().connection)
  const now = useNow()
  const awayMs = connection.state === 'lost' ? now - connection.since : 0
  const state = connection.state !== 'lost' ? connection.state : awayMs > goneAfterMs ? 'gone' : 'reconnecting'
  const { dot, label, text } = looks[state]
  return (
    <Tooltip text={text}>
      <span
        role="status"
        tabIndex={0}
        data-testid="connection-state"
        data-state={state}
        className="flex h-6 items-center gap-1.5 rounded-md px-1.5 text-xs whitespace-nowrap text-soft"
      >
        <span className={`size-2 shrink-0 rounded-full ${dot}`} aria-hidden />
        {/* A phone has no room for both; there the banner says it in words. */}
        <span className={awayMs > 1500 ? 'max-sm:sr-only' : ''}>{label}</span>
        {awayMs > 1500 ? <span className="text-faint tabular-nums">{formatDuration(awayMs)}</span> : null}
      </span>
    </Tooltip>
  )
}
