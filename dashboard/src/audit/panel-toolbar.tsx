// The head of a panel: what it is, how many lines there are, the pause, and its filters.
import { Download, ScrollText } from 'lucide-react'
import { useCallback, type ReactElement } from 'react'
import { Link } from '@tanstack/react-router'
import { useHub } from '../hub/hub-context.tsx'
import { PauseButton } from '../logs/pause-button.tsx'
import { ViewSearch } from '../logs/query/view-search.tsx'
import { composeQuery } from '../logs/view.ts'
import { WrapButton } from '../logs/wrap-button.tsx'
import { formatAmount } from '../../../src/text/amounts.ts'
import { buttonClass } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { LevelSteps } from './level-steps.tsx'
import { ModuleField } from './module-field.tsx'
import type { PanelState } from './use-panel.ts'

interface PanelToolbarProps {
  panel: PanelState
  title: string
  pauseKeys: string
}

export function PanelToolbar({ panel, title, pauseKeys }: PanelToolbarProps): ReactElement {
  const { name, page, lines, tally, input } = panel
  const { view, change } = page
  const { client } = useHub()
  const changeModule = useCallback((module: string) => change({ module }), [change])
  const counts = tally && (tally.by.get('level') ?? new Map<string, number>())
  const query = composeQuery(view)
  return (
    <div className="flex shrink-0 flex-col gap-2 border-b border-line bg-surface px-3 py-2 sm:px-4">
      <div className="flex h-8 items-center gap-2">
        <h2 className="text-sm font-semibold max-lg:sr-only">{title}</h2>
        <span className="min-w-0 truncate text-xs text-soft tabular-nums" data-testid="panel-count">
          {counts ? formatAmount(shownOf(counts, view.levels), 'line') : ''}
        </span>
        <span className="ml-auto flex items-center gap-0.5">
          <PauseButton
            paused={view.paused}
            unseen={lines.snapshot.unseen}
            onToggle={page.togglePause}
            keys={pauseKeys}
          />
          <WrapButton wrap={view.wrap} onChange={(wrap) => change({ wrap })} />
          <Tooltip text="Download these lines as text">
            <a
              href={client.exportUrl({ query, format: 'text' })}
              download
              aria-label={`Download ${name} lines`}
              className={buttonClass({ icon: true })}
            >
              <Download aria-hidden />
            </a>
          </Tooltip>
          <Tooltip text="The same lines in Logs">
            <Link
              to="/logs"
              search={{ q: query }}
              aria-label={`Show ${name} lines in Logs`}
              className={buttonClass({ icon: true })}
            >
              <ScrollText aria-hidden />
            </Link>
          </Tooltip>
        </span>
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        <LevelSteps
          label={`Least level of ${name} lines`}
          level={view.level}
          counts={counts}
          onChange={(level) => change({ level })}
        />
        <ModuleField panel={name} module={view.module} onChange={changeModule} />
        <ViewSearch
          page={page}
          lines={lines}
          input={input}
          label={`Search ${name} lines`}
          placeholder="Search"
          testId={`${name}-search`}
          className="w-28 grow"
        />
      </div>
    </div>
  )
}

/** Lines of the levels that are shown. */
function shownOf(counts: ReadonlyMap<string, number>, levels: readonly string[]): number {
  let sum = 0
  for (const [level, count] of counts) if (levels.length === 0 || levels.includes(level)) sum += count
  return sum
}
