// The page of lines: search and live in one. What it shows stands in the address bar.
import { useCallback, useEffect, useMemo, useRef, type ReactElement } from 'react'
import { markPattern } from '../ui/ansi-text.tsx'
import { Details } from './details.tsx'
import { EmptyLog, JumpToNewest, LoadingBar } from './log-cover.tsx'
import { LogList, type LogListHandle } from './log-list.tsx'
import { LogToolbar } from './log-toolbar.tsx'
import { isHole } from './feed/rows.ts'
import { useCounts } from './feed/use-counts.ts'
import { useLogFeed, useSnapshot } from './feed/use-log-feed.ts'
import { useLogKeys } from './use-log-keys.ts'
import { useLogView } from './use-log-view.ts'
import { composeQuery, searchTerms } from './view.ts'

export function LogsPage(): ReactElement {
  const page = useLogView()
  const { view, mode, selected, select, change } = page
  const query = composeQuery(view)
  const feed = useLogFeed(query, view.at, mode)
  const snapshot = useSnapshot(feed)
  const counts = useCounts(feed)
  const list = useRef<LogListHandle>(null)
  const input = useRef<HTMLInputElement>(null)
  const mark = useMemo(() => markPattern(searchTerms(view.q)), [view.q])
  useLogKeys(page, { feed, snapshot, list, input })
  useEffect(() => {
    document.title = 'Logs · Logboom'
  }, [])

  const selectPlace = useCallback(
    (place: number) => {
      const now = feed?.snapshot()
      const record = now?.rows[place - now.first]
      if (record && !isHole(record)) select({ place, record, isOpen: true })
    },
    [feed, select],
  )

  const { error, rows, unkept, phase, unseen } = snapshot
  const isLoading = phase === 'loading'
  return (
    <div className="relative flex h-full flex-col">
      <h1 className="sr-only">Logs</h1>
      <LogToolbar page={page} snapshot={snapshot} counts={counts} input={input} />
      <div className="relative flex min-h-0 flex-1">
        <div className="relative min-w-0 flex-1 bg-canvas">
          {feed ? (
            <LogList
              ref={list}
              feed={feed}
              snapshot={snapshot}
              mode={mode}
              wrap={view.wrap}
              mark={mark}
              selected={selected?.place}
              at={view.at}
              onSelect={selectPlace}
              onModeChange={(next) => page.setFollowing(next === 'follow')}
            />
          ) : null}
          {rows.length + unkept.length === 0 && !isLoading ? (
            <div className="absolute inset-0">
              <EmptyLog error={error} isFiltered={query !== ''} onClear={page.clear} />
            </div>
          ) : null}
          {isLoading ? <LoadingBar /> : null}
          {mode !== 'follow' && rows.length > 0 ? <JumpToNewest unseen={unseen} onJump={page.toNewest} /> : null}
        </div>
        {selected?.isOpen ? (
          <Details
            record={selected.record}
            onClose={() => select({ ...selected, isOpen: false })}
            onContext={page.showContext}
            onNarrow={(term) => change({ q: `${view.q} ${term}`.trim() })}
          />
        ) : null}
      </div>
    </div>
  )
}
