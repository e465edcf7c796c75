// The other runs of the same source beside one of them: how long each took against what is usual, and how it ended.
import { Link } from '@tanstack/react-router'
import { useCallback, type ReactElement } from 'react'
import type { CountedRunView } from '../../../src/client/index.ts'
import { formatElapsed } from '../../../src/time/duration.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useNow } from '../hub/ticker.ts'
import { usePolled } from '../hub/use-polled.ts'
import { toneText } from '../processes/states.ts'
import { Started } from '../ui/when.tsx'
import { RunLink } from './run-link.tsx'
import { medianOf } from './median.ts'
import { statusLook } from './run-status.ts'
import { runKey } from './run-table.tsx'

/** Runs that are shown, the newest. */
const most = 30
const restMs = (): number => 5000

export function RunSiblings({ run }: { run: CountedRunView }): ReactElement {
  const { source, job } = run
  const { client } = useHub()
  const ask = useCallback(() => client.runs({ source, limit: most }), [client, source])
  const { runs = [] } = usePolled(ask, restMs).answer ?? {}
  const now = useNow()
  const tookOf = ({ durationMs, startedAt, endedAt }: CountedRunView): number =>
    durationMs ?? (endedAt === undefined ? Math.max(0, now - startedAt) : 0)
  const usualMs = medianOf(runs.flatMap(({ durationMs }) => (durationMs === undefined ? [] : [durationMs])))
  const longestMs = Math.max(1, ...runs.map(tookOf))
  return (
    <aside
      aria-label={`Runs of ${source}`}
      data-testid="run-siblings"
      className="flex w-80 shrink-0 flex-col border-l border-line-strong bg-surface"
    >
      <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-4">
        <h2 className="min-w-0 truncate text-sm font-semibold">
          Runs of <span className="font-mono">{source}</span>
        </h2>
        <Link
          to={job ? '/jobs' : '/runs'}
          search={{ source }}
          className="ml-auto shrink-0 rounded text-xs text-accent hover:underline"
        >
          All
        </Link>
      </header>
      <ul className="min-h-0 flex-1 overflow-y-auto text-xs tabular-nums">
        {runs.map((each) => {
          const { status, endedAt, startedAt, exitCode, signal } = each
          const isOver = endedAt !== undefined
          const { icon: Icon, tone, label, isBusy } = statusLook(status, isOver)
          const bar = tone === 'bad' ? 'bg-bad' : tone === 'busy' ? 'bg-busy' : 'bg-faint/60'
          return (
            <li key={runKey(each)} data-current={each.run === run.run} className="data-[current=true]:bg-accent-soft">
              <RunLink
                run={each}
                className="grid h-7 grid-cols-[14px_36px_60px_minmax(0,1fr)_52px_28px] items-center gap-x-2 px-4 whitespace-nowrap hover:bg-hover focus-visible:-outline-offset-2"
              >
                <Icon className={`size-3.5 ${toneText[tone]} ${isBusy ? 'animate-spin' : ''}`} aria-label={label} />
                <span className="font-medium">{each.run}</span>
                <span className="truncate text-soft">
                  <Started at={startedAt} />
                </span>
                <span className="relative h-1.5" aria-hidden>
                  <span
                    className={`absolute inset-y-0 left-0 min-w-0.5 rounded-sm ${bar}`}
                    style={{ width: `${(100 * tookOf(each)) / longestMs}%` }}
                  />
                  {usualMs === undefined ? null : (
                    <span
                      className="absolute -inset-y-1 w-px bg-line-strong"
                      style={{ left: `${(100 * usualMs) / longestMs}%` }}
                    />
                  )}
                </span>
                <span className="text-right text-soft">{formatElapsed(tookOf(each))}</span>
                <span
                  className={`truncate text-right font-mono ${signal || exitCode ? 'font-medium text-bad' : 'text-soft'}`}
                  title={signal}
                >
                  {exitCode ?? (signal ? 'sig' : '–')}
                </span>
              </RunLink>
            </li>
          )
        })}
      </ul>
      {usualMs === undefined ? null : (
        <p className="flex h-[26px] shrink-0 items-center border-t border-line px-4 text-2xs text-soft tabular-nums">
          Usually {formatElapsed(usualMs)}, the line across the bars
        </p>
      )}
    </aside>
  )
}
