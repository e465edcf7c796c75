// The head of the Logs page: the query, its filters, the pause, and how much there is.
import { useCallback, type ReactElement, type RefObject } from 'react'
import { formatAmount, formatCount } from '../../../src/text/amounts.ts'
import { Button } from '../ui/button.tsx'
import { LevelChips } from './level-chips.tsx'
import type { FeedSnapshot } from './feed/log-feed.ts'
import { PauseButton } from './pause-button.tsx'
import { QueryBar } from './query/query-bar.tsx'
import { queryProblem } from './query/query-problem.ts'
import { SourceFilter } from './source-filter.tsx'
import type { Counts } from './feed/use-counts.ts'
import type { LogViewState } from './use-log-view.ts'
import { composeQuery, type LogView } from './view.ts'
import { ViewOptions } from './view-options.tsx'

interface LogToolbarProps {
  page: LogViewState
  snapshot: FeedSnapshot
  counts: Counts
  input: RefObject<HTMLInputElement | null>
}

const noFilters: Partial<LogView> = { q: '', levels: [], sources: [], stream: undefined, since: undefined }

export function LogToolbar({ page, snapshot, counts, input }: LogToolbarProps): ReactElement {
  const { view, change } = page
  const { error, rows, unkept, unseen } = snapshot
  const apply = useCallback((q: string) => change({ q }), [change])
  return (
    <div className="flex shrink-0 flex-col gap-2 border-b border-line bg-surface px-3 py-2 sm:px-4">
      <div className="flex items-start gap-2">
        <QueryBar ref={input} value={view.q} problem={queryProblem(view, error)} onApply={apply} />
        <PauseButton paused={view.paused} unseen={unseen} onToggle={page.togglePause} />
      </div>
      <div className="flex min-w-0 items-center gap-1.5 max-md:overflow-x-auto max-md:[scrollbar-width:none]">
        <SourceFilter selected={view.sources} counts={counts.sources} onChange={(sources) => change({ sources })} />
        <LevelChips selected={view.levels} counts={counts.levels} onChange={(levels) => change({ levels })} />
        <ViewOptions view={view} onChange={change} />
        {composeQuery(view) !== '' || view.at ? <Button onClick={() => change(noFilters)}>Clear</Button> : null}
        <span className="ml-auto shrink-0 pl-2 text-2xs text-faint tabular-nums" data-testid="log-rate">
          {unkept.length > 0 ? <span className="text-warn">{formatCount(unkept.length)} not kept yet · </span> : null}
          {formatCount(rows.length)} loaded · {formatAmount(counts.perSecond, 'line')}/s
        </span>
      </div>
    </div>
  )
}
